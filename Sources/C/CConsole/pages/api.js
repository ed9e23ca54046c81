// Calls of this server, and of no other.

/** An answer that says no: its status, its stable code, and a sentence. */
export class Refusal extends Error {
  constructor(status, problem) {
    const errors = Object.entries(problem?.errors ?? {}).map(([member, reason]) => `${member} ${reason}`);
    super([problem?.detail ?? `The server answered ${status}.`, ...errors].join(" "));
    this.status = status;
    this.code = problem?.code ?? "";
  }
}

let proof = "";

/** Takes the session's token for changes. */
export function setProof(token) { proof = token ?? ""; }

const outListeners = new Set();

/** Calls a function when the session turns out to be over. */
export function onLoggedOut(listener) { outListeners.add(listener); }

/**
 * Sends a request; answers the body and the ETag. What the page asks for by itself is said to be `background`, and does
 * not keep the session alive.
 */
export async function call(method, path, {body, background, match, quiet} = {}) {
  const headers = {Accept: "application/json"};
  if (body !== undefined) headers["Content-Type"] = "application/json";
  if (method !== "GET") headers["X-CSRF-Token"] = proof;
  if (background) headers["X-Background"] = "1";
  if (match !== undefined) headers["If-Match"] = `"${match}"`;
  let answer;
  try {
    answer = await fetch(path, {
      method, headers, body: body === undefined ? undefined : JSON.stringify(body), credentials: "same-origin",
      cache: "no-store",
    });
  } catch {
    throw new Refusal(0, {detail: "The server can’t be reached."});
  }
  const text = await answer.text();
  let value = null;
  if (text) { try { value = JSON.parse(text); } catch { value = null; } }
  if (answer.ok) return value;
  const refusal = new Refusal(answer.status, value);
  const isOver = answer.status === 401 || refusal.code === "level_required";
  if (isOver && !quiet) for (const listener of outListeners) listener(refusal);
  throw refusal;
}

/** A query without what is empty. */
export function query(parameters) {
  const given = Object.entries(parameters).filter(([, value]) => value !== "" && value !== null && value !== undefined);
  const text = new URLSearchParams(given).toString();
  return text ? `?${text}` : "";
}
