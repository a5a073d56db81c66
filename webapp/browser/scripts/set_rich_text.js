// Replace what an editable part of a page says, as a paste over all of it would.
// Answers null when it is not editable.
const [element, text] = arguments;
const isEditable = element.isContentEditable || element.ownerDocument.designMode === 'on';
if (!isEditable) return null;
const fold = (words) => words.replace(/\s+/g, ' ').trim();
element.focus();
const range = document.createRange();
range.selectNodeContents(element);
const selection = getSelection();
selection.removeAllRanges();
selection.addRange(range);
if (text) document.execCommand('insertText', false, text);
else document.execCommand('delete');
if (fold(element.innerText) !== fold(text)) {
  element.innerText = text;
  const what = { bubbles: true, composed: true, inputType: 'insertText', data: text };
  element.dispatchEvent(new InputEvent('input', what));
}
return element.innerText;
