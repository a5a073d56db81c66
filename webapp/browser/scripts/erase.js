// Remove the selected text of the focused field.
return document.execCommand('delete');
