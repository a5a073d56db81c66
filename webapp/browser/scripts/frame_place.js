// Where a point of a frame is in the document around it; the frame is brought into view for it.
const [frame, x, y] = arguments;
const place = () => {
  const box = frame.getBoundingClientRect();
  const style = getComputedStyle(frame);
  const across = frame.offsetWidth ? box.width / frame.offsetWidth : 1; // a frame may be scaled
  const down = frame.offsetHeight ? box.height / frame.offsetHeight : 1;
  return [
    box.left + (frame.clientLeft + parseFloat(style.paddingLeft) + x) * across,
    box.top + (frame.clientTop + parseFloat(style.paddingTop) + y) * down,
  ];
};
const isSeen = ([left, top]) => left >= 0 && top >= 0 && left < innerWidth && top < innerHeight;
let seen = place();
if (!isSeen(seen)) {
  window.scrollBy({ left: seen[0] - innerWidth / 2, top: seen[1] - innerHeight / 2, behavior: 'instant' });
  seen = place();
}
if (!isSeen(seen)) {
  frame.scrollIntoView({ block: 'center', behavior: 'instant' });
  seen = place();
}
return { point: seen };
