// Forms of accounts: the browser's own time zone is offered first, and a password can be looked at.
(() => {
  // The zone that the browser runs in, unless the form came back with another choice.
  const offerZone = (select) => {
    const zone = Intl.DateTimeFormat().resolvedOptions().timeZone;
    const known = [...select.options].some((option) => option.value === zone);
    if (known && select.value === "UTC" && !document.querySelector("[aria-invalid=true]")) select.value = zone;
  };

  const icon = (name) => {
    const sheet = document.querySelector("svg.icon use")?.getAttribute("href").split("#")[0];
    const space = "http://www.w3.org/2000/svg";
    const svg = document.createElementNS(space, "svg");
    svg.setAttribute("class", "icon");
    svg.setAttribute("aria-hidden", "true");
    const use = document.createElementNS(space, "use");
    use.setAttribute("href", `${sheet}#${name}`);
    svg.append(use);
    return svg;
  };

  const addEye = (input) => {
    const box = document.createElement("div");
    const button = document.createElement("button");
    box.className = "password-box";
    input.before(box);
    button.type = "button";
    button.className = "btn-ghost-icon";
    button.setAttribute("aria-controls", input.id);
    const paint = () => {
      const shown = input.type === "text";
      button.replaceChildren(icon(shown ? "eye-off" : "eye"));
      button.setAttribute("aria-label", shown ? "Hide the password" : "Show the password");
      button.title = shown ? "Hide" : "Show";
    };
    button.addEventListener("click", () => {
      input.type = input.type === "password" ? "text" : "password";
      paint();
    });
    // Browsers offer to keep what was typed into a password field, so it is one again when sent.
    input.form.addEventListener("submit", () => {
      input.type = "password";
      paint();
    });
    box.append(input, button);
    paint();
  };

  document.addEventListener("DOMContentLoaded", () => {
    document.querySelectorAll("select[data-browser-zone]").forEach(offerZone);
    document.querySelectorAll("input[type=password]").forEach(addEye);
  });
})();
