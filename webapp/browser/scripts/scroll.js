// Scroll the page, or an element, to a place or by a distance; answers where it is then.
const [element, left, top, by] = arguments;
const scrolled = element ?? document.scrollingElement ?? document.documentElement;
const way = { left, top, behavior: 'instant' };
if (by) scrolled.scrollBy(way);
else scrolled.scrollTo(way);
return [Math.round(scrolled.scrollLeft), Math.round(scrolled.scrollTop)];
