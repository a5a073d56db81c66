// Make every place where a secret can be read transparent, for the moment of a picture.
// Answers how many places were found, and which frames have to be asked by themselves.
const [needles] = arguments;
const KEY = Symbol.for('lamplighter concealed');
const squeeze = (text) => text.toLowerCase().replace(/\s+/g, '');
const holds = (text) => {
  const squeezed = squeeze(text ?? '');
  return needles.some((needle) => squeezed.includes(needle));
};
const UNSEEN = 'script, style, noscript, template, head, head *, title';
const concealed = (window[KEY] ??= []);
const foreign = [];
let found = 0;

function conceal(element) {
  const shown = element.closest('select') ?? element;
  if (concealed.some(([other]) => other === shown)) return;
  const kept = ['opacity', 'transition', 'animation'].map((name) => [
    name,
    shown.style.getPropertyValue(name),
    shown.style.getPropertyPriority(name),
  ]);
  concealed.push([shown, kept, shown.hasAttribute('style')]);
  shown.style.setProperty('transition', 'none', 'important');
  shown.style.setProperty('animation', 'none', 'important');
  shown.style.setProperty('opacity', '0', 'important');
  found += 1;
}
const isConcealed = (element) => concealed.some(([other]) => other === element);

// The text a visitor could read, without what is concealed already.
function readable(node) {
  if (node.nodeType === 3) return node.data;
  if (node.nodeType === 1 && (node.matches(UNSEEN) || isConcealed(node))) return '';
  let text = '';
  for (const child of node.childNodes) text += readable(child);
  return text;
}

function concealText(element) {
  while (holds(readable(element))) {
    const inner = [...element.children].find((child) => !isConcealed(child) && holds(readable(child)));
    if (!inner) return conceal(element);
    concealText(inner);
  }
}

function isMasked(field) {
  return field.type === 'password' || !['none', ''].includes(getComputedStyle(field).webkitTextSecurity ?? '');
}

function concealFields(root) {
  for (const element of root.querySelectorAll('*')) {
    if (element.matches(UNSEEN)) continue;
    if (element.matches('input, textarea')) {
      if (element.type !== 'hidden' && holds(element.value) && !isMasked(element)) conceal(element);
    }
    for (const { name, value } of element.attributes) {
      if (name === 'value' && element.matches('input')) continue;
      if (name.startsWith('src') && element.matches('iframe, frame')) continue; // looked into below
      if (name !== 'style' && holds(value)) conceal(element);
    }
    const shadow = element.shadowRoot ?? window[Symbol.for('lamplighter roots')]?.get(element);
    if (shadow) concealIn(shadow);
    if (element.matches('iframe, frame, object, embed')) concealFrame(element);
  }
}

function concealFrame(frame) {
  let inside = null;
  try { inside = frame.contentDocument; } catch (error) { inside = null; }
  if (inside) concealIn(inside);
  else if (frame.matches('iframe, frame')) foreign.push(frame);
}

function concealIn(root) {
  concealFields(root);
  const top = root.documentElement ?? root;
  if (top.nodeType === 1) concealText(top);
  else for (const child of top.children) concealText(child);
}

concealIn(document);
return { found, foreign };
