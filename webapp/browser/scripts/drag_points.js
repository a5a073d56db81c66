// Where a drag begins and where it ends, after scrolling so that both can be seen, where they can.
// `end` is null when the target does not fit into the window beside the source.
const [source, target, by] = arguments;

function middle(element) {
  const boxes = [...element.getClientRects()].filter((box) => box.width > 0 && box.height > 0);
  const box = boxes[0] ?? element.getBoundingClientRect();
  const left = Math.max(0, box.left), right = Math.min(innerWidth, box.right);
  const top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
  return right > left && bottom > top ? [(left + right) / 2, (top + bottom) / 2] : null;
}

const show = (element, block) => element.scrollIntoView({ block, inline: 'nearest', behavior: 'instant' });
const inside = (point) =>
  point && point[0] >= 0 && point[1] >= 0 && point[0] < innerWidth && point[1] < innerHeight ? point : null;
const end = (start) => (target ? middle(target) : inside([start[0] + by[0], start[1] + by[1]]));

for (const block of ['nearest', 'center', 'start', 'end']) {
  show(source, block);
  if (target && block === 'nearest') show(target, block);
  const start = middle(source);
  if (start && end(start)) return { start, end: end(start) };
}
show(source, 'center');
return { start: middle(source), end: null };
