// Where the page is; asked after every step, so it is small.
const [wantsBlank] = arguments;
const seen = 'img, svg, canvas, video, iframe, frame, object, embed, input, button, select, textarea';

function isBlank() {
  const body = document.body;
  if (!body) return true;
  if (body.localName === 'frameset' || (body.innerText ?? '').trim()) return false;
  const shows = (element) => {
    const box = element.getBoundingClientRect();
    if (!(box.width > 0 && box.height > 0)) return false;
    if (element.matches(seen) || element.shadowRoot) return true;
    return getComputedStyle(element).backgroundImage !== 'none';
  };
  return ![body, ...[...body.querySelectorAll('*')].slice(0, 5000)].some(shows);
}

const entry = performance.getEntriesByType('navigation')[0];
return {
  url: location.href,
  document_url: document.documentURI, // of an error page its own, where `url` is what was wanted
  title: document.title,
  ready: document.readyState,
  content_type: document.contentType,
  origin: (window[Symbol.for('lamplighter document')] ??= Math.random()),
  status: entry?.responseStatus ?? 0,
  is_blank: wantsBlank ? isBlank() : false,
};
