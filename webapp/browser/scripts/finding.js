// The elements that a locator matches, in document order; `scope` is a document, an element, or a
// shadow root. Kinds that people see (text, role, label …) look into open shadow roots too. Behind
// drawn.js, and for roles and labels behind names.js.
const TEST_IDS = ['testid', 'test', 'test-id', 'qa', 'qa-id', 'cy', 'testing'].map((one) => `data-${one}`);
const quoted = (value) => `"${CSS.escape(value)}"`;
const fold = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

function hasShadow(scope) {
  if (scope.shadowRoot) return true;
  for (const one of scope.querySelectorAll('*')) if (one.shadowRoot) return true;
  return false;
}

function* everything(scope) {
  if (scope.shadowRoot) yield* everything(scope.shadowRoot);
  for (const one of scope.querySelectorAll('*')) {
    yield one;
    if (one.shadowRoot) yield* everything(one.shadowRoot);
  }
}

function pierced(scope, selector) {
  const flat = [...scope.querySelectorAll(selector)]; // a selector that cannot be read is told here
  return hasShadow(scope) ? [...everything(scope)].filter((one) => one.matches(selector)) : flat;
}

function byTestId(value, scope) {
  const named = value.match(/^([A-Za-z_][\w:.-]*)=(.*)$/s);
  const names = named ? [named[1]] : TEST_IDS;
  const wanted = quoted(named ? named[2] : value);
  return pierced(scope, names.map((name) => `[${CSS.escape(name)}=${wanted}]`).join(', '));
}

// A link is called by what is seen, and by what is written where CSS changes its letters.
function links(value, scope, fits) {
  const wanted = fold(value);
  return [...scope.querySelectorAll('a, area')].filter(
    (link) => fits(fold(link.textContent), wanted) || fits(fold(link.innerText), wanted),
  );
}

function byXPath(value, scope) {
  if (scope.nodeType === 9) return evaluated(value, scope, scope);
  if (scope.nodeType === 1) return evaluated(value.replace(/^(\(*)\//, '$1./'), scope, scope);
  // A shadow root cannot be asked itself, only what stands in it.
  const below = value.replace(/^(\(*)\.?\/\/?/, '$1descendant-or-self::');
  return [...scope.children].flatMap((child) => evaluated(below, child, scope));
}

function evaluated(value, from, scope) {
  const kind = XPathResult.ORDERED_NODE_SNAPSHOT_TYPE;
  const found = document.evaluate(value, from, null, kind, null);
  const nodes = Array.from({ length: found.snapshotLength }, (_, i) => found.snapshotItem(i));
  if (nodes.some((node) => node.nodeType !== 1)) {
    throw new Error('it selects text or attributes, not elements');
  }
  return scope.nodeType === 9 ? nodes : nodes.filter((node) => scope.contains(node));
}

const labelText = (text) => fold(text).replace(/[\s:*]+$/, '');

function byLabel(value, scope) {
  const wanted = labelText(value);
  const said = (text) => labelText(text) === wanted;
  const fields = 'input, select, textarea, button, meter, output, progress, [aria-label], [aria-labelledby]';
  const around = (label, control) => contentOf(label, new Set([label, control]));
  return pierced(scope, fields).filter((one) => {
    if (one.localName === 'input' && one.type === 'hidden') return false;
    const labels = [...(one.labels ?? [])];
    return (
      labels.some((label) => said(label.textContent) || said(around(label, one))) ||
      said(one.getAttribute('aria-label') ?? '') ||
      (one.hasAttribute('aria-labelledby') && said(referenced(one).map((label) => label.textContent).join(' ')))
    );
  });
}

const NO_TEXT = new Set(['head', 'script', 'style', 'noscript', 'template', 'title']);
const TYPELESS = new Set(['checkbox', 'radio', 'image', 'hidden', 'password', 'color', 'range', 'file']);

// What an element itself shows, whatever is in it; null when that is up to its children.
function ownText(element) {
  if (element.localName === 'input') return TYPELESS.has(element.type) ? '' : element.value;
  if (element.localName === 'textarea') return element.value;
  if (element.localName === 'select') return [...element.selectedOptions].map((one) => one.label).join(' ');
  return null;
}

// What is written in an element and shown, before CSS changes its letters.
function writtenIn(element) {
  const parts = [...element.childNodes].map((node) => {
    if (node.nodeType === Node.TEXT_NODE) return node.data;
    const counts = node.nodeType === Node.ELEMENT_NODE && !NO_TEXT.has(node.localName) && isDrawn(node);
    return counts ? writtenIn(node) : '';
  });
  return parts.join('');
}

// The deepest elements that show a text. `textContent` tells cheaply where to look; it knows no
// fields and no shadow roots, so the elements around those that fit are looked into as well.
function byText(value, scope) {
  const wanted = fold(value);
  const squeezed = wanted.replace(/ /g, '').toLowerCase();
  const may = (text) => text.replace(/\s+/g, '').toLowerCase().includes(squeezed);
  const around = new Set();
  const surround = (one) => {
    for (; one && !around.has(one); one = parentOf(one)) around.add(one);
  };
  for (const one of everything(scope)) {
    if (one.shadowRoot && may(one.shadowRoot.textContent)) surround(one);
    if (fold(ownText(one)).includes(wanted)) surround(one);
  }
  const shows = (one) => {
    if (!isDrawn(one)) return false;
    const own = ownText(one);
    if (own !== null) return fold(own).includes(wanted);
    const seen = one.innerText ?? one.textContent; // no innerText in SVG
    return may(seen) && (fold(seen).includes(wanted) || fold(writtenIn(one)).includes(wanted));
  };
  const found = [];
  const search = (one) => {
    const own = ownText(one);
    if (NO_TEXT.has(one.localName)) return;
    if (!around.has(one) && (own !== null || !may(one.textContent))) return;
    const before = found.length;
    if (own === null) for (const child of childrenOf(one)) search(child);
    if (found.length === before && shows(one)) found.push(one);
  };
  for (const child of childrenOf(scope)) search(child);
  return found;
}

function childrenOf(one) {
  return one.shadowRoot ? [...one.shadowRoot.children, ...one.children] : [...one.children];
}

const NAMING = ['aria-label', 'aria-labelledby', 'title', 'alt', 'placeholder', 'value', 'label'];
const NAMED_OTHERWISE = /^(input|select|textarea|fieldset|table|figure|svg|slot|meter|progress|output)$/;

// Whether its name could be this one: what it shows is in the name, unless something else names it.
// Cheap, and only ever wrong by saying yes.
function couldBeNamed(one, squeezed) {
  if (one.shadowRoot || one.labels?.length || NAMED_OTHERWISE.test(one.localName)) return true;
  if (one.attributes.length && NAMING.some((name) => one.hasAttribute(name))) return true;
  for (const node of one.childNodes) {
    const isText = node.nodeType === Node.TEXT_NODE;
    if (isText && !squeezed.includes(node.data.replace(/\s+/g, '').toLowerCase())) return false;
    if (node.nodeType !== Node.ELEMENT_NODE || NO_TEXT.has(node.localName)) continue;
    if (!couldBeNamed(node, squeezed) && isDrawn(node) && node.getAttribute('aria-hidden') !== 'true') return false;
  }
  return true;
}

function byRole({ role, name }, scope) {
  const wantedRole = role && sameRole(role);
  const wantedName = name === null ? null : fold(name);
  const squeezed = (wantedName ?? '').replace(/ /g, '').toLowerCase();
  const isNarrow = wantedRole && wantedRole !== 'generic' && wantedRole !== 'none';
  const found = [];
  for (const one of isNarrow ? pierced(scope, tagsOfRole(wantedRole)) : everything(scope)) {
    const its = roleOf(one);
    if (wantedRole ? its !== wantedRole : its === 'generic' || its === 'none') continue;
    if (wantedName !== null && (!couldBeNamed(one, squeezed) || nameOf(one) !== wantedName)) continue;
    if (!isUnspoken(one)) found.push(one);
  }
  return found;
}

function byChain(parts, scope) {
  let scopes = [scope];
  for (const [at, part] of parts.entries()) {
    const found = new Set(scopes.flatMap((one) => find(part, one)));
    if (at === parts.length - 1) return [...found];
    scopes = [...found].flatMap((one) => (one.shadowRoot ? [one.shadowRoot, one] : [one]));
  }
  return [];
}

const FINDERS = {
  css: (value, scope) => [...scope.querySelectorAll(value)],
  pierce: (value, scope) => pierced(scope, value),
  xpath: byXPath,
  id: (value, scope) => [...scope.querySelectorAll(`[id=${quoted(value)}]`)],
  name: (value, scope) => [...scope.querySelectorAll(`[name=${quoted(value)}]`)],
  test_id: byTestId,
  placeholder: (value, scope) =>
    pierced(scope, '[placeholder]').filter((one) => fold(one.getAttribute('placeholder')) === fold(value)),
  link_text: (value, scope) => links(value, scope, (text, wanted) => text === wanted),
  partial_link_text: (value, scope) => links(value, scope, (text, wanted) => text.includes(wanted)),
  label: byLabel,
  text: byText,
  role: (_, scope, parsed) => byRole(parsed, scope),
  chain: (_, scope, parsed) => byChain(parsed, scope),
};

// `parsed` is what a locator's value says, where it is more than a text: {role, name}, or parts.
function find({ by, value, parsed = null }, scope = document) {
  return FINDERS[by](value, scope, parsed);
}
