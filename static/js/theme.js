// Sets the colours before the first paint. Loaded in the head without defer, so that nothing flashes.
(() => {
  const root = document.documentElement;
  const dark = window.matchMedia("(prefers-color-scheme: dark)");

  const chosen = () => {
    try {
      return localStorage.getItem("theme") || "system";
    } catch {
      return "system"; // storage is switched off: follow the system
    }
  };

  const paint = () => {
    const theme = chosen();
    root.dataset.themeChoice = theme;
    root.dataset.bsTheme = theme === "system" ? (dark.matches ? "dark" : "light") : theme;
  };

  window.setTheme = (theme) => {
    try {
      localStorage.setItem("theme", theme);
    } catch {
      root.dataset.bsTheme = theme; // it holds for this page only
      return;
    }
    paint();
  };

  root.classList.add("js");
  paint();
  dark.addEventListener("change", paint);
  window.addEventListener("storage", (event) => event.key === "theme" && paint());
})();
