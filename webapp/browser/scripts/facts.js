// What assertions ask of an element beside how it looks.
function fixedBecause(element) {
  if (/^(input|textarea|select|button|option|optgroup|fieldset)$/.test(element.localName)) {
    return element.readOnly ? 'it is read-only' : '';
  }
  if (element.getAttribute('aria-readonly') === 'true') return 'it is read-only (aria-readonly)';
  return element.isContentEditable ? '' : 'it is no field, and its text cannot be edited';
}

function focusedIn(root) {
  const active = root.activeElement;
  return active?.shadowRoot?.activeElement ? focusedIn(active.shadowRoot) : active;
}

function propertyOf(element, path) {
  let value = element;
  for (const name of path in element ? [path] : path.split('.')) {
    if (value === null || value === undefined || !(name in Object(value))) return { missing: true };
    value = value[name];
  }
  if (value === null || value === undefined) return { json: 'null' };
  if (typeof value === 'function') return { json: 'null', other: 'a function' };
  if (typeof value.nodeType === 'number') return { json: 'null', other: 'an element' };
  if (typeof value !== 'object') return { scalar: value };
  try {
    return { json: JSON.stringify(value).slice(0, 200000) };
  } catch (error) {
    return { json: 'null', other: `something that cannot be written down (${error.message})` };
  }
}

function factsOf(element, wanted) {
  const facts = { disabled: disabledBecause(element), fixed: fixedBecause(element) };
  const active = focusedIn(document);
  facts.focused = active === element;
  facts.focus = active && active !== document.body ? words(active) : '';
  if (element.localName === 'select') {
    const chosen = [...element.selectedOptions].slice(0, 1000);
    facts.chosen = chosen.map((option) => [option.label || option.text, option.value]);
  }
  if (element.localName === 'option') facts.is_selected = element.selected;
  if (wanted.css) facts.css = getComputedStyle(element).getPropertyValue(wanted.css);
  if (wanted.property) facts.property = propertyOf(element, wanted.property);
  return facts;
}
