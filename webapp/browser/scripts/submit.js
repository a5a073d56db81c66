// Send the form that an element is or is in, as its own button would: its fields are checked first.
const [element] = arguments;
const form = element.localName === 'form' ? element : (element.form ?? element.closest('form'));
if (!form) return { problem: 'no form' };
const own = HTMLFormElement.prototype;
const novalidate = form.hasAttribute('novalidate');
if (!novalidate && !own.checkValidity.call(form)) {
  const wrong = [...form.elements].find((field) => field.willValidate && !field.validity.valid);
  const name = wrong?.labels?.[0]?.innerText || wrong?.name || wrong?.id || wrong?.localName || '';
  return { problem: 'invalid', name: name.trim().slice(0, 100), why: wrong?.validationMessage ?? '' };
}
let leaves = false;
const seen = (event) => {
  const target = form.getAttribute('target') || '_self';
  leaves = !event.defaultPrevented && target === '_self' && form.getAttribute('method') !== 'dialog';
};
window.addEventListener('submit', seen, { once: true });
own.requestSubmit.call(form);
window.removeEventListener('submit', seen);
return { problem: '', leaves };
