// Focus a field; select what is in it, or go behind it. With a secret, show dots instead of it.
const [element, append, secret] = arguments;
if (secret && element.type !== 'password') {
  element.style.setProperty('-webkit-text-security', 'disc', 'important');
}
element.focus();
const own = 'value' in element;
if (own && !append) {
  try { element.select(); } catch (error) { /* fields of dates cannot select */ }
} else if (own) {
  try { element.setSelectionRange(element.value.length, element.value.length); } catch (error) { /* nor can they place a caret */ }
} else {
  const range = document.createRange();
  range.selectNodeContents(element);
  if (append) range.collapse(false);
  const selection = getSelection();
  selection.removeAllRanges();
  selection.addRange(range);
}
return { own, length: own ? element.value.length : element.textContent.length };
