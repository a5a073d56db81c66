// Find the candidates of a step and say what their matches are like. One round trip a look. Behind
// drawn.js, finding.js and facts.js.
const [locators, want] = arguments;
const MANY = 1000; // matches of a candidate that are looked at
const FEW = 10; // of these, how many are scrolled to, and watched whether they move
const cut = (text, length) => (text.length > length ? text.slice(0, length) : text);

function words(element) {
  let said = element.localName;
  for (const name of ['id', 'class', 'name', 'type', 'role']) {
    const value = element.getAttribute(name);
    if (value) said += ` ${name}="${cut(fold(value), 60)}"`;
  }
  return `<${cut(said, 200)}>`;
}

const hasBox = (element) => {
  const box = element.getBoundingClientRect();
  return box.width > 0 && box.height > 0;
};

// An element without a size may still show its children, as links around floats do.
const showsSomething = (element) =>
  hasBox(element) || [...element.querySelectorAll('*')].slice(0, 200).some(hasBox);

function hiddenBecause(element, opacityCounts) {
  if (element.localName === 'option' || element.localName === 'optgroup') {
    const list = element.closest('select');
    if (list) return hiddenBecause(list, opacityCounts);
  }
  if (element.localName === 'input' && element.type === 'hidden') return 'it is a hidden field';
  for (let one = element; one; one = one.parentElement || (one.getRootNode().host ?? null)) {
    const whose = one === element ? '' : ` of ${words(one)}`;
    const style = getComputedStyle(one);
    if (style.display === 'none') return `it is not shown (display: none${whose})`;
    if (opacityCounts && Number(style.opacity) === 0) return `it is transparent (opacity: 0${whose})`;
  }
  const visibility = getComputedStyle(element).visibility;
  if (visibility !== 'visible') return `it is not shown (visibility: ${visibility})`;
  if (!isDrawn(element)) {
    return 'it is in a part of the page that is folded away';
  }
  if (!showsSomething(element)) return 'it has no size';
  return '';
}

function disabledBecause(element) {
  if (element.matches(':disabled')) return 'it is disabled';
  const aria = element.closest('[aria-disabled="true"]');
  if (aria && /^(a|button|input|select|textarea)$/.test(element.localName)) {
    return aria === element ? 'it is disabled (aria-disabled)' : `${words(aria)} around it is disabled`;
  }
  const inert = element.closest('[inert]');
  return inert ? `${words(inert)} is inert` : '';
}

const PRESSED = ['button', 'submit', 'reset', 'image', 'checkbox', 'radio', 'file', 'hidden'];
function uneditableBecause(element) {
  if (element.localName === 'input' && PRESSED.includes(element.type)) {
    return `it is a field of type “${element.type}”, which takes no text`;
  }
  if (element.localName === 'input' || element.localName === 'textarea') {
    return element.readOnly ? 'it is read-only' : '';
  }
  return element.isContentEditable ? '' : 'it is no field that takes text';
}

// Where the pointer goes that does not go to the middle.
function offsetPoint(element) {
  const box = element.getBoundingClientRect();
  const [x, y] = [box.left + want.offset[0], box.top + want.offset[1]];
  return x >= 0 && y >= 0 && x < innerWidth && y < innerHeight ? [x, y] : null;
}

const isOutside = ([x, y], box) => x < box.left || y < box.top || x >= box.right || y >= box.bottom;

function clickPoint(element) {
  if (want.offset) return offsetPoint(element);
  const boxes = [...element.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
  const box = boxes[0] ?? [...element.querySelectorAll('*')].find(hasBox)?.getBoundingClientRect();
  if (!box) return null;
  const left = Math.max(0, box.left), right = Math.min(innerWidth, box.right);
  const top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
  if (right <= left || bottom <= top) return null;
  return [(left + right) / 2, (top + bottom) / 2];
}

// What is at the element's point: itself, its label, or something that covers it.
function hit(element) {
  const point = clickPoint(element);
  if (!point) return { why: 'it is outside the visible part of the page', outside: true };
  if (element.localName === 'option' || element.localName === 'area') return { point };
  if (want.offset && isOutside(point, element.getBoundingClientRect())) return { point }; // beside it, on purpose
  const top = element.getRootNode().elementFromPoint(...point) ?? document.elementFromPoint(...point);
  if (!top) return { why: 'nothing can be hit at its place', outside: true };
  if (top === element || element.contains(top) || top.shadowRoot?.contains(element)) return { point };
  const label = top.closest('label');
  if (label && (label.control === element || label.contains(element))) return { point, label: true };
  if (getComputedStyle(element).pointerEvents === 'none') {
    return { why: 'it does not take the pointer (pointer-events: none)' };
  }
  return { why: `it is covered by ${words(top)}` };
}

function bringIntoView(element) {
  let seen = hit(element);
  for (const block of ['center', 'end', 'start']) {
    if (!seen.why) return seen;
    element.scrollIntoView({ block, inline: 'nearest', behavior: 'instant' });
    seen = hit(element);
  }
  if (want.offset && seen.outside) {
    const box = element.getBoundingClientRect();
    const [x, y] = want.offset;
    scrollBy({ left: box.left + x - innerWidth / 2, top: box.top + y - innerHeight / 2, behavior: 'instant' });
    seen = hit(element);
  }
  return seen;
}

const nextFrame = () =>
  new Promise((done) => {
    requestAnimationFrame(() => done());
    setTimeout(done, 60); // a page in the background draws no frames
  });

async function isMoving(element) {
  const before = element.getBoundingClientRect();
  const start = performance.now();
  do await nextFrame(); // the first may come at once, when hardly anything has moved yet
  while (performance.now() - start < 8);
  const after = element.getBoundingClientRect();
  return ['x', 'y', 'width', 'height'].some((side) => Math.abs(before[side] - after[side]) > 0.5);
}

function shownText(element, hidden) {
  if (element.localName === 'option') return element.label;
  return hidden ? '' : (element.innerText ?? element.textContent);
}

function valueOf(element) {
  if (/^(input|textarea|select|button|option|output|meter|progress)$/.test(element.localName)) {
    return String(element.value);
  }
  return element.isContentEditable ? element.innerText : null;
}

async function unmetNeed(element, seen) {
  for (const need of want.needs) {
    let why = '';
    if (need === 'visible') why = seen.hidden;
    if (need === 'enabled') why = disabledBecause(element);
    if (need === 'editable') why = uneditableBecause(element);
    if (need === 'still') {
      if (want.needs.includes('uncovered') || want.scroll) bringIntoView(element);
      if (await isMoving(element)) why = 'it is moving';
    }
    if (need === 'uncovered') {
      const { why: covered = '', point = null, label = false } = bringIntoView(element);
      why = covered;
      Object.assign(seen, { point, hit_label: label });
    }
    if (why) return [need, why];
  }
  return [null, ''];
}

async function sightOf(element, candidate) {
  const seen = { candidate, element, place: 1, words: words(element), tag: element.localName };
  seen.type = element.localName === 'input' ? element.type : '';
  seen.hidden = hiddenBecause(element, want.opacity);
  seen.visible = !seen.hidden;
  seen.enabled = !disabledBecause(element);
  if (want.scroll && seen.visible) {
    if (!clickPoint(element)) element.scrollIntoView({ block: 'center', behavior: 'instant' });
  }
  if (want.text) {
    seen.text = cut(shownText(element, seen.hidden), want.longest);
    const value = valueOf(element);
    seen.value = value === null ? null : cut(value, want.longest);
  }
  if (want.attribute) seen.attribute = element.getAttribute(want.attribute);
  const aria = element.getAttribute('aria-checked');
  seen.checked = seen.type === 'checkbox' || seen.type === 'radio' ? element.checked : aria && aria === 'true';
  if (want.facts) seen.facts = factsOf(element, want);
  [seen.unmet, seen.why] = await unmetNeed(element, seen);
  if (!seen.why) seen.why = seen.hidden;
  return seen;
}

// Whether it would be worth a closer look; cheap enough for a thousand.
function isPromising(element) {
  if (want.needs.includes('visible') && (!isDrawn(element) || hiddenBecause(element, want.opacity))) return false;
  if (want.needs.includes('enabled') && disabledBecause(element)) return false;
  return !want.needs.includes('editable') || !uneditableBecause(element);
}

// The first match that meets every need, or what the first of all is like. One that moves is waited
// for: what stands behind it may be another thing.
async function best(found, candidate) {
  const first = await sightOf(found[0], candidate);
  if (!first.unmet || first.unmet === 'still') return first;
  let looked = 1;
  for (const [at, element] of found.slice(0, MANY).entries()) {
    if (!at || !isPromising(element)) continue;
    const sight = await sightOf(element, candidate);
    if (!sight.unmet || sight.unmet === 'still') return Object.assign(sight, { place: at + 1 });
    looked += 1;
    if (looked >= FEW) break;
  }
  return first;
}

function found(locator, answer) {
  try {
    return find(locator);
  } catch (error) {
    answer.problems.push(`${locator.value}: ${error.message}`);
    return [];
  }
}

async function look() {
  const answer = { counts: [], visible: [], sights: [], problems: [], winner: null };
  answer.ready = document.readyState;
  answer.origin = performance.timeOrigin;
  for (const [candidate, locator] of locators.entries()) {
    const matches = found(locator, answer);
    answer.counts.push(matches.length);
    if (want.all_visible) {
      const shown = matches.slice(0, MANY).filter((one) => isDrawn(one) && !hiddenBecause(one, want.opacity));
      answer.visible.push(shown.length);
    }
    if (!matches.length || answer.winner !== null || (want.first_only && candidate)) continue;
    const sight = await best(matches, candidate);
    if (!sight.unmet) answer.winner = answer.sights.length;
    answer.sights.push(sight);
  }
  return answer;
}
return look();
