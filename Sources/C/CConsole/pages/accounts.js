// Accounts: found, raised and lowered, switched off and on.

import {call, query} from "./api.js";
import {announce, button, complaint, field, h, select} from "./dom.js";
import {confirm} from "./dialog.js";
import {refreshOn} from "./feed.js";
import {count, levels, time} from "./format.js";
import {table} from "./table.js";

export const title = "Accounts";

const pageSize = 50;

function nameOf(account) { return account.name ?? account.username ?? account.email ?? `Account ${account.id}`; }

function activity(account) {
  return h("span", {class: `state ${account.active ? "good" : "over"}`}, account.active ? "active" : "not active");
}

/** What is typed, as a condition: a number is an id, an address an address, anything else a user name. */
function condition(text) {
  if (text === "") return {};
  if (/^[1-9][0-9]{0,18}$/.test(text)) return {id: text};
  return text.includes("@") ? {email: text} : {username: text};
}

function list(container, parameters, go) {
  const text = parameters.get("q") ?? "";
  const level = parameters.get("level") ?? "";
  const active = parameters.get("active") ?? "";
  const places = [null];
  let next = null;
  let isGone = false;

  const search = h("input", {type: "search", name: "q", value: text, autocomplete: "off", spellcheck: "false"});
  const levelChoice = select("level", [["", "Any level"], ...levels], level);
  const activeChoice = select("active", [["", "Active or not"], ["true", "Active"], ["false", "Not active"]], active);
  const form = h("form", {class: "filter", role: "search", "aria-label": "Accounts", on: {submit: event => {
    event.preventDefault();
    go("accounts", {q: search.value.trim(), level: levelChoice.value, active: activeChoice.value});
  }}},
    h("div", {class: "fields"},
      field("E-mail, user name or number", search, "Exactly as it is."), field("Level", levelChoice),
      field("Activity", activeChoice),
      h("div", {class: "actions"}, h("button", {class: "primary"}, "Show"),
        h("a", {href: "#/accounts", class: "button"}, "Clear"))));
  const rows = table({
    caption: "Accounts that match", key: account => String(account.id), empty: "No account matches.",
    columns: [
      {name: "Name", class: "long", cell: account => h("a", {href: `#/accounts/${account.id}`}, nameOf(account))},
      {name: "Number", class: "number", cell: account => account.id},
      {name: "E-mail", class: "long", cell: account => account.email ?? ""},
      {name: "Level", cell: account => levels.find(([key]) => key === account.level)?.[1] ?? account.level},
      {name: "Activity", cell: activity},
      {name: "Password", cell: account => account.has_password ? "set" : "none"},
      {name: "Created", cell: account => time(account.created)},
    ],
  });
  const problem = h("div", {});
  const newer = button("Previous page", () => { places.pop(); return load(); });
  const older = button("Next page", () => { places.push(next); return load(); });
  container.append(h("div", {class: "head"}, h("h1", {}, title)), form, problem, rows.element,
    h("nav", {class: "paging", "aria-label": "Pages of the list"}, newer, older));

  async function find(background) {
    const {id, ...rest} = condition(text);
    if (id === undefined) {
      return call("GET", `/console/api/accounts${query({
        ...rest, level, active, order: "newest", limit: pageSize, cursor: places[places.length - 1]})}`, {background});
    }
    try {
      const account = await call("GET", `/console/api/accounts/${id}`, {background});
      const isMeant = (!level || account.level === level) && (!active || String(account.active) === active);
      return {accounts: isMeant ? [account] : [], next: null};
    } catch (error) {
      if (error.status === 404) return {accounts: [], next: null};
      throw error;
    }
  }

  async function load({background} = {}) {
    let page;
    try { page = await find(background); } catch (error) {
      if (!isGone && !background) problem.replaceChildren(complaint(error.message));
      return;
    }
    if (isGone) return;
    problem.replaceChildren();
    rows.set(page.accounts, {isLive: background});
    next = page.next;
    newer.hidden = places.length === 1;
    older.hidden = next === null;
    if (!background) announce(`${page.accounts.length} accounts`);
  }

  const stop = refreshOn("account.", () => load({background: true}));
  return {ready: load(), leave() { isGone = true; stop(); }};
}

function detail(container, id) {
  const address = `/console/api/accounts/${encodeURIComponent(id)}`;
  const body = h("div", {});
  const problem = h("div", {});
  let isGone = false;
  container.append(h("p", {}, h("a", {href: "#/accounts"}, "← All accounts")), h("h1", {}, "Account"), problem, body);

  async function change(account, patch, done) {
    try {
      const changed = await call("PATCH", address, {body: patch, match: account.revision});
      problem.replaceChildren(h("p", {class: "done", role: "status"}, done));
      draw(changed);
    } catch (error) {
      problem.replaceChildren(complaint(error.code === "revision_mismatch"
        ? "Somebody else changed this account meanwhile; it is shown anew." : error.message));
      await load();
    }
  }

  async function switchActivity(account) {
    if (account.active) {
      const isMeant = await confirm({
        title: `Deactivate ${nameOf(account)}?`, action: "Deactivate",
        content: h("p", {}, "All sessions of this account end at once, and its user can’t log in until it is active "
          + "again."),
      });
      if (!isMeant) return;
    }
    await change(account, {active: !account.active}, account.active ? "The account is not active any more, and its "
      + "sessions are closed." : "The account is active.");
  }

  function fact(name, value) {
    return value === undefined || value === "" ? null : h("div", {}, h("dt", {}, name), h("dd", {}, value));
  }

  let isChoosing = () => false;

  function draw(account) {
    if (isGone) return;
    const hadFocus = body.contains(document.activeElement);
    const choice = select("level", levels, account.level);
    isChoosing = () => choice.value !== account.level;
    const user = encodeURIComponent(account.id);
    body.replaceChildren(h("div", {class: "columns"},
      h("section", {class: "panel"}, h("h2", {}, nameOf(account)),
        h("dl", {class: "facts"},
          fact("Number", account.id), fact("Activity", activity(account)), fact("E-mail", account.email),
          fact("Address verified", account.verified ? "yes" : "no"), fact("User name", account.username),
          fact("Name", [account.first_name, account.last_name].filter(Boolean).join(" ")),
          fact("Time zone", account.timezone), fact("Password", account.has_password ? "set" : "none"),
          fact("Created", time(account.created)), fact("Revision", account.revision),
          account.links.map(link => fact("Provider", `${link.issuer}: ${link.subject}`)))),
      h("section", {class: "panel"}, h("h2", {}, "What it may do"),
        h("form", {on: {submit: event => {
          event.preventDefault();
          change(account, {level: choice.value},
            `The level is ${choice.value} now, for the next request of each session.`);
        }}}, field("Level", choice, "Counts for the next request of each of its sessions."),
          h("div", {class: "actions"}, h("button", {class: "primary"}, "Set the level"))),
        h("hr", {}),
        h("div", {class: "actions"},
          button(account.active ? "Deactivate…" : "Activate", () => switchActivity(account),
            {class: account.active ? "danger" : "primary"}),
          h("a", {class: "button", href: `#/sessions?user_id=${user}&state=open`}, "Its live sessions"),
          h("a", {class: "button", href: `#/sessions?user_id=${user}`}, "All its sessions")))));
    if (hadFocus) choice.focus();
  }

  async function load({background} = {}) {
    try {
      const account = await call("GET", address, {background});
      // What somebody is about to choose is not taken out of their hands.
      if (!background || !isChoosing()) draw(account);
    } catch (error) {
      if (!isGone && !background) problem.replaceChildren(complaint(error.message));
    }
  }

  const stop = refreshOn("account.", () => load({background: true}));
  return {ready: load(), leave() { isGone = true; stop(); }};
}

export function show(container, parameters, go, path) {
  return path[1] ? detail(container, path[1]) : list(container, parameters, go);
}
