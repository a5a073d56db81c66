// Put a value into a field that has no caret (dates, colours, ranges), as its own picker would.
const [element, value] = arguments;
element.focus();
const owner = Object.getPrototypeOf(element);
const setter = Object.getOwnPropertyDescriptor(owner, 'value').set;
setter.call(element, value); // past the wrapper that React puts around the property
element.dispatchEvent(new Event('input', { bubbles: true, composed: true }));
element.dispatchEvent(new Event('change', { bubbles: true }));
return element.value;
