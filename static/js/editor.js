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

  // Moving, by mouse or by keyboard, is one request: the step and its place counted from 0.
  const move = (uid, index) => {
    const url = $("#steps").dataset.move.replace("UID", uid);
    const version = $("#steps-form [name=version]").value;
    return htmx.ajax("POST", url, { ...swap, values: { index, version } });
  };

  let undoDrag = () => {};

  const makeSortable = () => {
    const list = $("#steps");
    if (!list || list.dataset.sortable || !window.Sortable) return;
    list.dataset.sortable = "yes";
    const sortable = window.Sortable.create(list, {
      handle: ".step-handle",
      draggable: ".step",
      dataIdAttr: "data-uid",
      animation: 150,
      onStart: () => {
        const order = sortable.toArray();
        undoDrag = () => sortable.sort(order);
      },
      onEnd: ({ item, oldDraggableIndex: from, newDraggableIndex: to }) => {
        if (from !== to) move(item.dataset.uid, to);
      },
    });
  };

  const onHandleKey = (event) => {
    const handle = event.target.closest(".step-handle");
    const by = { ArrowUp: -1, ArrowDown: 1 }[event.key];
    if (!handle || !by) return;
    event.preventDefault();
    const steps = $$(".step");
    const at = steps.indexOf(handle.closest(".step"));
    const to = at + by;
    if (to < 0 || to >= steps.length) {
      window.announce(by < 0 ? "It is the first step already." : "It is the last step already.");
      return;
    }
    move(handle.closest(".step").dataset.uid, to);
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

  // After a change: find the place where the reader was, and light up what has changed.
  let before = new Map();
  let focused = "";

  const remember = () => {
    // htmx would copy what dragging left in style attributes, which the content policy forbids.
    $$("#editor [style]").forEach((moved) => moved.removeAttribute("style"));
    before = new Map($$(".step").map((step) => [step.dataset.uid, step.textContent]));
    const step = document.activeElement && document.activeElement.closest(".step");
    const saved = $("#step-form [name=uid]");
    focused = saved ? `edit-${saved.value}` : "";
    if (step) focused = document.activeElement.id || `menu-${step.dataset.uid}`;
  };

  const settle = () => {
    makeSortable();
    const added = $$(".step").filter((step) => !before.has(step.dataset.uid));
    if (before.size) added.forEach((step) => step.classList.add("was-changed"));
    const form = $("#step-form");
    if (form) {
      form.scrollIntoView({ block: "nearest" });
      return;
    }
    // The address of a form that was opened by it would open the form again.
    if (location.search || location.hash === "#step-form") history.replaceState(history.state, "", location.pathname);
    if (focused === "edit-" && added.length) focused = $(".step-title", added[0]).id;
    const lost = !document.activeElement || document.activeElement === document.body;
    if (lost && focused) ($(`#${CSS.escape(focused)}`) || $(".add-step > summary"))?.focus();
    focused = "";
  };

  document.addEventListener("htmx:beforeSwap", (event) => {
    if (event.detail.target.id === "editor") remember();
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
  document.addEventListener("submit", onSubmit, true);
  document.addEventListener("keydown", onHandleKey);
  document.addEventListener("change", onSecret);
  document.addEventListener("input", onLocator);
  document.addEventListener("DOMContentLoaded", makeSortable);
})();
