// All text that a visitor sees, with what stands in open shadow roots, which innerText leaves out.
const [longest] = arguments;
const parts = [];

const isShown = (element) =>
  element.checkVisibility ? element.checkVisibility() : element.getClientRects().length > 0;

function addInside(root) {
  for (const host of root.querySelectorAll('*')) {
    if (host.shadowRoot && isShown(host)) addRoot(host.shadowRoot);
  }
}

function addNodes(nodes) {
  let line = '';
  for (const node of nodes) {
    if (node.nodeType === Node.TEXT_NODE) line += node.data;
    if (node.nodeType !== Node.ELEMENT_NODE) continue;
    const { display, visibility } = getComputedStyle(node);
    if (display === 'contents') {
      parts.push(line);
      line = '';
      addNodes(node.childNodes);
    } else if (isShown(node) && visibility !== undefined) {
      const text = node.innerText ?? '';
      if (display.startsWith('inline')) line += text;
      else line += `\n${text}\n`;
    }
  }
  parts.push(line);
}

function addRoot(root) {
  addNodes(root.childNodes);
  addInside(root);
}

const body = document.body;
if (!body) return '';
parts.push(body.innerText ?? body.textContent ?? '');
addInside(document);
return parts.join('\n').slice(0, longest);
