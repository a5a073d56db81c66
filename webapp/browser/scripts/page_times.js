// Milliseconds since the page was asked for, from navigation timing; null for what is yet to come.
const [entry] = performance.getEntriesByType('navigation');
const since = (end) => (end ? end - entry.startTime : null);
if (!entry) return {response: null, ready: null, load: null};
return {
  response: since(entry.responseEnd),
  ready: since(entry.domContentLoadedEventEnd),
  load: since(entry.loadEventEnd),
};
