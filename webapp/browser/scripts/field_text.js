// What stands in a field of text.
const [element] = arguments;
return 'value' in element ? element.value : element.innerText.replace(/\n$/, '');
