// The field for files that an element is, that it holds, or that it is the label of.
const [element] = arguments;
const isField = (one) => one?.localName === 'input' && one.type === 'file';
const inside = element.querySelector('input[type=file]') ?? element.shadowRoot?.querySelector('input[type=file]');
const field = [element, element.control, inside].find(isField);
if (!field) return { field: null };
const answer = { field, many: field.multiple, folder: field.webkitdirectory, disabled: field.matches(':disabled') };
// Drivers add to the files that are there; a visitor who chooses again replaces them.
if (!answer.disabled && field.files.length) field.value = '';
return answer;
