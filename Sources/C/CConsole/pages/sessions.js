// Sessions: filtered, paged, closed one by one or all that match.

import {call, query} from "./api.js";
import {announce, button, complaint, field, h, select} from "./dom.js";
import {confirm} from "./dialog.js";
import {refreshOn} from "./feed.js";
import {agent, count, reasons, time} from "./format.js";
import {table} from "./table.js";

export const title = "Sessions";

const pageSize = 50;
const times = ["opened_from", "opened_to", "from", "to"];
const conditions = ["user_id", "state", "kind", "status", "address", "client", ...times];

/** What a session is now, in a word, with the reason if it has ended. */
export function standing(session) {
  const isOpen = session.state === "open";
  return h("span", {class: `state ${isOpen ? "good" : "over"}`},
    isOpen ? "live" : `ended: ${reasons[session.close_reason] ?? session.close_reason}`);
}

/** Asks, and closes one session; answers it as it is then, or nothing. */
export async function closeOne(session) {
  const isMeant = await confirm({
    title: "Close this session?", action: "Close it",
    content: h("p", {}, "The session of ", h("b", {}, session.user_name ?? session.user_id),
      " ends at once, on every node. Its user has to log in again."),
  });
  if (!isMeant) return null;
  const closed = await call("POST", `/console/api/sessions/${encodeURIComponent(session.id)}/close`,
    {body: {reason: "revoked"}});
  announce("The session is closed.");
  return closed;
}

function local(text) {
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return "";
  return new Date(date.getTime() - date.getTimezoneOffset() * 60000).toISOString().slice(0, 16);
}

export function show(container, parameters, go) {
  const given = Object.fromEntries(conditions.map(name => [name, parameters.get(name) ?? ""]));
  const order = parameters.get("order") ?? "newest";
  const places = [null];
  let next = null;
  let isGone = false;
  let latest = 0;

  const inputs = {
    user_id: h("input", {name: "user_id", autocomplete: "off", spellcheck: "false"}),
    state: select("state", [["", "Live or ended"], ["open", "Live"], ["closed", "Ended"]]),
    kind: h("input", {name: "kind", autocomplete: "off"}), status: h("input", {name: "status", autocomplete: "off"}),
    address: h("input", {name: "address", autocomplete: "off"}),
    client: h("input", {name: "client", autocomplete: "off"}),
  };
  for (const name of times) inputs[name] = h("input", {name, type: "datetime-local"});
  for (const name of conditions) {
    inputs[name].value = times.includes(name) && given[name] ? local(given[name]) : given[name];
  }
  const orders = select("order", [["newest", "Newest first"], ["oldest", "Oldest first"],
    ["recent", "Latest request first"], ["least_recent", "Longest unused first"]], order);

  const more = h("details", {open: conditions.slice(2).some(name => given[name])},
    h("summary", {}, "More conditions"),
    h("div", {class: "fields"},
      field("Kind", inputs.kind), field("Status", inputs.status), field("Address", inputs.address),
      field("Client", inputs.client), field("Opened from", inputs.opened_from),
      field("Opened before", inputs.opened_to),
      field("Last request from", inputs.from), field("Last request before", inputs.to)));
  const form = h("form", {class: "filter", role: "search", "aria-label": "Sessions", on: {submit: event => {
    event.preventDefault();
    go("sessions", asked());
  }}},
    h("div", {class: "fields"}, field("User id", inputs.user_id), field("State", inputs.state), field("Order", orders),
      h("div", {class: "actions"}, h("button", {class: "primary"}, "Show"),
        h("a", {href: "#/sessions", class: "button"}, "Clear"))),
    more);

  const list = table({
    caption: "Sessions that match", key: session => session.id, empty: "No session matches.",
    columns: [
      {name: "User", class: "long", cell: session => [
        h("a", {href: `#/sessions/${session.id}`}, session.user_name ?? session.user_id),
        session.user_name ? h("small", {}, session.user_id) : null]},
      {name: "State", cell: standing},
      {name: "Kind", class: "long", cell: session => session.kind ?? ""},
      {name: "Client", class: "long", cell: session => session.client ?? agent(session.user_agent)},
      {name: "Address", class: "mono long address", cell: session => session.address ?? ""},
      {name: "Opened", cell: session => time(session.open_time)},
      {name: "Last request", cell: session => time(session.request_time)},
      {name: "Ends", cell: session => time(session.expires_at ?? session.close_time)},
      {name: "", class: "tight", cell: session => session.state !== "open" ? null
        : button("Close", async () => { if (await closeOne(session)) await load(); },
          {"aria-label": `Close the session of ${session.user_name ?? session.user_id}`})},
    ],
  });
  const problem = h("div", {});
  const newer = button("Previous page", () => { places.pop(); return load(); });
  const older = button("Next page", () => { places.push(next); return load(); });
  const number = h("span", {class: "hint"});

  container.append(
    h("div", {class: "head"}, h("h1", {}, title), button("Close all that match…", closeAll, {class: "danger"})),
    form, problem, list.element, h("nav", {class: "paging", "aria-label": "Pages of the list"}, newer, number, older));

  function asked() {
    const values = {};
    for (const name of conditions) {
      const value = inputs[name].value.trim();
      if (value) values[name] = times.includes(name) ? new Date(value).toISOString() : value;
    }
    if (orders.value !== "newest") values.order = orders.value;
    return values;
  }

  async function load({background} = {}) {
    const turn = latest += 1;
    let page;
    try {
      page = await call("GET", `/console/api/sessions${query({
        ...given, order, limit: pageSize, cursor: places[places.length - 1]})}`, {background});
    } catch (error) {
      if (!isGone && !background) problem.replaceChildren(complaint(error.message));
      throw error;
    }
    if (isGone || turn !== latest) return;
    if (!background) problem.replaceChildren();
    list.set(page.sessions, {isLive: background});
    next = page.next;
    newer.hidden = places.length === 1;
    older.hidden = next === null;
    const what = `${count(page.sessions.length)} ${page.sessions.length === 1 ? "session" : "sessions"}`;
    number.textContent = `Page ${places.length}, ${what}`;
    if (!background) announce(`${what} on page ${places.length}`);
  }

  async function closeAll() {
    const filter = Object.fromEntries(Object.entries(given).filter(([, value]) => value !== ""));
    const isEverything = Object.keys(filter).length === 0;
    if (isEverything) filter.state = "open";
    problem.replaceChildren();
    try {
      const {count: found} = await call("POST", "/console/api/sessions/close", {body: {filter, dry_run: true}});
      if (found === 0) {
        problem.replaceChildren(
          h("p", {class: "hint", role: "status"}, "No live session matches: there is nothing to close."));
        return;
      }
      const what = `${count(found)} live ${found === 1 ? "session" : "sessions"}`;
      const isMeant = await confirm({
        title: `Close ${what}?`, action: `Close ${what}`,
        content: [
          h("p", {}, isEverything ? "No condition is set: this is every live session, your own here too."
            : "These are all that match the list’s conditions, those on other pages too, and your own if it does."),
          h("p", {}, "Their users have to log in again. This can’t be taken back."),
        ],
      });
      if (!isMeant) return;
      const closed = await call("POST", "/console/api/sessions/close", {body: {filter, reason: "revoked"}});
      announce(`${closed.count} sessions are closed.`);
      problem.replaceChildren(h("p", {class: "done", role: "status"}, `${count(closed.count)} closed.`));
      await load({background: true});
    } catch (error) {
      problem.replaceChildren(complaint(error.message));
    }
  }

  const stop = refreshOn("session.", () => load({background: true}), {every: 15000});
  return {ready: load(), leave() { isGone = true; stop(); }};
}
