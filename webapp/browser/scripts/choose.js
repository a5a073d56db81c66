// Choose in a <select> by label, value or index (counted from 0), and say so to the page.
const [list, by, content] = arguments;
const fold = (text) => text.replace(/\s+/g, ' ').trim();
const options = [...list.options];
const choices = options.slice(0, 20).map((option) => (by === 'value' ? option.value : fold(option.label)));
let chosen;
if (by === 'index') chosen = options[Number(content)];
else if (by === 'id') chosen = options.find((option) => option.id === content);
else if (by === 'value') chosen = options.find((option) => option.value === content);
else chosen = options.find((option) => fold(option.label) === fold(content) || fold(option.text) === fold(content));
if (!chosen) return { label: null, problem: 'missing', choices };
if (chosen.disabled || chosen.closest('optgroup')?.disabled) return { label: null, problem: 'disabled', choices };
list.focus();
const changed = !chosen.selected;
chosen.selected = true;
if (changed) {
  list.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  list.dispatchEvent(new Event('change', { bubbles: true }));
}
return { label: fold(chosen.label), problem: '', choices };
