// Drag what is draggable by its own events, from one point of the window to another: Firefox's driver
// begins a drag and never drops. Answers "none" when nothing there is draggable, "prevented" when the
// page wants to do it by the pointer, "dropped", or "refused" when nothing there takes it.
const [from, to] = arguments;

function deepest([x, y]) {
  let found = document.elementFromPoint(x, y);
  while (found?.shadowRoot) {
    const inner = found.shadowRoot.elementFromPoint(x, y);
    if (!inner || inner === found) break;
    found = inner;
  }
  return found;
}

function draggable(element) {
  for (let one = element; one; one = one.parentElement ?? one.getRootNode().host) {
    if (one.getAttribute('draggable') === 'true') return one;
  }
  return null;
}

const store = new DataTransfer();
try {
  store.effectAllowed = 'uninitialized';
} catch (error) { /* as the browser has it, then */ }
const allowed = () => (/^(copy|link|move)$/.test(store.effectAllowed) ? store.effectAllowed : 'move');
const place = ([x, y]) => ({ clientX: x, clientY: y, screenX: x, screenY: y });
const common = { bubbles: true, composed: true, view: window };

// Tells the element; false when the page keeps the browser from doing what it usually does.
function tell(element, type, point, more = {}) {
  const cancelable = !['dragleave', 'dragend', 'pointercancel'].includes(type);
  const words = { ...common, ...place(point), cancelable, buttons: 1, ...more };
  if (type.startsWith('pointer')) {
    return element.dispatchEvent(new PointerEvent(type, { ...words, pointerId: 1, isPrimary: true }));
  }
  if (type.startsWith('mouse')) return element.dispatchEvent(new MouseEvent(type, { ...words, detail: 1 }));
  return element.dispatchEvent(new DragEvent(type, { ...words, dataTransfer: store }));
}

const pause = () => new Promise((done) => setTimeout(done, 40));

async function drag() {
  const start = deepest(from);
  const dragged = start && draggable(start);
  if (!dragged) return 'none';
  tell(start, 'pointerdown', from);
  if (!tell(start, 'mousedown', from) || !tell(dragged, 'dragstart', from)) {
    tell(start, 'pointerup', from, { buttons: 0 });
    tell(start, 'mouseup', from, { buttons: 0 });
    return 'prevented';
  }
  tell(start, 'pointercancel', from);
  const middle = [(from[0] + to[0]) / 2, (from[1] + to[1]) / 2];
  let over = null, isTaken = false, effect = 'none';
  for (const point of [middle, to, to]) {
    await pause(); // pages change what they look like meanwhile
    tell(dragged, 'drag', point);
    const next = deepest(point);
    if (next !== over) {
      if (next) tell(next, 'dragenter', point, { relatedTarget: over });
      if (over) tell(over, 'dragleave', point, { relatedTarget: next });
      over = next;
    }
    store.dropEffect = allowed();
    isTaken = over !== null && !tell(over, 'dragover', point);
    effect = isTaken ? store.dropEffect : 'none';
  }
  await pause();
  isTaken &&= effect !== 'none';
  if (isTaken) tell(over, 'drop', to, { buttons: 0 });
  else if (over) tell(over, 'dragleave', to);
  store.dropEffect = isTaken ? effect : 'none';
  if (dragged.isConnected) tell(dragged, 'dragend', to, { buttons: 0 });
  return isTaken ? 'dropped' : 'refused';
}
return drag();
