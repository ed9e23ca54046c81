// Questions before something that can't be taken back.

import {button, h} from "./dom.js";

function show(title, content, buttons, {wide} = {}) {
  const heading = h("h2", {id: "dialog-title"}, title);
  const element = h("dialog", {"aria-labelledby": "dialog-title", class: wide ? "wide" : null},
    heading, content, h("div", {class: "actions"}, buttons));
  const before = document.activeElement;
  element.addEventListener("close", () => {
    element.remove();
    if (before?.isConnected) before.focus();
  });
  document.body.append(element);
  element.showModal();
  return element;
}

/** Asks; answers whether the action was chosen. The safe way out has the focus. */
export function confirm({title, content, action, isDangerous = true}) {
  return new Promise(resolve => {
    let isChosen = false;
    const cancel = button("Cancel", () => element.close(), {autofocus: true});
    const go = button(action, () => { isChosen = true; element.close(); }, {class: isDangerous ? "danger" : "primary"});
    const element = show(title, content, [cancel, go]);
    element.addEventListener("close", () => resolve(isChosen));
  });
}

/** Shows something until it is put away. */
export function tell({title, content}) {
  return new Promise(resolve => {
    const element = show(title, content, [button("Done", () => element.close(), {class: "primary"})], {wide: true});
    element.addEventListener("close", () => resolve());
  });
}
