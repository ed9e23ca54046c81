// Elements and nothing but elements: whatever comes from the server becomes text, never markup.

const svgSpace = "http://www.w3.org/2000/svg";

function fill(element, properties, children) {
  for (const [name, value] of Object.entries(properties ?? {})) {
    if (value === null || value === undefined) continue;
    if (name.startsWith("aria-")) {
      element.setAttribute(name, String(value));
    } else if (value === false) {
      continue;
    } else if (name === "on") {
      for (const [kind, handler] of Object.entries(value)) element.addEventListener(kind, handler);
    } else if (name === "value") {
      element.value = value;
    } else {
      element.setAttribute(name, value === true ? "" : String(value));
    }
  }
  element.append(...children.flat(Infinity).filter(child => child !== null && child !== undefined && child !== false)
    .map(child => child instanceof Node ? child : document.createTextNode(String(child))));
  return element;
}

/** An element with attributes and children; `on` holds its listeners, and what is null or false is left out. */
export function h(name, properties, ...children) {
  return fill(document.createElement(name), properties, children);
}

/** The same in SVG. */
export function svg(name, properties, ...children) {
  return fill(document.createElementNS(svgSpace, name), properties, children);
}

let numbers = 0;

/** A label and its control, which get an id that ties them; a hint is tied to it as its description. */
export function field(label, control, hint) {
  const id = `field-${numbers += 1}`;
  control.id = id;
  if (hint) control.setAttribute("aria-describedby", `${id}-hint`);
  return h("div", {class: "field"}, h("label", {for: id}, label), control,
    hint ? h("p", {class: "hint", id: `${id}-hint`}, hint) : null);
}

/** A choice of one of several: pairs of value and text. */
export function select(name, options, value) {
  const element = h("select", {name}, options.map(([key, text]) => h("option", {value: key}, text)));
  element.value = value ?? options[0][0];
  return element;
}

/** A button that is busy, and does nothing more, while what it does is under way. */
export function button(text, action, properties) {
  const element = h("button", {type: "button", ...properties, on: {
    click: async event => {
      if (element.getAttribute("aria-disabled") === "true") return;
      element.setAttribute("aria-disabled", "true");
      try { await action(event); } finally { element.removeAttribute("aria-disabled"); }
    },
  }}, text);
  return element;
}

/** Says something to those who listen rather than look. */
export function announce(text) {
  const place = document.getElementById("announcer");
  place.textContent = "";
  setTimeout(() => { place.textContent = text; }, 50);
}

/** A sentence that says what went wrong, read out at once. */
export function complaint(text) {
  return h("p", {class: "complaint", role: "alert"}, text);
}
