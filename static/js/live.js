// Keeps every page up to date: one live stream for all tabs of this browser, read by one of them (the leader) and
// passed on to the others. Written with fetch and not EventSource, because heartbeats and refusals must be seen here.
(() => {
  const meta = document.querySelector("meta[name=live-cursor]");
  if (!meta) return; // nobody is logged in

  const STALE_MS = 30000; // heartbeats come every 10 s
  const FRESH_MS = 60000; // older news are no toast any more
  const MOST_KEPT = 300;
  const MOST_TOASTS = 4;
  const scope = `lamplighter-live-${meta.dataset.scope}`; // another account in this browser has a stream of its own
  const rowOf = (id) => Number(id.split("-")[1]);
  const wait = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

  let cursor = meta.content; // the newest event that this page has, read before the page itself
  let state = "connecting"; // connecting, live, late (the server polls), cut (we do)
  let heardAt = Date.now();

  // ---- What an event does to this page ----

  const refresh = () => document.querySelectorAll('[hx-trigger*="refresh"]').forEach((part) => htmx.trigger(part, "refresh"));

  const hurries = {};
  const hurry = (name) => {
    clearTimeout(hurries[name]);
    hurries[name] = setTimeout(() => htmx.trigger(document.body, name), 300);
  };

  const keepOpen = (old, made) => {
    old.querySelectorAll("details[id][open]").forEach((one) => made.querySelector(`#${one.id}`)?.setAttribute("open", ""));
    return old.querySelector("dialog[open]")?.id;
  };

  const put = (made) => {
    const old = document.getElementById(made.id);
    if (!old || old.isEqualNode(made)) return;
    const focused = old.contains(document.activeElement) ? document.activeElement.id : "";
    const dialog = keepOpen(old, made);
    old.replaceWith(made);
    htmx.process(made);
    if (dialog) document.getElementById(dialog)?.showModal();
    if (focused) document.getElementById(focused)?.focus({ preventScroll: true });
  };

  const toastLife = (box) => {
    const life = { info: 6000, success: 6000, warning: 12000 }[box.firstElementChild.dataset.kind];
    const tick = () => (box.matches(":hover, :focus-within") ? setTimeout(tick, 1500) : box.remove());
    if (life) setTimeout(tick, life);
  };

  const toast = (box) => {
    const text = box.querySelector("[data-toast-text]").textContent.trim();
    if (document.querySelector(`[data-run="${box.dataset.ofRun}"]`)) return window.announce?.(text); // its own page shows it
    const region = document.getElementById("toasts");
    const all = () => [...region.querySelectorAll("[data-live-toast]")];
    all().forEach((one) => one.childElementCount || one.remove()); // closed by hand
    const old = document.getElementById(box.id);
    if (old) old.replaceWith(box);
    else region.append(box);
    while (all().length > MOST_TOASTS) all()[0].remove();
    toastLife(box);
  };

  const draw = (message) => {
    const template = document.createElement("template");
    template.innerHTML = message.html;
    const isFresh = !message.id || Date.now() - Number(message.id.split("-")[0]) < FRESH_MS;
    [...template.content.children].forEach((made) => {
      if (!made.matches("[data-live-toast]")) put(made);
      else if (isFresh && !document.hidden) toast(made);
    });
    if (/^(run\.|test\.(started|completed)$)/.test(message.event)) hurry("runs-changed");
    if (/^(flow|incident)\./.test(message.event)) hurry("flows-changed");
    paint();
  };

  const receive = (message) => {
    if (message.id) {
      if (message.event !== "reset" && rowOf(message.id) <= rowOf(cursor)) return; // from a tab that was behind us
      cursor = message.id;
    }
    if (message.event === "reset") refresh();
    else if (message.event === "live.late") become("late");
    else if (message.event === "live.prompt") become("live");
    else if (message.event !== "lagged") draw(message);
  };

  // ---- How fresh this page is ----

  const WORDS = {
    connecting: "Connecting …",
    live: "Live",
    late: "Live, a second behind",
    cut: "Live view interrupted; refreshed every 5 s",
    out: "You are logged out. Reload the page to log in",
  };

  const paint = () => {
    document.querySelectorAll("[data-live-pill]").forEach((pill) => {
      if (pill.dataset.livePill === state) return;
      pill.dataset.livePill = state;
      pill.textContent = WORDS[state];
    });
  };

  const become = (next) => {
    state = next;
    paint();
  };

  const heard = () => {
    heardAt = Date.now();
    if (state === "cut" || state === "connecting") become("live");
  };

  // ---- The stream ----

  const parse = (block) => {
    const message = { event: "", id: "", html: "" };
    const data = [];
    block.split("\n").forEach((line) => {
      const [name, value] = [line.slice(0, line.indexOf(":")), line.slice(line.indexOf(":") + 1).replace(/^ /, "")];
      if (name === "data") data.push(value);
      else if (name === "event" || name === "id") message[name] = value;
    });
    message.html = data.join("\n");
    return message.event ? message : null;
  };

  // Resolves when the stream ends by itself; "refused" when the server has none for us, "out" when we are nobody.
  const read = async (signal, take, alive) => {
    const answer = await fetch(`/events?as=html&after=${encodeURIComponent(cursor)}`, {
      signal, cache: "no-store", redirect: "manual", headers: { Accept: "text/event-stream" },
    });
    if (answer.type === "opaqueredirect" || answer.status === 401) return "out";
    if (!answer.ok) return "refused";
    const reader = answer.body.pipeThrough(new TextDecoderStream()).getReader();
    let rest = "";
    for (;;) {
      const { value, done } = await reader.read();
      if (done) return "ended";
      alive();
      const blocks = (rest + value).split("\n\n");
      rest = blocks.pop();
      blocks.map(parse).forEach((message) => message && take(message));
    }
  };

  let cutOff = null; // ends the stream that is being read

  const follow = async (signal, take, alive) => {
    let failures = 0;
    while (!signal.aborted) {
      const one = new AbortController();
      cutOff = () => one.abort();
      signal.addEventListener("abort", cutOff, { once: true });
      const began = Date.now();
      let end = "cut";
      try {
        end = await read(one.signal, take, alive);
      } catch (error) {
        if (signal.aborted) return;
        if (error.name !== "AbortError" && !(error instanceof TypeError)) throw error; // a mistake of ours
      }
      if (end === "out") return become("out");
      failures = Date.now() - began > 5000 ? 0 : failures + 1;
      if (end === "ended" && failures < 3) continue; // it had its time: on with the next, from where we are
      become("cut");
      onCut();
      const pause = end === "refused" ? 30000 : Math.min(30000, 500 * 2 ** failures) * (0.8 + 0.4 * Math.random());
      await Promise.race([wait(pause), new Promise((resolve) => window.addEventListener("online", resolve, { once: true }))]);
    }
  };

  let onCut = () => {};

  // ---- Tabs ----

  const shareWithTabs = () => {
    const channel = new BroadcastChannel(scope);
    const me = crypto.randomUUID();
    let kept = [];
    let keptSince = cursor;
    let isLeader = false;
    let toldAt = 0;
    const say = (kind, more = {}) => channel.postMessage({ kind, from: me, ...more });

    const take = (message) => {
      receive(message);
      if (message.event === "reset") [kept, keptSince] = [[], message.id];
      else if (message.id) kept.push(message);
      if (kept.length > MOST_KEPT) keptSince = kept.shift().id;
      say("message", { message });
    };

    const alive = () => {
      heard();
      if (Date.now() - toldAt < 2000) return;
      toldAt = Date.now();
      say("state", { state });
    };

    const welcome = (to, after) => {
      const isCovered = rowOf(after) >= rowOf(keptSince);
      const missed = isCovered ? kept.filter((message) => rowOf(message.id) > rowOf(after)) : [];
      say("welcome", { to, state, missed, reset: isCovered ? null : cursor });
    };

    channel.onmessage = ({ data }) => {
      if (data.kind === "hello" && isLeader) return welcome(data.from, data.after);
      if (isLeader || data.kind === "hello" || (data.to && data.to !== me)) return;
      heardAt = Date.now();
      if (data.state) become(data.state);
      if (data.message) receive(data.message);
      (data.missed || []).forEach(receive);
      if (data.reset) receive({ event: "reset", id: data.reset });
    };

    const lead = async () => {
      isLeader = true;
      [kept, keptSince] = [[], cursor];
      const lost = new AbortController();
      stop = () => lost.abort();
      onCut = () => say("state", { state });
      await follow(lost.signal, take, alive);
      isLeader = false;
    };

    const stand = (options = {}) =>
      navigator.locks.request(scope, options, lead).catch((error) => {
        if (error.name !== "AbortError") throw error;
        stop(); // another tab, which had not heard of us for long, leads now
        isLeader = false;
        return stand();
      });

    let stop = () => {};
    stand();
    say("hello", { after: cursor });
    return {
      stale: () => (isLeader ? cutOff() : document.hidden || stand({ steal: true })),
      stop: () => stop(),
    };
  };

  // Browsers without locks (pages over plain http, other than localhost): a stream as long as the tab is seen.
  const onlyWhileSeen = () => {
    let running = null;
    const look = () => {
      if (document.hidden) {
        running?.abort();
        running = null;
      } else if (!running) {
        running = new AbortController();
        follow(running.signal, receive, heard);
      }
    };
    document.addEventListener("visibilitychange", look);
    look();
    return { stale: () => running && cutOff(), stop: () => running?.abort() };
  };

  // ---- Beside the stream ----

  const begins = new WeakMap(); // running durations: what they said at first, and when that was

  const told = (ms) => {
    const seconds = Math.floor(ms / 1000);
    return seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${String(seconds % 60).padStart(2, "0")} s`;
  };

  const tick = () => {
    document.querySelectorAll("[data-elapsed-ms]").forEach((span) => {
      if (!begins.has(span)) begins.set(span, performance.now() - Number(span.dataset.elapsedMs));
      span.textContent = told(performance.now() - begins.get(span));
    });
  };

  // Lists poll by htmx, but not in tabs that nobody sees.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const isPoll = event.target.matches?.('[hx-trigger*="every "]') && event.detail.elt === event.target;
    if (isPoll && document.hidden) event.preventDefault();
  });

  // Empty filters do not make addresses longer.
  document.addEventListener("htmx:configRequest", (event) => {
    if (!event.detail.elt.matches("form[data-tidy]")) return;
    const values = event.detail.parameters;
    Object.keys(values).forEach((name) => values[name] === "" && delete values[name]);
  });

  document.addEventListener("htmx:afterSwap", paint);

  document.addEventListener("DOMContentLoaded", () => {
    const source = navigator.locks && window.BroadcastChannel ? shareWithTabs() : onlyWhileSeen();
    paint();
    tick();
    setInterval(tick, 1000);
    setInterval(() => {
      if (document.hidden) return;
      if (Date.now() - heardAt > STALE_MS && state !== "out") {
        heardAt = Date.now();
        become("cut");
        source.stale();
      }
      if (state === "cut") document.querySelectorAll("[data-follows]").forEach((part) => htmx.trigger(part, "refresh"));
    }, 5000);
    document.addEventListener("visibilitychange", () => document.hidden || hurry("runs-changed"));
    window.addEventListener("pagehide", source.stop);
    window.addEventListener("pageshow", (event) => event.persisted && location.reload());
  });
})();
