// Take a choice back in a <select> where several may be chosen, and say so to the page.
const [list, by, content] = arguments;
const fold = (text) => text.replace(/\s+/g, ' ').trim();
const options = [...list.options];
const choices = options.slice(0, 20).map((option) => (by === 'value' ? option.value : fold(option.label)));
if (!list.multiple) return { label: null, problem: 'single', choices };
const is = {
  index: (option) => option.index === Number(content),
  value: (option) => option.value === content,
  id: (option) => option.id === content,
  label: (option) => [fold(option.label), fold(option.text)].includes(fold(content)),
}[by];
const found = options.find(is);
if (!found) return { label: null, problem: 'missing', choices };
list.focus();
if (found.selected) {
  found.selected = false;
  list.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
  list.dispatchEvent(new Event('change', { bubbles: true }));
}
return { label: fold(found.label), problem: '', choices };
