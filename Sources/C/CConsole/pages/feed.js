// What happens, as it happens: one stream for the page, followed by whoever listens.

const kinds = ["session.opened", "session.renewed", "session.changed", "session.closed", "session.removed",
  "login.succeeded", "login.refused", "account.created", "account.changed", "account.password_changed",
  "account.removed", "key.created", "key.revoked"];

// What the stream tells besides: not what it is, but that it has changed.
const news = "nodes";

const listeners = new Set();
const newsListeners = new Set();
const stateListeners = new Set();
let source = null;
let whenLost = null;
let place = null;
let isLive = false;

function setLive(value) {
  isLive = value;
  for (const listener of stateListeners) listener(isLive);
}

function open() {
  if (source || !whenLost || document.hidden) return;
  source = new EventSource(`/console/api/events${place === null ? "" : `?after=${place}`}`);
  source.addEventListener("open", () => setLive(true));
  source.addEventListener("error", () => {
    setLive(false);
    if (source?.readyState === EventSource.CLOSED) {
      const lost = whenLost;
      close();
      lost?.();
    }
  });
  source.addEventListener(news, () => { for (const listener of newsListeners) listener(); });
  for (const kind of kinds) {
    source.addEventListener(kind, message => {
      let event;
      try { event = JSON.parse(message.data); } catch { return; }
      place = event.cursor;
      for (const listener of listeners) listener(event);
    });
  }
}

function close() {
  source?.close();
  source = null;
  setLive(false);
}

// A page that nobody looks at holds no connection: browsers have six for a server, and there may be many tabs. It goes
// on where it was.
document.addEventListener("visibilitychange", () => { if (document.hidden) close(); else open(); });
window.addEventListener("pagehide", close);
window.addEventListener("pageshow", open);

/** Begins to follow; `lost` is called when the server refuses to go on. */
export function start(lost) {
  stop();
  whenLost = lost;
  open();
}

/** Follows no more. */
export function stop() {
  whenLost = null;
  place = null;
  close();
}

/** Calls a function with each event; answers how to stop that. */
export function follow(listener) {
  listeners.add(listener);
  return () => listeners.delete(listener);
}

/** Calls a function when something about the nodes has changed; answers how to stop that. */
export function followNodes(listener) {
  newsListeners.add(listener);
  return () => newsListeners.delete(listener);
}

/** Calls a function with whether the stream is there, now and at each change; answers how to stop that. */
export function watchState(listener) {
  stateListeners.add(listener);
  listener(isLive);
  return () => stateListeners.delete(listener);
}

/** Calls a function soon after the last of several events of some kinds, but at least every two seconds. */
export function refreshOn(prefix, refresh, {every} = {}) {
  let timer = null;
  let isUnderWay = false;
  const run = async () => {
    timer = null;
    // Looked at again, it is made anew all the same.
    if (document.hidden) return;
    if (isUnderWay) return void schedule();
    isUnderWay = true;
    try { await refresh(); } catch { /* the page says so when it is asked by hand */ } finally { isUnderWay = false; }
  };
  const schedule = () => { timer ??= setTimeout(run, 700); };
  const leave = follow(event => { if (event.type.startsWith(prefix)) schedule(); });
  const look = () => { if (!document.hidden) schedule(); };
  document.addEventListener("visibilitychange", look);
  const interval = every ? setInterval(schedule, every) : null;
  return () => {
    leave();
    document.removeEventListener("visibilitychange", look);
    clearTimeout(timer);
    timer = -1;
    clearInterval(interval);
  };
}

export {kinds};
