// What happens, as it happens.

import {call} from "./api.js";
import {button, complaint, field, h, select} from "./dom.js";
import {actor} from "./detail.js";
import {follow, kinds, watchState} from "./feed.js";
import {reasons, time} from "./format.js";
import {table} from "./table.js";

export const title = "Events";

const room = 300;

export function show(container) {
  let events = [];
  let held = [];
  let isHeld = false;
  let isDue = false;
  let isGone = false;

  const state = h("p", {class: "hint"});
  const problem = h("div", {});
  const choice = select("type", [["", "All kinds"], ...kinds.map(kind => [kind, kind])]);
  choice.addEventListener("change", draw);
  const pause = button("Pause", () => {
    isHeld = !isHeld;
    pause.textContent = isHeld ? "Go on" : "Pause";
    pause.setAttribute("aria-pressed", String(isHeld));
    if (!isHeld) { events = [...held, ...events].slice(0, room); held = []; draw(); }
    tellState();
  }, {"aria-pressed": "false"});
  const list = table({
    caption: "Events, newest first", key: event => event.cursor, empty: "Nothing has happened yet.",
    columns: [
      {name: "When", cell: event => time(event.time)},
      {name: "What", cell: event => h("span", {class: `mono kind ${event.type.split(".")[0]}`}, event.type)},
      {name: "Why", cell: event => event.reason ? reasons[event.reason] ?? event.reason : ""},
      {name: "User", class: "long", cell: event => event.user_id === undefined ? ""
        : h("a", {href: `#/sessions?user_id=${encodeURIComponent(event.user_id)}`}, event.user_id)},
      {name: "Session", cell: event => event.session_id === undefined ? ""
        : h("a", {href: `#/sessions/${event.session_id}`, class: "mono"}, `${event.session_id.slice(0, 8)}…`)},
      {name: "By", class: "long", cell: event => actor(event).replace(/^by /, "")},
      {name: "More", class: "mono long", cell: event =>
        event.details === undefined ? "" : JSON.stringify(event.details)},
    ],
  });
  container.append(
    h("div", {class: "head"}, h("h1", {}, title), h("div", {class: "actions"}, pause)),
    h("div", {class: "fields"}, field("Kind", choice)), state, problem, list.element);

  let isLive = false;
  function tellState() {
    state.textContent = isHeld ? `Paused; ${held.length} have come meanwhile.`
      : isLive ? `Live. The newest ${room} are kept here.` : "Connecting…";
  }

  function draw() {
    isDue = false;
    if (!isGone) list.set(events.filter(event => !choice.value || event.type === choice.value));
  }

  function add(event) {
    if ([...events, ...held].some(known => known.cursor === event.cursor)) return;
    if (isHeld) {
      held = [event, ...held].slice(0, room);
      return tellState();
    }
    events = [event, ...events].slice(0, room);
    // Thousands may come in a second: they are drawn a few times in it.
    if (!isDue) { isDue = true; setTimeout(draw, 200); }
  }

  async function load() {
    try {
      const recent = await call("GET", "/console/api/events/recent");
      const known = new Set(events.map(event => event.cursor));
      events = [...events, ...recent.events.reverse().filter(event => !known.has(event.cursor))].slice(0, room);
      draw();
    } catch (error) {
      if (!isGone) problem.replaceChildren(complaint(error.message));
    }
  }

  const leaveFeed = follow(add);
  const leaveState = watchState(value => { isLive = value; tellState(); });
  return {ready: load(), leave() { isGone = true; leaveFeed(); leaveState(); }};
}
