// One session: what is known of it, and how it went.

import {call} from "./api.js";
import {button, complaint, h} from "./dom.js";
import {refreshOn} from "./feed.js";
import {agent, duration, reasons, time} from "./format.js";
import {closeOne, standing} from "./sessions.js";

export const title = "Session";

const words = {
  "session.opened": "Opened", "session.renewed": "Token renewed", "session.changed": "Changed",
  "session.closed": "Ended", "session.removed": "Removed", "login.succeeded": "Logged in",
  "login.refused": "Log-in refused",
};

/** By whom something was done, in words. */
export function actor(event) {
  const names = {user: "the user", service: "a service", policy: "a rule of the policy", reaper: "its time"};
  const {kind, name, address} = event.actor;
  return `by ${name ?? names[kind] ?? kind}${address ? ` from ${address}` : ""}`;
}

export function show(container, parameters, go, path) {
  const id = path[1] ?? "";
  const address = `/console/api/sessions/${encodeURIComponent(id)}`;
  const body = h("div", {});
  let isGone = false;

  container.append(h("p", {}, h("a", {href: "#/sessions"}, "← All sessions")), h("h1", {}, title), body);

  function fact(name, value) {
    return value === null || value === undefined || value === "" ? null
      : h("div", {}, h("dt", {}, name), h("dd", {}, value));
  }

  /** The log's entries, and of what they don't tell, the session's own times; oldest first. */
  function moments(session, log) {
    const list = log.events.map(event => ({
      time: event.time, text: words[event.type] ?? event.type,
      more: [event.reason ? reasons[event.reason] ?? event.reason : null, actor(event)].filter(Boolean).join(", "),
    }));
    const isTold = type => log.events.some(event => event.type === type);
    if (!isTold("session.opened")) list.push({time: session.open_time, text: words["session.opened"], more: ""});
    if (session.generation > 0 && !isTold("session.renewed")) {
      list.push({time: session.renew_time, text: "Token renewed, for the last time", more: ""});
    }
    if (session.close_time && !isTold("session.closed")) {
      list.push({time: session.close_time, text: words["session.closed"],
        more: reasons[session.close_reason] ?? session.close_reason});
    }
    list.push({time: session.request_time, text: "Last request", more: ""});
    list.sort((left, right) => left.time < right.time ? -1 : left.time > right.time ? 1 : 0);
    if (session.expires_at) {
      list.push({time: session.expires_at, text: "Ends, if no other request comes", isAhead: true});
    }
    return list;
  }

  function draw(session, log) {
    const isOpen = session.state === "open";
    const isAccount = /^[1-9][0-9]{0,18}$/.test(session.user_id);
    body.replaceChildren(
      h("div", {class: "columns"},
        h("section", {class: "panel"},
          h("h2", {}, session.user_name ?? session.user_id),
          h("dl", {class: "facts"},
            fact("State", standing(session)), fact("Session id", h("code", {}, session.id)),
            fact("User id", isAccount ? h("a", {href: `#/accounts/${session.user_id}`}, session.user_id)
              : session.user_id),
            fact("Kind", session.kind), fact("Status", session.status), fact("Address", session.address),
            fact("Client", session.client),
            fact("Browser", session.user_agent
              ? h("span", {title: session.user_agent}, agent(session.user_agent)) : null),
            fact("Logged in by", session.login_method), fact("Idle time", duration(session.idle_timeout)),
            fact("Lifetime", duration(session.lifetime)), fact("Remembered", session.remembered ? "yes" : "no"),
            fact("Renewals", session.generation), fact("Revision", session.revision)),
          h("div", {class: "actions"},
            isOpen ? button("Close this session", async () => { if (await closeOne(session)) await load(); },
              {class: "danger"}) : null,
            h("a", {class: "button", href: `#/sessions?user_id=${encodeURIComponent(session.user_id)}`},
              "All of this user"))),
        h("section", {class: "panel"}, h("h2", {}, "How it went"),
          h("ol", {class: "timeline"}, moments(session, log).map(moment =>
            h("li", {class: moment.isAhead ? "ahead" : null}, time(moment.time), " ", h("b", {}, moment.text), " ",
              moment.more ? h("span", {class: "hint"}, moment.more) : null))),
          log.complete ? null : h("p", {class: "hint"}, "The log goes further back than was looked: only its newest "
            + "10,000 entries are searched."))),
      ...["user", "data"].filter(name => session[name] !== undefined).map(name =>
        h("section", {class: "panel"}, h("h2", {}, name === "user" ? "User" : "Data"),
          h("pre", {tabindex: "0"}, JSON.stringify(session[name], null, 2)))));
  }

  async function load({background} = {}) {
    try {
      const [session, log] = await Promise.all([
        call("GET", address, {background}), call("GET", `${address}/events`, {background}),
      ]);
      if (!isGone && !(background && body.contains(document.activeElement) && document.querySelector("dialog"))) {
        draw(session, log);
      }
    } catch (error) {
      if (!isGone && !background) body.replaceChildren(complaint(error.message));
    }
  }

  const stop = refreshOn("session.", () => load({background: true}));
  return {ready: load(), leave() { isGone = true; stop(); }};
}
