// Undo what conceal.js did.
const KEY = Symbol.for('lamplighter concealed');
for (const [element, kept, hadStyle] of window[KEY] ?? []) {
  for (const [name, value, priority] of kept) {
    if (value) element.style.setProperty(name, value, priority);
    else element.style.removeProperty(name);
  }
  if (!hadStyle && !element.getAttribute('style')) element.removeAttribute('style');
}
delete window[KEY];
