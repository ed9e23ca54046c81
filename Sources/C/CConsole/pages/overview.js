// How the node stands, and how it went lately.

import {call, query} from "./api.js";
import {button, h} from "./dom.js";
import {followNodes} from "./feed.js";
import {bytes, count, duration, micros, rate, reasons} from "./format.js";
import {nodes} from "./nodes.js";
import {plot} from "./plot.js";

// An interval as the server writes it, by place.
const place = {time: 0, length: 1, live: 2, opened: 3, logins: 4, refusals: 5, verifications: 6, median: 7,
  ninetyNinth: 8, store: 9, closed: 10};
const spans = {hour: {name: "Last hour", room: 720}, day: {name: "Last day", room: 1440}};

const perMinute = (interval, number) => number * 60000 / Math.max(1, interval[place.length]);
const perSecond = (interval, number) => number * 1000 / Math.max(1, interval[place.length]);

export const title = "Overview";

export function show(container) {
  let span = "hour";
  let newest = 0;
  let intervals = [];
  let names = [];
  let isGone = false;
  let turn = 0;

  const figures = h("dl", {class: "figures"});
  const node = h("dl", {class: "facts"});
  const others = nodes();
  const state = h("p", {class: "hint"});
  const plots = {
    live: plot({title: "Live sessions", series: ["live"], format: count}),
    opens: plot({title: "Opened and logged in", note: "per minute", series: ["opened", "log-ins", "refused log-ins"],
      format: rate}),
    closed: plot({title: "Ended, by reason", note: "per minute", series: Object.values(reasons), format: rate}),
    rate: plot({title: "Verifications", note: "per second", series: ["verifications"], format: rate}),
    latency: plot({title: "Time of a verification", series: ["half of them below", "99 of 100 below"], format: micros}),
    store: plot({title: "Time of the store’s answer", series: ["store"], format: micros}),
  };
  const choice = Object.entries(spans).map(([key, {name}]) =>
    button(name, () => choose(key), {"aria-pressed": key === span, "data-span": key}));

  container.append(
    h("div", {class: "head"}, h("h1", {}, title), h("div", {class: "choice", role: "group", "aria-label": "Time shown"},
      choice)),
    figures, h("div", {class: "plots"}, Object.values(plots).map(item => item.element)),
    h("section", {class: "nodes"}, h("h2", {}, "Nodes"), others.element),
    h("section", {class: "panel"}, h("h2", {}, "This node"), node), state);

  async function choose(key) {
    span = key;
    newest = 0;
    intervals = [];
    turn += 1;
    for (const item of choice) item.setAttribute("aria-pressed", item.dataset.span === key);
    await refresh(false);
  }

  function figure(name, value, hint) {
    return h("div", {}, h("dt", {}, name), h("dd", {}, value, hint ? h("small", {}, hint) : null));
  }

  function sum(index) { return intervals.reduce((total, interval) => total + interval[index], 0); }

  function showFigures(overview) {
    const last = intervals[intervals.length - 1];
    const ended = intervals.reduce((total, interval) => total + interval[place.closed].reduce((a, b) => a + b, 0), 0);
    const during = `in the ${spans[span].name.toLowerCase()}`;
    figures.replaceChildren(
      figure("Live sessions", overview.live === undefined ? "–" : count(overview.live), "now"),
      figure("Opened", count(sum(place.opened)), during), figure("Ended", count(ended), during),
      figure("Log-ins", count(sum(place.logins)), during), figure("Refused", count(sum(place.refusals)), during),
      figure("Verifications", last ? rate(perSecond(last, last[place.verifications])) : "–", "per second"),
      figure("Store", overview.store_microseconds === null ? "does not answer" : micros(overview.store_microseconds),
        "to answer"));
  }

  function fact(name, ...value) { return h("div", {}, h("dt", {}, name), h("dd", {}, value)); }

  function showNode({node: about, nodes: known, cache, now}) {
    const own = known.find(item => item.own);
    const looked = cache.hits + cache.misses;
    others.update(known, now);
    node.replaceChildren(
      fact("Name", h("code", {}, about.name)), fact("Addresses", about.addresses.join(", ")),
      fact("Running for", duration((new Date(now) - new Date(own.started)) / 1000)),
      fact("Store", h("code", {}, about.store)),
      fact("Other nodes", own.lanes === 0 ? "none: the store is this node’s alone"
        : `heard of within a lease of ${duration(about.lease_milliseconds / 1000)}`),
      fact("Cache", `${count(cache.sessions)} sessions, ${bytes(cache.bytes)}`,
        looked > 0 ? `, ${rate(100 * cache.hits / looked)} % of look-ups found there` : ""));
  }

  function draw() {
    const times = intervals.map(interval => interval[place.time]);
    const column = index => intervals.map(interval => interval[index]);
    plots.live.update(times, [column(place.live)]);
    plots.opens.update(times, [place.opened, place.logins, place.refusals].map(index =>
      intervals.map(interval => perMinute(interval, interval[index]))));
    plots.closed.update(times, Object.keys(reasons).map(reason => {
      const index = names.indexOf(reason);
      return intervals.map(interval => perMinute(interval, interval[place.closed][index] ?? 0));
    }));
    plots.rate.update(times, [intervals.map(interval => perSecond(interval, interval[place.verifications]))]);
    plots.latency.update(times, [column(place.median), column(place.ninetyNinth)]);
    plots.store.update(times, [column(place.store)]);
  }

  async function refresh(background) {
    const mine = turn;
    const [overview, history] = await Promise.all([
      call("GET", "/console/api/overview", {background}),
      call("GET", `/console/api/history${query({span, after: newest})}`, {background}),
    ]);
    if (isGone || mine !== turn) return;
    // A node that was started anew counts from one again.
    if (history.newest < newest) intervals = [];
    intervals = intervals.concat(history.intervals).slice(-spans[span].room);
    newest = history.newest;
    names = history.reasons;
    state.textContent = intervals.length === 0
      ? "The plots begin when this node has run for a moment; they are kept in its memory, and are its own."
      : `${spans[span].name} of this node, from its memory; what came before its start is not there.`;
    showFigures(overview);
    showNode(overview);
    draw();
  }

  const timer = setInterval(() => { if (!document.hidden) refresh(true).catch(() => {}); }, 5000);
  const stopFollowing = followNodes(() => { if (!document.hidden) refresh(true).catch(() => {}); });
  return {
    ready: refresh(false),
    leave() {
      isGone = true;
      stopFollowing();
      clearInterval(timer);
      for (const item of Object.values(plots)) item.stop();
    },
  };
}
