// How large the part of the window is that shows the page.
return { width: innerWidth, height: innerHeight };
