// Replace the selection with text, as a paste would: fires the events that typing fires.
const [text] = arguments;
return document.execCommand('insertText', false, text);
