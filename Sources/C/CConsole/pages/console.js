// The console's frame: who is there, which page, and what to do when the session is over.

import {call, onLoggedOut, query, setProof} from "./api.js";
import * as accounts from "./accounts.js";
import * as detail from "./detail.js";
import {announce, button, h} from "./dom.js";
import * as events from "./events.js";
import * as feed from "./feed.js";
import * as keys from "./keys.js";
import * as login from "./login.js";
import * as overview from "./overview.js";
import * as providers from "./providers.js";
import * as sessions from "./sessions.js";
import * as settings from "./settings.js";

const pages = {overview, sessions, accounts, keys, events, settings};
const main = document.getElementById("main");
const nav = document.getElementById("pages");
const who = document.getElementById("who");
let current = null;
let leaveState = null;
let isIn = false;
let isFirst = true;

function go(page, parameters) {
  const target = `#/${page}${query(parameters)}`;
  if (location.hash === target) route(); else location.hash = target;
}

function leave() {
  current?.leave();
  current = null;
  for (const dialog of document.querySelectorAll("dialog")) dialog.close();
}

async function route() {
  if (!isIn) return;
  const [path, text] = location.hash.replace(/^#\/?/, "").split("?");
  const parts = path.split("/").map(part => { try { return decodeURIComponent(part); } catch { return part; } });
  const name = Object.hasOwn(pages, parts[0]) ? parts[0] : "overview";
  const page = name === "sessions" && parts[1] ? detail : pages[name];
  leave();
  for (const link of nav.querySelectorAll("a")) {
    if (link.dataset.page !== name) {
      link.removeAttribute("aria-current");
      continue;
    }
    link.setAttribute("aria-current", "page");
    link.scrollIntoView({block: "nearest", inline: "nearest"});
  }
  document.title = `${page.title} – Sesame console`;
  const container = h("div", {class: `page ${name}`});
  main.replaceChildren(container);
  current = page.show(container, new URLSearchParams(text ?? ""), go, parts);
  // Readers go on at the new page; who has just come begins at the top.
  if (!isFirst) main.focus({preventScroll: true});
  if (!isFirst) window.scrollTo(0, 0);
  isFirst = false;
  try { await current.ready; } catch { /* the page, or the end of the session, has said so */ }
  container.setAttribute("data-ready", "");
}

function showFrame(session) {
  nav.hidden = false;
  nav.replaceChildren(h("ul", {}, Object.entries(pages).map(([name, page]) =>
    h("li", {}, h("a", {href: `#/${name}`, "data-page": name}, page.title)))));
  const live = h("span", {class: "live"});
  const liveText = h("span", {class: "unseen"});
  leaveState?.();
  leaveState = feed.watchState(isLive => {
    live.classList.toggle("on", isLive);
    live.title = isLive ? "Changes are shown as they happen" : "Not connected to the stream of events";
    liveText.textContent = isLive ? "Live." : "Not live.";
  });
  who.replaceChildren(live, liveText, h("span", {class: "name"}, session.name ?? `Account ${session.account}`),
    button("Log out", async () => {
      await call("DELETE", "/console/api/session", {quiet: true}).catch(() => {});
      showLogin("You are logged out.");
    }));
}

function showLogin(message) {
  isIn = false;
  leave();
  feed.stop();
  setProof("");
  nav.hidden = true;
  nav.replaceChildren();
  who.replaceChildren();
  document.title = "Log in – Sesame console";
  login.show(main, {message, done: enter});
}

async function enter() {
  let session;
  try {
    session = await call("GET", "/console/api/session", {quiet: true});
  } catch (error) {
    if (error.status !== 401) throw error;
    throw new Error("Your browser did not keep the session’s cookie, which travels over HTTPS alone. Open the console "
      + "by https://, or on the server’s own machine by http://127.0.0.1 or http://localhost.");
  }
  setProof(session.csrf_token);
  isIn = true;
  isFirst = true;
  showFrame(session);
  feed.start(() => { if (isIn) call("GET", "/console/api/session", {background: true}).catch(() => {}); });
  announce("You are logged in.");
  await route();
}

/** Takes a link's code out of the address, so that neither the history nor a copied address has it. */
function takeCode() {
  const code = /^#link=([A-Za-z0-9_-]+)$/.exec(location.hash)?.[1];
  if (code) history.replaceState(null, "", location.pathname);
  return code;
}

async function begin() {
  const code = takeCode();
  const taken = providers.take();
  const problem = code ? await login.byLink(code) : taken ? await providers.finish(taken) : null;
  if (problem) return showLogin(problem);
  try {
    await enter();
  } catch (error) {
    showLogin(code || taken ? error.message : null);
  }
}

onLoggedOut(refusal => {
  if (!isIn) return;
  showLogin(refusal.code === "level_required" ? refusal.message : "Your session is over. Log in again.");
});
window.addEventListener("hashchange", () => {
  if (takeCodeAgain()) return;
  route();
});

function takeCodeAgain() {
  if (!location.hash.startsWith("#link=")) return false;
  isIn = false;
  begin();
  return true;
}

document.querySelector(".skip").addEventListener("click", event => {
  event.preventDefault();
  main.focus();
});
begin();
