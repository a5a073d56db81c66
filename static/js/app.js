// What every page needs: theme buttons, menus, dialogs, toasts, copy buttons, relative times, htmx errors in words.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];

  // Theme: the buttons say which one is on.
  const markTheme = () => {
    const choice = document.documentElement.dataset.themeChoice;
    $$("[data-theme]").forEach((button) =>
      button.setAttribute("aria-pressed", String(button.dataset.theme === choice)),
    );
  };

  // Toasts. Errors stay until they are closed; the others leave after a while, unless read or reached.
  const LIFE_MS = { success: 6000, info: 8000, warning: 12000 };

  const leave = (toast) => {
    toast.classList.add("is-leaving");
    setTimeout(() => toast.remove(), 200);
  };

  const schedule = (toast) => {
    if (toast.dataset.scheduled) return;
    toast.dataset.scheduled = "yes";
    const life = Number(toast.dataset.life || LIFE_MS[toast.dataset.kind] || 0);
    if (!life) return;
    const tick = () => {
      if (!toast.isConnected) return;
      if (toast.matches(":hover, :focus-within")) setTimeout(tick, 1500);
      else leave(toast);
    };
    setTimeout(tick, life);
  };

  const toast = (text, kind = "info") => {
    const made = $("#toast-template").content.firstElementChild.cloneNode(true);
    made.classList.add(`toast-${kind}`);
    made.dataset.kind = kind;
    $("[data-toast-text]", made).textContent = text;
    const region = $("#toasts");
    const same = $$(".lamp-toast", region).find((old) => old.textContent.trim() === made.textContent.trim());
    if (same) same.remove();
    region.append(made);
    schedule(made);
  };
  window.toast = toast;

  const announce = (text) => {
    const region = $("#announcer");
    region.textContent = "";
    requestAnimationFrame(() => (region.textContent = text));
  };
  window.announce = announce;

  // Relative times: "5 minutes ago" goes on counting.
  const UNITS = [["year", 31536000], ["month", 2592000], ["day", 86400], ["hour", 3600], ["minute", 60]];
  const words = new Intl.RelativeTimeFormat("en", { numeric: "auto" });

  const relative = (seconds) => {
    const size = Math.abs(seconds);
    if (size < 10) return seconds > 0 ? "in a moment" : "just now";
    const [unit, length] = UNITS.find(([, length]) => size >= length) || ["second", 1];
    return words.format(Math.trunc(seconds / length), unit);
  };

  const tellTimes = () => {
    $$("time[data-relative]").forEach((time) => {
      const text = relative((Date.parse(time.dateTime) - Date.now()) / 1000);
      if (time.textContent !== text) time.textContent = text;
    });
  };

  // Menus are <details>: they open without script; this closes them and moves in them by arrow keys.
  const closeMenus = (except) => {
    $$("details.menu[open]").forEach((menu) => menu !== except && (menu.open = false));
  };

  const moveInMenu = (menu, step) => {
    const items = $$("a[href], button:not([disabled])", $(".menu-panel", menu)).filter((item) => item.checkVisibility());
    const at = items.indexOf(document.activeElement);
    items.at((at + step + items.length + (at < 0 && step < 0 ? 1 : 0)) % items.length)?.focus();
  };

  const onMenuKey = (event) => {
    const menu = event.target.closest("details.menu");
    if (!menu || !menu.open) return;
    if (event.key === "Escape") {
      menu.open = false;
      $("summary", menu).focus();
    } else if (event.key === "ArrowDown" || event.key === "ArrowUp") {
      event.preventDefault();
      moveInMenu(menu, event.key === "ArrowDown" ? 1 : -1);
    }
  };

  // Dialogs are <dialog>, opened by <button command="show-modal" commandfor="…">; older browsers need these lines.
  const knowsCommands = "commandForElement" in HTMLButtonElement.prototype;

  const obeyCommand = (button) => {
    const target = document.getElementById(button.getAttribute("commandfor"));
    const command = button.getAttribute("command");
    if (command === "show-modal" && !target.open) target.showModal();
    if (command === "close") target.close();
  };

  // A <dialog data-modal open> that arrived as a fragment is shown over the page.
  const showModals = () => {
    $$("dialog[data-modal][open]").forEach((dialog) => {
      if (dialog.matches(":modal") || !dialog.parentElement.id.endsWith("-slot")) return;
      dialog.close();
      dialog.showModal();
    });
  };

  // Asks in a dialog of ours; the promise is true when the reader agrees.
  const ask = (title, text, agree) =>
    new Promise((resolve) => {
      const dialog = $("#ask-template").content.firstElementChild.cloneNode(true);
      $("[data-ask-title]", dialog).textContent = title;
      $("[data-ask-text]", dialog).textContent = text;
      $("button[value=yes]", dialog).textContent = agree;
      document.body.append(dialog);
      dialog.addEventListener("close", () => {
        dialog.remove();
        resolve(dialog.returnValue === "yes");
      });
      dialog.showModal();
    });
  window.ask = ask;

  // Forms marked data-guard: leaving the page with something typed asks first.
  document.addEventListener("input", (event) => {
    const form = event.target.closest("form[data-guard]");
    if (form) form.dataset.dirty = "yes";
  });
  window.addEventListener("beforeunload", (event) => {
    if ($("form[data-dirty]:not([data-sent])")) event.preventDefault();
  });

  const fill = (button) => {
    const input = $(button.dataset.fill);
    input.value = button.dataset.value;
    input.dispatchEvent(new Event("input", { bubbles: true }));
    input.focus();
  };

  const copy = async (button) => {
    const source = button.dataset.copyFrom && $(button.dataset.copyFrom);
    const text = source ? (source.value ?? source.textContent.trim()) : button.dataset.copy;
    try {
      await navigator.clipboard.writeText(text);
      toast(button.dataset.copied || "Copied.", "success");
    } catch {
      toast("The browser did not allow copying. Select the text and press Ctrl+C.", "warning");
    }
  };

  document.addEventListener("click", (event) => {
    const target = event.target;
    const menu = target.closest("details.menu");
    closeMenus(menu);
    if (menu && target.closest(".menu-panel a, .menu-panel button")) menu.open = false;

    const theme = target.closest("[data-theme]");
    if (theme) {
      window.setTheme(theme.dataset.theme);
      markTheme();
    }
    const copier = target.closest("[data-copy], [data-copy-from]");
    if (copier) copy(copier);
    const closer = target.closest("[data-close-toast]");
    if (closer) leave(closer.closest(".lamp-toast"));
    const filler = target.closest("[data-fill]");
    if (filler) fill(filler);
    const keeper = target.closest("dialog:modal [data-close-dialog]");
    if (keeper) {
      event.preventDefault();
      keeper.closest("dialog").close();
    }
    const dismiss = target.closest("[data-dismiss]");
    if (dismiss) dismiss.closest(dismiss.dataset.dismiss).remove();
    const commander = target.closest("button[command][commandfor]");
    if (commander && !knowsCommands) obeyCommand(commander);
    if (target.matches("dialog")) target.close(); // the backdrop
  });

  document.addEventListener("keydown", (event) => {
    onMenuKey(event);
    const typing = event.target.matches("input, textarea, select, [contenteditable]");
    if (event.key === "/" && !typing && !event.ctrlKey && !event.metaKey && !event.altKey) {
      const search = $("input[type=search]");
      if (search) {
        event.preventDefault();
        search.focus();
      }
    }
  });

  // A plain form is sent once, however often its button is pressed.
  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (event.defaultPrevented || form.method !== "post" || form.matches("[hx-post], [data-many]")) return;
    if (form.dataset.sent) event.preventDefault();
    form.dataset.sent = "yes";
    $$("button[type=submit], button:not([type])", form).forEach((button) => button.classList.add("is-busy"));
  });
  window.addEventListener("pageshow", () => {
    $$("form[data-sent]").forEach((form) => {
      delete form.dataset.sent;
      $$(".is-busy", form).forEach((button) => button.classList.remove("is-busy"));
    });
  });

  // htmx: the token, the thin bar for what takes longer than 300 ms, and errors in words.
  document.addEventListener("htmx:configRequest", (event) => {
    event.detail.headers["X-CSRFToken"] = $("meta[name=csrf-token]").content;
  });

  const waiting = new Set();
  const bar = () => document.body.classList.toggle("is-loading", waiting.size > 0);

  document.addEventListener("htmx:beforeRequest", (event) => {
    const { xhr, elt } = event.detail;
    if (elt.closest("[data-quiet]")) {
      // Polls rest while nobody looks, while somebody is in the middle of what would be replaced,
      // and for good when what they ask for is gone.
      const isPoll = elt.matches("[hx-trigger^=every]");
      const rests = document.hidden || elt.dataset.gone || $("details[open], dialog[open]", elt);
      if (isPoll && rests) event.preventDefault();
      return;
    }
    setTimeout(() => {
      if (xhr.readyState === XMLHttpRequest.DONE || xhr.isOver) return;
      waiting.add(xhr);
      bar();
    }, 300);
  });
  document.addEventListener("htmx:afterRequest", (event) => {
    event.detail.xhr.isOver = true;
    waiting.delete(event.detail.xhr);
    bar();
  });

  // A schedule that reads well now has no mistake any more, whatever the server said of the one before.
  document.addEventListener("htmx:afterSwap", (event) => {
    if (event.target.id !== "schedule-preview" || $(".preview-mistake", event.target)) return;
    ["cron", "time_zone"].forEach((id) => {
      const input = document.getElementById(id);
      input.removeAttribute("aria-invalid");
      input.classList.remove("is-invalid");
      document.getElementById(`${id}-error`).hidden = true;
    });
  });

  const STATUS = {
    400: "The page could not read that request. Reload the page and try again.",
    403: "You are not allowed to do that. If you have logged out in another window, log in again.",
    404: "That is not there any more. Reload the page to see what is.",
    409: "Somebody changed this in the meantime. Reload the page to see the newer state.",
    413: "That is too large to send.",
    429: "That was too often in a short time. Wait a minute and try again.",
  };

  const messageOf = (xhr) => {
    const type = xhr.getResponseHeader("Content-Type") || "";
    if (type.startsWith("text/html")) {
      const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
      const message = $("[data-error-message]", page)?.textContent.trim();
      if (message) return message;
    }
    if (type.includes("json")) {
      try {
        const problem = JSON.parse(xhr.responseText);
        if (problem.detail || problem.title) return problem.detail || problem.title;
      } catch {
        return STATUS[xhr.status] || "The server's answer could not be read.";
      }
    }
    if (type.startsWith("text/plain") && xhr.responseText.length < 300) return xhr.responseText;
    return STATUS[xhr.status] || `The server could not do that (error ${xhr.status}). Try again in a moment.`;
  };

  document.addEventListener("htmx:responseError", (event) => {
    const quiet = event.target.closest?.("[data-quiet]");
    if (quiet && event.detail.xhr.status >= 500) return; // a poll tries again
    if (quiet && event.detail.xhr.status === 404) quiet.dataset.gone = "yes";
    toast(messageOf(event.detail.xhr), "danger");
  });
  document.addEventListener("htmx:sendError", (event) => {
    if (event.target.closest?.("[data-quiet]")) return;
    toast("The server does not answer. Check your connection; nothing you typed is lost.", "danger");
  });
  document.addEventListener("htmx:timeout", () => {
    toast("The server took too long to answer. Try again in a moment.", "danger");
  });

  // Logged out meanwhile: an answer that came from the log-in page must not land inside this one.
  document.addEventListener("htmx:beforeSwap", (event) => {
    const from = event.detail.xhr.responseURL;
    if (from && new URL(from).pathname === "/login" && location.pathname !== "/login") {
      event.detail.shouldSwap = false;
      location.assign(`/login?next=${encodeURIComponent(location.pathname)}`);
    }
  });

  // The server may answer with HX-Trigger: {"toast": {"text": …, "kind": …}} or {"announce": "…"}.
  document.addEventListener("toast", (event) => toast(event.detail.text, event.detail.kind));
  document.addEventListener("announce", (event) => announce(event.detail.value ?? event.detail));

  document.addEventListener("htmx:afterRequest", (event) => {
    if (event.detail.elt.matches("[data-undo]") && event.detail.successful) leave(event.detail.elt.closest(".lamp-toast"));
  });

  const settle = () => {
    showModals();
    tellTimes();
    $$("#toasts .lamp-toast").forEach(schedule);
  };
  document.addEventListener("htmx:afterSettle", settle);
  document.addEventListener("htmx:oobAfterSwap", settle);

  document.addEventListener("DOMContentLoaded", () => {
    markTheme();
    settle();
    setInterval(tellTimes, 15000);
    // Bring a reader to the first mistake of a form that came back.
    $("[aria-invalid=true]")?.focus();
  });
})();
