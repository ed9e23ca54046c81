// A user's own page: where am I logged in, log out there, change the password.

import {call, onLoggedOut, query, setProof} from "./api.js";
import {announce, button, complaint, field, h} from "./dom.js";
import {confirm} from "./dialog.js";
import {agent, time} from "./format.js";
import {table} from "./table.js";

const main = document.getElementById("main");
const who = document.getElementById("who");
let isIn = false;

function showLogin(message) {
  isIn = false;
  setProof("");
  who.replaceChildren();
  const problem = h("div", {}, message ? complaint(message) : null);
  const email = h("input", {type: "email", name: "email", required: true, autocomplete: "username"});
  const password = h("input", {type: "password", name: "password", required: true, autocomplete: "current-password"});
  main.replaceChildren(h("div", {class: "gate"}, h("h1", {}, "Log in"), problem,
    h("form", {on: {submit: async event => {
      event.preventDefault();
      problem.replaceChildren();
      try {
        await call("POST", "/v2/login",
          {body: {email: email.value, password: password.value, cookie: true}, quiet: true});
        await enter();
      } catch (error) {
        problem.replaceChildren(complaint(error.code === "login_refused"
          ? "This address and password don’t open an account." : error.message));
        password.value = "";
      }
    }}}, field("E-mail", email), field("Password", password),
      h("div", {class: "actions"}, h("button", {class: "primary"}, "Log in")))));
  email.focus();
}

function showPage(session) {
  const problem = h("div", {});
  const list = table({
    caption: "Where you are logged in", key: item => item.id,
    columns: [
      {name: "Where", class: "long", cell: item => [h("b", {title: item.user_agent},
        item.client ?? (agent(item.user_agent) || "Unknown browser")),
        item.current ? h("em", {class: "here"}, "here, now") : null]},
      {name: "Address", class: "mono long address", cell: item => item.address ?? ""},
      {name: "Since", cell: item => time(item.open_time)},
      {name: "Last used", cell: item => time(item.request_time)},
      {name: "", class: "tight", cell: item => item.current ? null
        : button("Log out there", () => logOut(item), {"aria-label":
          `Log out of ${item.client ?? (agent(item.user_agent) || "an unknown browser")}`})},
    ],
  });
  const elsewhere = button("Log out everywhere else", logOutElsewhere, {class: "danger"});
  const current = h("input", {type: "password", name: "current", required: true, autocomplete: "current-password"});
  const next = h("input", {type: "password", name: "new", required: true, minlength: "8", maxlength: "1024",
    autocomplete: "new-password"});
  const again = h("input", {type: "password", name: "again", required: true, autocomplete: "new-password"});
  const answer = h("div", {});
  const form = h("form", {class: "panel", on: {submit: event => { event.preventDefault(); changePassword(); }}},
    h("h2", {}, "Change the password"), h("p", {class: "hint"}, "You are logged out everywhere else then."), answer,
    h("input", {type: "text", name: "username", autocomplete: "username", hidden: true,
      value: session.user_name ?? session.user_id}),
    field("Password now", current), field("New password", next, "8 characters or more, and not a common one."),
    field("New password again", again),
    h("div", {class: "actions"}, h("button", {class: "primary"}, "Change it")));

  who.replaceChildren(h("span", {class: "name"}, session.user_name ?? session.user_id), button("Log out", async () => {
    await call("DELETE", "/v2/session", {quiet: true}).catch(() => {});
    showLogin("You are logged out.");
  }));
  main.replaceChildren(h("div", {class: "page"},
    h("div", {class: "head"}, h("h1", {}, "Where you are logged in"), elsewhere), problem, list.element, form));

  async function load() {
    const found = [];
    let cursor = null;
    do {
      const page = await call("GET", `/v2/session/mine${query({limit: 200, cursor})}`);
      found.push(...page.sessions);
      cursor = page.next;
    } while (cursor && found.length < 1000);
    found.sort((left, right) => Number(right.current) - Number(left.current));
    list.set(found);
    elsewhere.hidden = found.length < 2;
  }

  async function attempt(action) {
    problem.replaceChildren();
    try { await action(); } catch (error) { problem.replaceChildren(complaint(error.message)); }
  }

  function logOut(item) {
    return attempt(async () => {
      try {
        await call("DELETE", `/v2/session/mine/${encodeURIComponent(item.id)}`);
      } catch (error) {
        // It ended by itself meanwhile, which is what was wanted.
        if (error.status !== 404) throw error;
      }
      announce("Logged out there.");
      await load();
    });
  }

  async function logOutElsewhere() {
    const isMeant = await confirm({title: "Log out everywhere else?", action: "Log out everywhere else",
      content: h("p", {}, "You stay logged in here alone.")});
    if (!isMeant) return;
    await attempt(async () => {
      const {count} = await call("DELETE", "/v2/session/others");
      announce(`Logged out in ${count} other places.`);
      await load();
    });
  }

  async function changePassword() {
    if (next.value !== again.value) {
      answer.replaceChildren(complaint("The two new passwords differ."));
      again.focus();
      return;
    }
    try {
      const changed = await call("POST", "/v2/password", {body: {current: current.value, new: next.value}});
      setProof(changed.csrf_token);
      form.reset();
      answer.replaceChildren(h("p", {class: "done", role: "status"}, "The password is changed."));
      await load();
    } catch (error) {
      answer.replaceChildren(complaint(error.code === "wrong_password" ? "The password now is another one."
        : error.message));
    }
  }

  // Only when somebody comes back: a page that asked by itself would keep the session alive.
  refreshOnReturn = () => attempt(load);
  return attempt(load);
}

let refreshOnReturn = null;
document.addEventListener("visibilitychange", () => {
  if (!document.hidden && isIn) refreshOnReturn?.();
});

async function enter() {
  const session = await call("GET", "/v2/session", {quiet: true});
  setProof(session.csrf_token);
  isIn = true;
  await showPage(session);
  main.setAttribute("data-ready", "");
}

onLoggedOut(() => { if (isIn) showLogin("Your session is over. Log in again."); });
document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});
enter().catch(() => showLogin(null));
