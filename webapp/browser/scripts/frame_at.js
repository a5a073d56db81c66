// The element of a frame by its number in this document, as scripts count them: null if none is there.
const [number] = arguments;
const wanted = window.frames[number];
const seek = (root) => {
  for (const element of root.querySelectorAll('*')) {
    if (/^(iframe|frame|object|embed)$/.test(element.localName) && element.contentWindow === wanted) {
      return element;
    }
    const inside = element.shadowRoot && seek(element.shadowRoot);
    if (inside) return inside;
  }
  return null;
};
return wanted ? seek(document) : null;
