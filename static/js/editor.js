// The editor of steps: drag, arrow keys, "unsaved" warnings, focus after a change. Saving is htmx's work.
(() => {
  const $ = (selector, root = document) => root.querySelector(selector);
  const $$ = (selector, root = document) => [...root.querySelectorAll(selector)];
  const editor = () => $("#editor");

  // Links and buttons of the list have plain addresses and work without script; htmx sends them.
  const swap = { target: "#editor", swap: "outerHTML" };

  const onClick = (event) => {
    const link = event.target.closest("a[data-editor]");
    if (!link || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    htmx.ajax("GET", link.pathname + link.search, { ...swap, source: link });
  };

  const onSubmit = (event) => {
    if (event.target.id !== "steps-form") return;
    event.preventDefault();
    const url = new URL(event.submitter.formAction);
    htmx.ajax("POST", url.pathname, { ...swap, source: event.submitter });
  };

  // The menu of a step is made when it is opened, from a pattern that all of them share.
  const fillMenu = (menu) => {
    const panel = $(".menu-panel", menu);
    if (panel.dataset.filled) return;
    panel.dataset.filled = "yes";
    const step = menu.closest(".step");
    const isOff = step.matches(".step-off");
    const isFull = Boolean($(":scope > .steps-inside > .step", step));
    const is = { block: step.matches(".step-block"), off: isOff, on: !isOff, full: isFull, bare: !isFull };
    const made = $("#step-menu").content.cloneNode(true);
    $$("[data-for]", made).forEach((item) => is[item.dataset.for] || item.remove());
    ["href", "formaction"].forEach((name) => {
      $$(`a[${name}], button[${name}]`, made).forEach((item) => {
        item.setAttribute(name, item.getAttribute(name).replace("UID", step.dataset.uid));
      });
    });
    panel.replaceChildren(made);
  };

  const onMenu = (event) => {
    const summary = event.target.closest?.(".step-menu > summary");
    if (summary) fillMenu(summary.parentElement);
  };

  // A drag is one request: the step, the block it is put into, and its place there from 0.
  const post = (uid, verb, values = {}) => {
    const url = $("#steps").dataset.move.replace("UID", uid).replace(/move$/, verb);
    const version = $("#steps-form [name=version]").value;
    return htmx.ajax("POST", url, { ...swap, values: { ...values, version } });
  };

  let undoDrag = () => {};

  // Each block is a list of its own; a step can be dragged from any to any other.
  const makeSortable = () => {
    if (!window.Sortable) return;
    $$("#steps, #steps .steps-inside").forEach((list) => {
      if (list.dataset.sortable) return;
      list.dataset.sortable = "yes";
      window.Sortable.create(list, {
        group: "steps",
        handle: ".step-handle",
        draggable: ".step",
        dataIdAttr: "data-uid",
        animation: 150,
        fallbackOnBody: true,
        swapThreshold: 0.65,
        emptyInsertThreshold: 8,
        onStart: ({ item, from }) => {
          const behind = item.nextElementSibling;
          undoDrag = () => from.insertBefore(item, behind);
        },
        onEnd: ({ item, from, to, oldDraggableIndex: was, newDraggableIndex: index }) => {
          if (from !== to || was !== index) post(item.dataset.uid, "move", { parent: to.dataset.parent, index });
        },
      });
    });
  };

  const onHandleKey = (event) => {
    const handle = event.target.closest(".step-handle");
    const verb = { ArrowUp: "up", ArrowDown: "down" }[event.key];
    if (!handle || !verb) return;
    event.preventDefault();
    post(handle.closest(".step").dataset.uid, verb);
  };

  // The panel of actions: what is typed filters it, arrow keys walk in it, Enter takes the first.
  const plain = (text) => text.toLowerCase().replace(/[^\p{L}\p{N}]+/gu, "");

  // How well an action fits what was typed (less is better; null: not at all), and the name by which.
  const fit = (item, typed) => {
    const label = plain(item.firstElementChild.nextElementSibling.textContent);
    const names = item.dataset.words.split(" ");
    const rank = (text) => [text === typed, text.startsWith(typed), text.includes(typed)].indexOf(true);
    if (rank(label) >= 0) return { rank: rank(label) * 2, name: "" };
    const best = names.map((name) => ({ rank: rank(plain(name)) * 2 + 1, name })).filter((one) => one.rank > 0);
    if (best.length) return best.sort((one, other) => one.rank - other.rank)[0];
    const group = plain(item.closest(".add-group").getAttribute("aria-label"));
    return group.includes(typed) ? { rank: 6, name: "" } : null;
  };

  const fitAll = (item, words) => {
    const fits = [fit(item, words.join("")), ...words.map((word) => fit(item, word))];
    if (fits[0]) return fits[0];
    return fits.slice(1).includes(null) ? null : { rank: 7, name: fits.slice(1).map((one) => one.name).find(Boolean) || "" };
  };

  const filterActions = (event) => {
    const input = event.target;
    if (input.id !== "add-search") return;
    const panel = input.closest(".add-panel");
    const words = input.value.split(/\s+/).map(plain).filter(Boolean);
    $$(".menu-item-other", panel).forEach((other) => other.remove());
    let best = null;
    const found = $$(".add-groups .menu-item", panel).filter((item) => {
      const fits = words.length ? fitAll(item, words) : { rank: 0, name: "" };
      item.hidden = !fits;
      item.classList.remove("is-first");
      if (!fits) return false;
      if (!best || fits.rank < best.rank) best = { item, rank: fits.rank };
      if (fits.name) {
        const other = document.createElement("span");
        other.className = "menu-item-other";
        other.textContent = fits.name;
        item.append(other);
      }
      return true;
    });
    $$(".add-group", panel).forEach((group) => (group.hidden = !$(".menu-item:not([hidden])", group)));
    panel.classList.toggle("is-filtered", words.length > 0);
    if (words.length && best) {
      best.item.classList.add("is-first");
      best.item.scrollIntoView({ block: "nearest" });
    }
    const count = found.length === 1 ? "1 action" : `${found.length} actions`;
    const name = best ? $("span", best.item).textContent : "";
    $(".add-found", panel).textContent = !words.length ? "" : best ? `${count}; Enter takes “${name}”.` : "No action is called so. Try another word, such as “click” or “text”.";
  };

  const onSearchKey = (event) => {
    if (event.target.id !== "add-search") return;
    const panel = event.target.closest(".add-panel");
    const first = $(".menu-item.is-first", panel);
    if (event.key === "Enter") {
      event.preventDefault();
      first?.click();
    } else if (event.key === "ArrowDown") {
      event.preventDefault();
      event.stopPropagation();
      (first || $(".add-groups .menu-item:not([hidden])", panel))?.focus();
    } else if (event.key === "Escape" && event.target.value) {
      event.stopPropagation();
      event.target.value = "";
      event.target.dispatchEvent(new Event("input", { bubbles: true }));
    }
  };

  // Who opens the panel wants to type into it.
  const onToggle = (event) => {
    if (event.target.matches?.(".add-step") && event.target.open) $("#add-search", event.target)?.focus();
  };

  // A secret is typed unseen.
  const onSecret = (event) => {
    const box = event.target.closest("[data-secret-for]");
    if (!box) return;
    const input = $(box.dataset.secretFor);
    if (input) input.classList.toggle("is-secret", box.checked);
  };

  // What was typed into the open form must not vanish because another button was pressed.
  const isDirty = () => Boolean($("#step-form form[data-dirty]"));

  document.addEventListener("htmx:confirm", (event) => {
    const { elt, target } = event.detail;
    const isOurs = target && target.id === "editor";
    const saves = elt.closest("#step-form") && elt.tagName === "FORM";
    if (!isOurs || saves || !isDirty()) return;
    event.preventDefault();
    window.ask("Discard what you typed?", "The step in the open form is not saved yet.", "Discard").then((yes) => {
      if (yes) event.detail.issueRequest(true);
      else undoDrag();
    });
  });

  // What no CSS selector begins with is meant as an XPath.
  const onLocator = (event) => {
    if (!event.target.matches("#step-form [name=locator]")) return;
    const kind = $("[name=by]", event.target.closest(".locator"));
    if (kind.value !== "css" || !/^\s*(\/|\.\.?\/|\()/.test(event.target.value)) return;
    kind.value = "xpath";
    window.announce("Found by XPath now.");
  };

  // The example of a kind stands in its empty field.
  const onKind = (event) => {
    if (!event.target.matches("#step-form [name=by]")) return;
    $("[name=locator]", event.target.closest(".locator")).placeholder = event.target.selectedOptions[0].dataset.example;
  };

  // After a change: find the place where the reader was, and light up what has changed.
  let before = new Map();
  let focused = "";

  const line = (step) => $(":scope > .step-line", step)?.textContent;

  const remember = () => {
    // htmx would copy what dragging left in style attributes, which the content policy forbids.
    $$("#editor [style]").forEach((moved) => moved.removeAttribute("style"));
    before = new Map($$(".step").map((step) => [step.dataset.uid, line(step)]));
    const step = document.activeElement && document.activeElement.closest(".step");
    const saved = $("#step-form [name=uid]");
    focused = saved ? `edit-${saved.value}` : "";
    if (step) focused = document.activeElement.id || `menu-${step.dataset.uid}`;
  };

  const settle = () => {
    makeSortable();
    const added = $$(".step").filter((step) => !before.has(step.dataset.uid));
    if (before.size) added.forEach((step) => step.classList.add("was-changed"));
    const form = $("#step-form") || $("#pick");
    const lost = !document.activeElement || document.activeElement === document.body;
    if (form) {
      form.scrollIntoView({ block: "nearest" });
      if (lost) $("[aria-invalid=true], [autofocus], #step-action", form)?.focus();
      return;
    }
    // The address of a form that was opened by it would open the form again.
    if (location.search || location.hash === "#step-form") history.replaceState(history.state, "", location.pathname);
    if (lost && focused) (document.getElementById(focused) || $("#add-step"))?.focus();
    focused = "";
  };

  // The server says where a reader goes on whose button is gone: the next step, the restored one.
  const onLand = (event) => {
    const target = document.getElementById(event.detail.value ?? event.detail);
    if (target) target.focus();
  };

  // The list is put in place here: htmx would look for the former self of each element that has an
  // id, one by one, and with 500 steps that takes seconds.
  const exchange = (xhr) => {
    const page = new DOMParser().parseFromString(xhr.responseText, "text/html");
    const fresh = $("#editor", page);
    if (!fresh) return false;
    $$("[hx-swap-oob='beforeend:#toasts']", fresh).forEach((box) => {
      const added = [...box.children].map((toast) => document.adoptNode(toast));
      box.remove();
      $("#toasts").append(...added);
      added.forEach((toast) => htmx.process(toast));
    });
    remember();
    const isNewer = editor().dataset.version !== fresh.dataset.version;
    editor().replaceWith(document.adoptNode(fresh));
    htmx.process(fresh);
    htmx.trigger(fresh, "htmx:afterSettle", { elt: fresh });
    if (isNewer) htmx.trigger(document.body, "steps-changed");
    const after = xhr.getResponseHeader("HX-Trigger-After-Settle");
    if (after) onLand({ detail: JSON.parse(after).land });
    $("[autofocus]", fresh)?.focus();
    return true;
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    const { target, xhr, shouldSwap } = event.detail;
    if (target.id !== "editor" || !shouldSwap || xhr.getResponseHeader("HX-Retarget")) return;
    if (exchange(xhr)) event.detail.shouldSwap = false;
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    if (event.target.closest?.("#editor")) settle();
  });
  // A move that was not saved must not look as if it were.
  document.addEventListener("htmx:afterRequest", (event) => {
    const failed = !event.detail.successful && event.detail.xhr.status !== 409;
    if (failed && event.detail.pathInfo?.requestPath.endsWith("/move") && editor()) {
      htmx.ajax("GET", location.pathname, swap);
    }
  });

  document.addEventListener("click", onClick);
  document.addEventListener("click", onMenu, true);
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("keydown", onHandleKey);
  document.addEventListener("keydown", onSearchKey, true);
  document.addEventListener("input", filterActions);
  document.addEventListener("toggle", onToggle, true);
  document.addEventListener("change", onSecret);
  document.addEventListener("change", onKind);
  document.addEventListener("input", onLocator);
  document.addEventListener("DOMContentLoaded", makeSortable);
})();
