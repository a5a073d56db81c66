// The role and the accessible name of an element, as HTML-AAM and accname 1.2 have them. Behind
// drawn.js.
const folded = (text) => (text ?? '').replace(/\s+/g, ' ').trim();

const ROLES_OF_TAGS = {
  article: 'article', aside: 'complementary', blockquote: 'blockquote', button: 'button',
  caption: 'caption', code: 'code', datalist: 'listbox', dd: 'definition', del: 'deletion',
  details: 'group', dfn: 'term', dialog: 'dialog', dt: 'term', em: 'emphasis', fieldset: 'group',
  figure: 'figure', form: 'form', h1: 'heading', h2: 'heading', h3: 'heading', h4: 'heading',
  h5: 'heading', h6: 'heading', hr: 'separator', ins: 'insertion', li: 'listitem', main: 'main',
  mark: 'mark', math: 'math', menu: 'list', meter: 'meter', nav: 'navigation', ol: 'list',
  optgroup: 'group', option: 'option', output: 'status', p: 'paragraph', progress: 'progressbar',
  s: 'deletion', search: 'search', strong: 'strong', sub: 'subscript', summary: 'button',
  sup: 'superscript', svg: 'img', table: 'table', tbody: 'rowgroup', textarea: 'textbox',
  tfoot: 'rowgroup', thead: 'rowgroup', time: 'time', tr: 'row', ul: 'list',
};
const ROLES_OF_FIELDS = {
  button: 'button', checkbox: 'checkbox', file: 'button', image: 'button', number: 'spinbutton',
  radio: 'radio', range: 'slider', reset: 'button', search: 'searchbox', submit: 'button',
  color: '', date: '', 'datetime-local': '', hidden: '', month: '', time: '', week: '',
};
// Tags whose role depends on more than the tag.
const ROLES_THAT_DEPEND = {
  a: ['link'], area: ['link'], select: ['combobox', 'listbox'], img: ['img'], header: ['banner'],
  footer: ['contentinfo'], section: ['region'], td: ['cell', 'gridcell'], li: ['listitem'],
  th: ['columnheader', 'rowheader'],
  input: [...Object.values(ROLES_OF_FIELDS), 'textbox', 'combobox'],
};
const WRITTEN_ROLES = new Set(
  (
    'alert alertdialog application article banner blockquote button caption cell checkbox code ' +
    'columnheader combobox comment complementary contentinfo definition deletion dialog directory ' +
    'document emphasis feed figure form generic grid gridcell group heading image img insertion ' +
    'link list listbox listitem log main mark marquee math menu menubar menuitem menuitemcheckbox ' +
    'menuitemradio meter navigation none note option paragraph presentation progressbar radio ' +
    'radiogroup region row rowgroup rowheader scrollbar search searchbox separator slider ' +
    'spinbutton status strong subscript suggestion superscript switch tab table tablist tabpanel ' +
    'term textbox time timer toolbar tooltip tree treegrid treeitem'
  ).split(' '),
);
// Two words for the same.
const SYNONYMS = { image: 'img', presentation: 'none', directory: 'list' };
const sameRole = (role) => SYNONYMS[role] ?? role;
const NAMED_BY_CONTENT = new Set(
  (
    'button cell checkbox columnheader comment gridcell heading link menuitem menuitemcheckbox ' +
    'menuitemradio option radio rowheader switch tab term tooltip treeitem'
  ).split(' '),
);
const NEVER_NAMED = new Set(
  (
    'caption code definition deletion emphasis generic insertion mark none paragraph strong ' +
    'subscript superscript suggestion time'
  ).split(' '),
);
const GLOBAL_ARIA = ['label', 'labelledby', 'describedby', 'live', 'controls', 'owns', 'current'];
const SECTIONS = 'article, aside, main, nav, section';

function isFocusable(element) {
  if (element.matches(':disabled')) return false;
  if (element.hasAttribute('tabindex') || element.isContentEditable) return true;
  if (/^(a|area)$/.test(element.localName)) return element.hasAttribute('href');
  return /^(button|input|select|textarea|iframe)$/.test(element.localName);
}

function roleOf(element) {
  const written = element.getAttribute('role');
  for (const word of written ? folded(written).toLowerCase().split(' ') : []) {
    if (!WRITTEN_ROLES.has(word)) continue;
    if (sameRole(word) !== 'none') return sameRole(word);
    const matters = GLOBAL_ARIA.some((name) => element.hasAttribute(`aria-${name}`));
    if (!matters && !isFocusable(element)) return 'none';
  }
  return roleOfTag(element);
}

// Where elements of a role are to be looked for.
function tagsOfRole(role) {
  const fixed = Object.keys(ROLES_OF_TAGS).filter((tag) => ROLES_OF_TAGS[tag] === role);
  const others = Object.keys(ROLES_THAT_DEPEND).filter((tag) => ROLES_THAT_DEPEND[tag].includes(role));
  return ['[role]', ...fixed, ...others].join(', ');
}

function roleOfTag(element) {
  const tag = element.localName;
  if (tag === 'a' || tag === 'area') return element.hasAttribute('href') ? 'link' : 'generic';
  if (tag === 'input') {
    const text = ROLES_OF_FIELDS[element.type] ?? 'textbox';
    return element.list && /^(textbox|searchbox)$/.test(text) ? 'combobox' : text;
  }
  if (tag === 'select') return element.multiple || element.size > 1 ? 'listbox' : 'combobox';
  if (tag === 'img') return imageRole(element);
  if (tag === 'header') return element.closest(SECTIONS) ? 'generic' : 'banner';
  if (tag === 'footer') return element.closest(SECTIONS) ? 'generic' : 'contentinfo';
  if (tag === 'section') return givenName(element) ? 'region' : 'generic';
  if (tag === 'td' || tag === 'th') return cellRole(element);
  if (tag === 'li') return itemRole(element);
  if (tag === 'summary' && element.parentElement?.localName !== 'details') return 'generic';
  return ROLES_OF_TAGS[tag] ?? 'generic';
}

function imageRole(element) {
  return element.getAttribute('alt') === '' && !givenName(element) ? 'none' : 'img';
}

function itemRole(element) {
  const list = element.closest('ul, ol, menu, [role]:not(li)');
  return list && roleOf(list) === 'list' ? 'listitem' : 'generic';
}

function cellRole(element) {
  const table = element.closest('table, [role]');
  const role = table && roleOf(table);
  if (element.localName === 'td') return role === 'grid' || role === 'treegrid' ? 'gridcell' : 'cell';
  const scope = (element.getAttribute('scope') ?? '').toLowerCase();
  if (scope.startsWith('row')) return 'rowheader';
  if (scope.startsWith('col')) return 'columnheader';
  const row = element.parentElement;
  const cells = row ? [...row.children] : [];
  return cells.every((one) => one.localName === 'th') ? 'columnheader' : 'rowheader';
}

// What an author wrote for the name, whatever the content is.
function givenName(element) {
  return folded(
    referenced(element).map((one) => nameWithin(one, new Set([element]), true)).join(' ') ||
      element.getAttribute('aria-label') ||
      element.getAttribute('title'),
  );
}

function referenced(element) {
  const ids = folded(element.getAttribute('aria-labelledby')).split(' ').filter(Boolean);
  const root = element.getRootNode();
  return ids.map((id) => root.querySelector(`[id="${CSS.escape(id)}"]`)).filter(Boolean);
}

// Whether a screen reader would pass over it.
function isUnspoken(element) {
  if (element.localName === 'option' || element.localName === 'optgroup') {
    const list = element.closest('select');
    return list ? isUnspoken(list) : true;
  }
  if (!isDrawn(element)) return true;
  for (let one = element; one; one = parentOf(one)) {
    if (one.getAttribute('aria-hidden') === 'true' || one.hasAttribute('inert')) return true;
  }
  return false;
}

const nameOf = (element) => folded(wholeName(element, roleOf(element), new Set()));

function wholeName(element, role, seen) {
  const labels = referenced(element);
  const said = labels.map((one) => nameWithin(one, new Set([...seen, one === element ? null : element]), true));
  if (folded(said.join(' '))) return said.join(' ');
  if (folded(element.getAttribute('aria-label'))) return element.getAttribute('aria-label');
  if (NEVER_NAMED.has(role)) return '';
  const native = nativeName(element, seen);
  if (folded(native)) return native;
  if (NAMED_BY_CONTENT.has(role)) {
    const content = contentOf(element, new Set([...seen, element]));
    if (folded(content)) return content;
  }
  return element.getAttribute('title') || placeholderOf(element);
}

// What stands in the place of a name, or what Chromium itself writes onto a field for files.
function placeholderOf(element) {
  if (element.type === 'file') return element.multiple ? 'Choose Files' : 'Choose File';
  if (!/^(input|textarea)$/.test(element.localName)) return '';
  return element.getAttribute('placeholder') || element.getAttribute('aria-placeholder') || '';
}

function nativeName(element, seen) {
  const tag = element.localName;
  if (tag === 'input' && /^(button|submit|reset)$/.test(element.type)) {
    const usual = { submit: 'Submit', reset: 'Reset', button: '' }[element.type];
    return labelsOf(element, seen) || element.getAttribute('value') || usual;
  }
  if (tag === 'input' && element.type === 'image') {
    return labelsOf(element, seen) || element.alt || element.title || 'Submit';
  }
  if (tag === 'img' || tag === 'area') return element.getAttribute('alt') || '';
  if (tag === 'optgroup') return element.getAttribute('label') || '';
  if (tag === 'option') return element.label;
  const within = { fieldset: 'legend', table: 'caption', figure: 'figcaption', svg: 'title' };
  if (within[tag]) {
    const first = [...element.children].find((one) => one.localName === within[tag]);
    return first ? nameWithin(first, seen, true) : '';
  }
  return element.labels ? labelsOf(element, seen) : '';
}

function labelsOf(element, seen) {
  const around = new Set([...seen, element]);
  return [...(element.labels ?? [])].map((one) => nameWithin(one, around, true)).join(' ');
}

// What an element gives to the name of another; one that is pointed at may be hidden itself.
function nameWithin(element, seen, isReferenced) {
  if (seen.has(element)) return '';
  if (!isReferenced && (!isDrawn(element) || element.getAttribute('aria-hidden') === 'true')) return '';
  const around = new Set([...seen, element]);
  const label = element.getAttribute('aria-label');
  if (!isReferenced && valueWithin(element)) return valueWithin(element);
  if (folded(label)) return label;
  const native = nativeName(element, around);
  if (folded(native)) return native;
  const content = contentOf(element, around, isReferenced && !isDrawn(element));
  return folded(content) ? content : element.getAttribute('title') || placeholderOf(element);
}

// A field inside a label or a button counts by what is in it.
function valueWithin(element) {
  const role = roleOf(element);
  if (role === 'textbox' || role === 'searchbox') return element.value ?? element.textContent;
  if (element.localName === 'select') {
    return [...element.selectedOptions].map((one) => one.label).join(' ');
  }
  if (role === 'slider' || role === 'spinbutton') {
    return element.getAttribute('aria-valuetext') ?? element.getAttribute('aria-valuenow') ?? element.value ?? '';
  }
  return '';
}

function lettered(text, element) {
  const how = getComputedStyle(element).textTransform;
  if (how === 'uppercase') return text.toUpperCase();
  if (how === 'lowercase') return text.toLowerCase();
  return how === 'capitalize' ? text.replace(/(^|\s)(\p{L})/gu, (_, gap, first) => gap + first.toUpperCase()) : text;
}

const isInline = (style) => /^(inline|contents|ruby)/.test(style.display) && !/block|flex|grid|table/.test(style.display);

function contentOf(element, seen, isHidden = false) {
  const shadow = element.shadowRoot;
  let nodes = [...(shadow ?? element).childNodes];
  if (element.localName === 'slot' && element.assignedNodes().length) nodes = element.assignedNodes();
  const said = nodes.map((node) => {
    if (node.nodeType === Node.TEXT_NODE) return lettered(node.data, element);
    if (node.nodeType !== Node.ELEMENT_NODE || /^(script|style|noscript|template)$/.test(node.localName)) return '';
    if (node.localName === 'br') return ' ';
    const part = isHidden ? contentOf(node, seen, true) : nameWithin(node, seen, false);
    return isInline(getComputedStyle(node)) ? part : ` ${part} `;
  });
  return drawnBeside(element, '::before') + said.join('') + drawnBeside(element, '::after');
}

function drawnBeside(element, where) {
  const { content, display } = getComputedStyle(element, where);
  if (!content || content === 'none' || content === 'normal') return '';
  const spoken = content.match(/ \/ "((?:[^"\\]|\\.)*)"$/);
  const written = spoken ? [spoken[0]] : content.match(/"(?:[^"\\]|\\.)*"/g) ?? [];
  const text = spoken ? spoken[1] : written.map((one) => one.slice(1, -1)).join('');
  return display === 'inline' ? text : ` ${text} `;
}
