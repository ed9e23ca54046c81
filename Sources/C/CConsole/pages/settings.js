// How the node is set, and what differs from the defaults, all of which are safe.

import {call} from "./api.js";
import {complaint, h} from "./dom.js";
import {table} from "./table.js";

export const title = "Settings";

export function show(container) {
  let settings = [];
  let isGone = false;
  const only = h("input", {type: "checkbox", name: "only"});
  only.addEventListener("change", draw);
  const state = h("p", {class: "hint", role: "status"});
  const problem = h("div", {});
  const list = table({
    caption: "Settings in force", key: setting => setting.key, empty: "Every setting has its default.",
    columns: [
      {name: "Setting", class: "long", cell: setting => [h("code", {}, setting.key), h("small", {}, setting.summary)]},
      {name: "Value", class: "long", cell: setting => setting.secret
        ? h("i", {}, setting.value ? "set, not shown" : "not set") : h("span", {class: "mono"}, setting.value || "–")},
      {name: "Differs", cell: setting => setting.deviates ? h("b", {class: "differs"}, "differs") : ""},
      {name: "Default", class: "long", cell: setting =>
        h("span", {class: "mono"}, setting.secret ? "not set" : setting.default || "–")},
      {name: "Set by", class: "long", cell: setting => setting.source ?? "–"},
    ],
  });
  container.append(
    h("div", {class: "head"}, h("h1", {}, title)),
    h("p", {}, "As they are in force on this node since its start. Every default is safe; look twice at what differs. "
      + "They are changed by sesame.toml, the environment and flags, and a restart."),
    h("label", {class: "check"}, only, " Only what differs"), state, problem, list.element);

  function draw() {
    const shown = settings.filter(setting => !only.checked || setting.deviates);
    list.set(shown);
    const different = settings.filter(setting => setting.deviates).length;
    const verb = different === 1 ? "differs" : "differ";
    state.textContent = `${different} of ${settings.length} ${verb} from the default.`;
  }

  async function load() {
    try {
      settings = (await call("GET", "/console/api/settings")).settings;
      if (!isGone) draw();
    } catch (error) {
      if (!isGone) problem.replaceChildren(complaint(error.message));
    }
  }

  return {ready: load(), leave() { isGone = true; }};
}
