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

// Before a picture the page is searched for secrets, also in parts that it keeps closed to itself.
(() => {
  const roots = new WeakMap();
  Object.defineProperty(window, Symbol.for('lamplighter roots'), { value: roots });
  Element.prototype.attachShadow = new Proxy(Element.prototype.attachShadow, {
    apply(attach, self, words) {
      const root = Reflect.apply(attach, self, words);
      if (root.mode === 'closed') roots.set(self, root);
      return root;
    },
  });
})();
