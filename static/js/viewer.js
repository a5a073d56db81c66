// The pictures of a run in full size: one dialog, by mouse, keyboard or finger. Without script the links open them.
(() => {
  const viewer = () => document.getElementById("viewer");
  const links = () => [...document.querySelectorAll("a[data-picture]")]; // looked up each time: new ones come live
  let shown = null; // the address, since a live update may replace its link

  const at = () => links().findIndex((link) => link.getAttribute("href") === shown);

  const show = (link) => {
    const all = links();
    const dialog = viewer();
    shown = link.getAttribute("href");
    const picture = dialog.querySelector("[data-viewer-picture]");
    picture.alt = link.querySelector("img")?.alt ?? "";
    picture.src = shown;
    dialog.querySelector("#viewer-caption").textContent = link.dataset.caption;
    dialog.querySelector("[data-viewer-count]").textContent = `${all.indexOf(link) + 1} of ${all.length}`;
    dialog.querySelector("[data-viewer-original]").href = shown;
    dialog.dataset.state = link.dataset.state;
    mark();
    if (!dialog.open) dialog.showModal();
  };

  const mark = () => {
    const all = links();
    viewer().querySelectorAll("[data-viewer-step]").forEach((button) => {
      button.disabled = !all[at() + Number(button.dataset.viewerStep)];
    });
  };

  const step = (by) => {
    const next = links()[at() + by];
    if (next) show(next);
  };

  document.addEventListener("click", (event) => {
    if (event.defaultPrevented || event.button || event.ctrlKey || event.metaKey || event.shiftKey) return;
    const link = event.target.closest("a[data-picture]");
    const opener = event.target.closest("a[data-opens-picture]");
    const button = event.target.closest("[data-viewer-step]");
    const target = link || (opener && document.querySelector(`#${opener.dataset.opensPicture} a[data-picture]`));
    if (target) {
      event.preventDefault();
      show(target);
    } else if (button) {
      step(Number(button.dataset.viewerStep));
    } else if (event.target.matches(".viewer-stage")) {
      viewer().close();
    }
  });

  document.addEventListener("keydown", (event) => {
    if (!viewer()?.open) return;
    const by = { ArrowLeft: -1, ArrowRight: 1 }[event.key];
    if (by) {
      event.preventDefault();
      step(by);
    }
    if (event.key === "Home" || event.key === "End") {
      event.preventDefault();
      const link = links().at(event.key === "Home" ? 0 : -1);
      if (link) show(link);
    }
  });

  // A finger's swipe, sideways and not too short.
  let from = null;
  document.addEventListener("pointerdown", (event) => {
    from = event.target.closest?.(".viewer-stage") ? event.clientX : null;
  });
  document.addEventListener("pointerup", (event) => {
    if (from === null || event.pointerType === "mouse") return;
    const way = event.clientX - from;
    if (Math.abs(way) > 48) step(way > 0 ? -1 : 1);
    from = null;
  });
})();
