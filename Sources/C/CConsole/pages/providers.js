// Logging in at an OpenID provider (authorization code flow with PKCE): the browser goes there, and comes back with a
// code. State, nonce and verifier are made here and kept in this tab alone, so that a code which this tab has not asked
// for opens nothing.

import {call} from "./api.js";

const place = "sesame.login";

/** The names of the providers; none if the server does not say. */
export async function names() {
  try { return (await call("GET", "/console/api/providers", {quiet: true})).providers; } catch { return []; }
}

function text(bytes) {
  return btoa(String.fromCharCode(...bytes)).replaceAll("+", "-").replaceAll("/", "_").replaceAll("=", "");
}

function secret() { return text(crypto.getRandomValues(new Uint8Array(32))); }

const home = () => `${location.origin}/console`;

/** Sends the browser to a provider. */
export async function leave(provider) {
  if (!crypto.subtle) throw new Error("Browsers log in at a provider from pages that came by HTTPS alone.");
  const entrance = await call("GET", `/console/api/providers/${encodeURIComponent(provider)}`, {quiet: true});
  const kept = {provider, state: secret(), nonce: secret(), verifier: secret()};
  const digest = await crypto.subtle.digest("SHA-256", new TextEncoder().encode(kept.verifier));
  const target = new URL(entrance.authorization_endpoint);
  const asked = {
    response_type: "code", client_id: entrance.client_id, redirect_uri: home(), scope: "openid email profile",
    state: kept.state, nonce: kept.nonce, code_challenge: text(new Uint8Array(digest)), code_challenge_method: "S256",
  };
  for (const [name, value] of Object.entries(asked)) target.searchParams.set(name, value);
  sessionStorage.setItem(place, JSON.stringify(kept));
  location.assign(target);
}

/** Takes what a provider sent along out of the address, so that neither the history nor a copied address has it. */
export function take() {
  const brought = new URLSearchParams(location.search);
  if (!brought.has("code") && !brought.has("error")) return null;
  history.replaceState(null, "", location.pathname + location.hash);
  let kept = null;
  try { kept = JSON.parse(sessionStorage.getItem(place)); } catch { kept = null; }
  sessionStorage.removeItem(place);
  return {brought, kept};
}

/** Logs in by what was taken; answers why not, or nothing. */
export async function finish({brought, kept}) {
  if (!brought.has("code")) {
    return brought.get("error") === "access_denied" ? "You did not log in at the provider."
      : "The provider did not log you in.";
  }
  if (!kept || brought.get("state") !== kept.state) {
    return "This log-in was not begun in this tab, or is over already. Begin again.";
  }
  try {
    await call("POST", "/console/api/login/provider", {quiet: true, body: {
      provider: kept.provider, code: brought.get("code"), verifier: kept.verifier, nonce: kept.nonce,
      redirect_uri: home(),
    }});
    return null;
  } catch (error) {
    if (error.code !== "login_refused") return error.message;
    return `You are logged in at “${kept.provider}”, but that does not open the console: it is for active accounts of `
      + "level A, administrators, and none of these is linked to you there.";
  }
}
