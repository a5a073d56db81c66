// A point of the window just outside an element: above, right, below or left of it. Null if it fills
// the window.
const [element] = arguments;
const { width, height } = visualViewport; // without the scroll bars
const box = element.getBoundingClientRect();
const x = Math.min(Math.max((box.left + box.right) / 2, 0), width - 1);
const y = Math.min(Math.max((box.top + box.bottom) / 2, 0), height - 1);
const places = [
  [x, Math.ceil(box.top) - 2],
  [Math.floor(box.right) + 2, y],
  [x, Math.floor(box.bottom) + 2],
  [Math.ceil(box.left) - 2, y],
];
return places.find(([h, v]) => h >= 0 && v >= 0 && h < width && v < height) ?? null;
