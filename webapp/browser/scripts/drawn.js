// What is around an element on the page, and whether it is shown.
const parentOf = (element) => element.assignedSlot ?? element.parentElement ?? element.getRootNode().host;

// Whether it is shown at all; what has no box of its own is, when what is around it is.
function isDrawn(element) {
  if (element.checkVisibility({ visibilityProperty: true }) || element.localName === 'area') return true;
  const around = parentOf(element);
  return Boolean(around) && getComputedStyle(element).display === 'contents' && isDrawn(around);
}
