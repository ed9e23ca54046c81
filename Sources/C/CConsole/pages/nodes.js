// The nodes on the store, as this node hears of them.

import {h} from "./dom.js";
import {duration, micros, time} from "./format.js";
import {table} from "./table.js";

const states = {live: "live", lost: "lost", stopped: "stopped", unknown: "not to be told"};
const tasks = {upkeep: "reaps", webhooks: "posts to webhooks"};

const marks = {live: "good", lost: "bad"};

function cache(node) {
  if (node.state !== "live") return "–";
  const paths = node.lanes > 1 ? `, ${node.lanes_held} of ${node.lanes} paths` : "";
  return node.lanes_held === node.lanes ? `trusted${paths}` : `not trusted${paths}: the store is read`;
}

function lag(node) {
  return node.state !== "live" || node.lag_microseconds === undefined ? "–" : micros(node.lag_microseconds);
}

/** A table of nodes, and what fills it. */
export function nodes() {
  let now = Date.now();
  const list = table({
    caption: "Nodes on this store", key: node => node.id, empty: "No node is known.",
    columns: [
      {name: "Node", class: "long", cell: node => [node.host, h("small", {class: "mono"}, node.address),
        node.own ? h("em", {class: "here"}, "this node") : null]},
      {name: "State", cell: node => h("span", {class: `state ${marks[node.state] ?? "over"}`},
        states[node.state] ?? node.state)},
      {name: "Cache", cell: cache},
      {name: "Lag", class: "whole", cell: lag},
      {name: "Work for all", cell: node => node.tasks.map(task => tasks[task] ?? task).join(", ") || "–"},
      {name: "Version", cell: node => node.version},
      {name: "Started", cell: node => time(node.started)},
      {name: "Last seen", class: "whole", cell: node => node.state === "live" ? "now"
        : `${duration(Math.max(1, (now - new Date(node.heard)) / 1000))} ago`},
    ],
  });

  return {
    element: list.element,
    update(values, moment) {
      now = new Date(moment);
      // A row is drawn anew when its value changes: how long ago a node was seen does so by itself.
      list.set(values.map(node => node.state === "live" ? {...node, heard: ""} : {...node, moment}));
    },
  };
}
