// Logging in to the console: by password, at a provider, by an id token, by a link that opens once.

import {call} from "./api.js";
import {button, complaint, field, h} from "./dom.js";
import * as providers from "./providers.js";

/** The form for passwords, and below it the one for id tokens; `done` is called once a session is there. */
export function show(container, {message, done}) {
  const problem = h("div", {}, message ? complaint(message) : null);
  const email = h("input", {type: "email", name: "email", required: true, autocomplete: "username"});
  const password = h("input", {type: "password", name: "password", required: true, autocomplete: "current-password"});
  const token = h("textarea", {name: "id_token", rows: "4", spellcheck: "false", autocomplete: "off"});
  const elsewhere = h("div", {class: "elsewhere", hidden: true});
  let isBusy = false;

  async function send(body) {
    if (isBusy) return;
    isBusy = true;
    problem.replaceChildren();
    try {
      await call("POST", "/console/api/login", {body, quiet: true});
      await done();
    } catch (error) {
      problem.replaceChildren(complaint(sentence(error)));
      password.value = "";
    } finally { isBusy = false; }
  }

  container.replaceChildren(h("div", {class: "gate"},
    h("h1", {}, "Log in"),
    h("p", {}, "The console is for administrators: active accounts of level A."),
    problem,
    h("form", {on: {submit: event => {
      event.preventDefault();
      send({email: email.value, password: password.value});
    }}},
      field("E-mail", email), field("Password", password),
      h("div", {class: "actions"}, h("button", {class: "primary"}, "Log in"))),
    elsewhere,
    h("details", {}, h("summary", {}, "With an id token"),
      h("form", {on: {submit: event => {
        event.preventDefault();
        send({id_token: token.value.trim()});
      }}},
        field("Id token", token, "Of a provider that this server trusts."),
        h("div", {class: "actions"}, h("button", {}, "Log in")))),
    h("details", {}, h("summary", {}, "With a link"),
      h("p", {}, "On the server’s machine, ", h("code", {}, "sesame console"),
        " prints a link that logs in once, within five minutes."))));
  email.focus();
  providers.names().then(names => {
    elsewhere.hidden = names.length === 0;
    elsewhere.replaceChildren(...names.map(name => button(`Log in with ${name}`, async () => {
      problem.replaceChildren();
      try { await providers.leave(name); } catch (error) { problem.replaceChildren(complaint(error.message)); }
    })));
  });
}

function sentence(error) {
  if (error.code === "login_refused") return "These credentials don’t open the console.";
  if (error.code === "too_many_attempts") return "There were too many attempts. Come back later.";
  return error.message;
}

/** Logs in by a link's code; answers why not, or nothing. */
export async function byLink(code) {
  try {
    await call("POST", "/console/api/login/link", {body: {code}, quiet: true});
    return null;
  } catch (error) {
    return error.status === 400 ? "This link is not whole. Copy all of it." : error.message;
  }
}
