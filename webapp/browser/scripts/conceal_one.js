// Make one element transparent for a picture: a frame that could not be looked into.
const KEY = Symbol.for('lamplighter concealed');
const [element] = arguments;
const kept = [['opacity', element.style.getPropertyValue('opacity'), element.style.getPropertyPriority('opacity')]];
(window[KEY] ??= []).push([element, kept, element.hasAttribute('style')]);
element.style.setProperty('opacity', '0', 'important');
