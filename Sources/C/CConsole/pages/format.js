// How things are written: times where the reader is, with UTC for who points at them.

import {h} from "./dom.js";

const exact = new Intl.DateTimeFormat(undefined, {dateStyle: "medium", timeStyle: "medium"});
const today = new Intl.DateTimeFormat(undefined, {timeStyle: "medium"});
const hour = new Intl.DateTimeFormat(undefined, {hour: "2-digit", minute: "2-digit"});
const numbers = new Intl.NumberFormat();
const tenths = new Intl.NumberFormat(undefined, {maximumFractionDigits: 1});

/** A time as an element: local, with UTC as its title; a dash for none. */
export function time(text) {
  if (!text) return h("span", {class: "none"}, "–");
  const date = new Date(text);
  if (Number.isNaN(date.getTime())) return h("span", {}, text);
  const isToday = date.toDateString() === new Date().toDateString();
  const utc = date.toISOString().replace("T", " ").replace("Z", " UTC");
  return h("time", {datetime: date.toISOString(), title: utc}, (isToday ? today : exact).format(date));
}

/** Hours and minutes. */
export function clock(milliseconds) { return hour.format(new Date(milliseconds)); }

/** Digits in groups. */
export function count(number) { return numbers.format(number); }

/** A number with a digit behind the point, if it is small. */
export function rate(number) { return tenths.format(number); }

const units = [["d", 86400], ["h", 3600], ["min", 60], ["s", 1]];

/** Seconds in the largest unit that they fill, or two. */
export function duration(seconds) {
  if (seconds < 1) return `${tenths.format(seconds * 1000)} ms`;
  const index = Math.max(0, units.findIndex(([, size]) => seconds >= size));
  const [unit, size] = units[index];
  const first = Math.floor(seconds / size);
  const [nextUnit, nextSize] = units[Math.min(index + 1, units.length - 1)];
  const rest = Math.floor((seconds - first * size) / nextSize);
  return rest > 0 && nextSize < size ? `${first} ${unit} ${rest} ${nextUnit}` : `${first} ${unit}`;
}

/** A time in microseconds. */
export function micros(value) {
  if (value === null || value === undefined) return "–";
  if (value < 1000) return `${value} µs`;
  return value < 1e6 ? `${tenths.format(value / 1000)} ms` : `${tenths.format(value / 1e6)} s`;
}

/** Bytes in the unit that fits. */
export function bytes(value) {
  const names = ["B", "KiB", "MiB", "GiB"];
  let index = 0;
  while (value >= 1024 && index < names.length - 1) { value /= 1024; index += 1; }
  return `${tenths.format(value)} ${names[index]}`;
}

/** A browser and its system in a few words, from a User-Agent; the beginning of what is not known. */
export function agent(text) {
  if (!text) return "";
  const browser = [["Edg/", "Edge"], ["OPR/", "Opera"], ["Firefox/", "Firefox"], ["Chrome/", "Chrome"],
    ["Safari/", "Safari"]].find(([mark]) => text.includes(mark))?.[1];
  const system = [["Windows", "Windows"], ["iPhone", "iPhone"], ["iPad", "iPad"], ["Android", "Android"],
    ["Mac OS X", "macOS"], ["Linux", "Linux"]].find(([mark]) => text.includes(mark))?.[1];
  return browser ? (system ? `${browser} on ${system}` : browser) : text.slice(0, 40);
}

/** What one who reads events wants to know first. */
export const reasons = {
  logout: "logged out", revoked: "revoked", idle: "idle too long", lifetime: "lifetime over", evicted: "made room",
  reuse: "token reused", account: "account changed",
};

/** The levels of accounts. */
export const levels = [["I", "I · guest"], ["U", "U · user"], ["C", "C · collaborator"], ["T", "T · technician"],
  ["A", "A · administrator"]];
