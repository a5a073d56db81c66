// How many frames deep this document is, and whether it is the one that was asked for.
let depth = 0;
for (let one = window; one !== window.top; one = one.parent) depth += 1;
return { depth, ready: document.readyState, url: location.href };
