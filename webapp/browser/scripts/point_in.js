// Bring an element into the window, and answer the middle of what is seen of it.
const [element] = arguments;
element.scrollIntoView({ block: 'center', inline: 'center', behavior: 'instant' });
const box = element.getBoundingClientRect();
const left = Math.max(0, box.left), right = Math.min(innerWidth, box.right);
const top = Math.max(0, box.top), bottom = Math.min(innerHeight, box.bottom);
return right > left && bottom > top ? [(left + right) / 2, (top + bottom) / 2] : null;
