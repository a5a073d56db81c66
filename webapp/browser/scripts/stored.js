// A value of the page's local or session storage; pages without an origin of their own have none.
const [area, name, longest] = arguments;
try {
  const kept = (area === 'session' ? window.sessionStorage : window.localStorage).getItem(name);
  return { value: kept === null ? null : kept.slice(0, longest), problem: '' };
} catch (error) {
  return { value: null, problem: String(error.message || 'the browser denies it') };
}
