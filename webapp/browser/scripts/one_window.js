// The headless shell has no popup blocker, so one click could open windows without end: as in other
// browsers, a window opens only where the visitor has just done something, and uses that up.
(() => {
  let usedUp = -Infinity;
  window.open = new Proxy(window.open, {
    apply(open, self, words) {
      const target = String(words[1] ?? '_blank');
      const opens = !['_self', '_parent', '_top'].includes(target.toLowerCase());
      const now = performance.now();
      if (opens && (!navigator.userActivation?.isActive || now - usedUp < 1000)) return null;
      if (opens) usedUp = now;
      return Reflect.apply(open, self, words);
    },
  });
})();
