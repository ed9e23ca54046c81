// Service keys: made, shown once, revoked.

import {call, query} from "./api.js";
import {announce, button, complaint, field, h, select} from "./dom.js";
import {confirm, tell} from "./dialog.js";
import {refreshOn} from "./feed.js";
import {time} from "./format.js";
import {table} from "./table.js";

export const title = "Service keys";

const scopes = [["sessions:read", "see sessions"], ["sessions:write", "open, change and close sessions"],
  ["accounts:read", "see accounts"], ["accounts:write", "change accounts"], ["events:read", "follow events"],
  ["admin", "everything, keys too"]];

export function show(container) {
  const problem = h("div", {});
  let isGone = false;

  const list = table({
    caption: "Service keys", key: key => String(key.id), empty: "There is no service key yet.",
    columns: [
      {name: "Name", class: "long", cell: key => key.name},
      {name: "Scopes", cell: key => h("span", {class: "mono"}, key.scopes.join(" "))},
      {name: "Made", cell: key => time(key.created)},
      {name: "Ends", cell: key => key.expires ? time(key.expires) : "never"},
      {name: "Last used", cell: key => key.last_used ? time(key.last_used) : "never"},
      {name: "", class: "tight", cell: key =>
        button("Revoke", () => revoke(key), {"aria-label": `Revoke ${key.name}`})},
    ],
  });

  const name = h("input", {name: "name", required: true, maxlength: "255", autocomplete: "off"});
  const end = select("expires", [["2592000", "30 days"], ["7776000", "90 days"], ["31536000", "a year"], ["", "never"]],
    "7776000");
  const boxes = scopes.map(([scope, what]) => {
    const box = h("input", {type: "checkbox", name: "scope", value: scope});
    return {scope, box, label: h("label", {class: "check"}, box, " ", h("code", {}, scope), ` ${what}`)};
  });
  const form = h("form", {class: "panel", on: {submit: event => { event.preventDefault(); make(); }}},
    h("h2", {}, "A new key"),
    h("div", {class: "fields"}, field("Name", name, "What it is called in the log."), field("Ends after", end)),
    h("fieldset", {}, h("legend", {}, "What it may do"), boxes.map(item => item.label)),
    h("div", {class: "actions"}, h("button", {class: "primary"}, "Make the key")));
  container.append(h("div", {class: "head"}, h("h1", {}, title)), problem, list.element, form);

  async function make() {
    const chosen = boxes.filter(item => item.box.checked).map(item => item.scope);
    if (chosen.length === 0) {
      problem.replaceChildren(complaint("Choose what the key may do."));
      boxes[0].box.focus();
      return;
    }
    const body = {name: name.value, scopes: chosen};
    if (end.value) body.expires_in = Number(end.value);
    try {
      const made = await call("POST", "/console/api/keys", {body});
      problem.replaceChildren();
      form.reset();
      end.value = "7776000";
      await load();
      const secret = h("input", {readonly: true, value: made.secret, class: "mono", spellcheck: "false",
        on: {focus: () => secret.select()}});
      const copied = h("p", {class: "hint", role: "status"});
      await tell({title: "The new key", content: [
        h("p", {}, "This is the only time that it is shown. Keep it where the service reads its secrets."),
        field(made.key.name, secret),
        button("Copy", async () => {
          try { await navigator.clipboard.writeText(made.secret); copied.textContent = "Copied."; } catch {
            secret.select();
            copied.textContent = "Press Ctrl+C to copy.";
          }
        }), copied,
      ]});
    } catch (error) {
      problem.replaceChildren(complaint(error.message));
    }
  }

  async function revoke(key) {
    const isMeant = await confirm({
      title: `Revoke “${key.name}”?`, action: "Revoke",
      content: h("p", {}, "Whatever calls with this key is refused from now on. This can’t be taken back."),
    });
    if (!isMeant) return;
    try {
      await call("DELETE", `/console/api/keys/${key.id}`);
      announce("The key is revoked.");
      await load();
    } catch (error) {
      problem.replaceChildren(complaint(error.message));
    }
  }

  async function load({background} = {}) {
    const keys = [];
    let cursor = null;
    try {
      // A service has a handful of keys; a thousand are more than a page should show.
      do {
        const page = await call("GET", `/console/api/keys${query({limit: 200, cursor})}`, {background});
        keys.push(...page.keys);
        cursor = page.next;
      } while (cursor && keys.length < 1000);
      if (!isGone) list.set(keys.reverse(), {isLive: background});
    } catch (error) {
      if (!isGone && !background) problem.replaceChildren(complaint(error.message));
    }
  }

  const stop = refreshOn("key.", () => load({background: true}));
  return {ready: load(), leave() { isGone = true; stop(); }};
}
