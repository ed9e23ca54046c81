// What must hold for a page whoever uses it, and however, in a window of a given width; answers sentences about what
// does not.

const [width] = given;
const sentences = [];
const say = (element, text) => sentences.push(`${element.tagName.toLowerCase()}${element.id ? `#${element.id}` : ""}`
  + `${element.className && element.className.baseVal === undefined ? `.${element.className}` : ""}`
  + ` “${(element.textContent ?? "").trim().slice(0, 30)}” ${text}`);
const isShown = element => element.checkVisibility({visibilityProperty: true}) && !element.closest(".unseen");
const all = selector => [...document.querySelectorAll(selector)].filter(isShown);

function nameOf(element) {
  const label = element.getAttribute("aria-label");
  if (label) return label;
  const by = element.getAttribute("aria-labelledby");
  if (by) return by.split(" ").map(id => document.getElementById(id)?.textContent ?? "").join(" ").trim();
  if (element.labels?.length) return [...element.labels].map(item => item.textContent).join(" ").trim();
  if (element.tagName === "IMG") return element.getAttribute("alt") ?? "";
  return element.textContent.trim();
}

// Names and language.
if (!document.documentElement.lang) sentences.push("the page has no language");
if (!document.title.trim()) sentences.push("the page has no title");
for (const element of all("a, button, input, select, textarea, summary")) {
  if (!nameOf(element)) say(element, "has no name");
  if (element.tabIndex > 0) say(element, "jumps the queue of the focus");
}
for (const element of all("img")) if (!element.hasAttribute("alt")) say(element, "has no alternative text");
for (const element of all("svg")) {
  const isSilent = element.getAttribute("aria-hidden") === "true";
  if (!isSilent && !(element.getAttribute("role") === "img" && element.getAttribute("aria-label"))) {
    say(element, "is neither described nor silent");
  }
}
const ids = [...document.querySelectorAll("[id]")].map(element => element.id);
for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) sentences.push(`#${id} is there twice`);
for (const attribute of ["aria-labelledby", "aria-describedby", "for"]) {
  for (const element of document.querySelectorAll(`[${attribute}]`)) {
    for (const id of element.getAttribute(attribute).split(" ")) {
      if (!document.getElementById(id)) say(element, `names #${id} in ${attribute}, which is not there`);
    }
  }
}

// Structure.
if (document.querySelectorAll("main").length !== 1) sentences.push("there must be one main");
if (document.querySelectorAll("body > header").length !== 1) sentences.push("there must be one header");
for (const element of all("nav")) if (!element.getAttribute("aria-label")) say(element, "is a nav without a name");
const headings = all("h1, h2, h3, h4");
if (headings.filter(element => element.tagName === "H1").length !== 1) sentences.push("there must be one h1");
headings.reduce((before, element) => {
  const level = Number(element.tagName[1]);
  if (level > before + 2) say(element, "skips levels of headings");
  return level;
}, 0);
for (const element of document.querySelectorAll("table")) {
  if (!element.caption?.textContent) say(element, "is a table without a caption");
  for (const header of element.tHead?.querySelectorAll("th") ?? []) {
    if (header.scope !== "col") say(header, "is a header without a scope");
  }
}
// Not against innerWidth, which grows with the page on a telephone.
if (document.documentElement.scrollWidth > width) {
  sentences.push(`the page is ${document.documentElement.scrollWidth} pixels wide, in a window of ${width}`);
}
for (const element of all("button, .button, select, nav a")) {
  const box = element.getBoundingClientRect();
  if (box.height < 24 || box.width < 24) say(element, `is too small a target: ${box.width} by ${box.height}`);
}

// Contrast (WCAG 2.2, 1.4.3): 4.5, and 3 for large text.
const canvas = document.createElement("canvas").getContext("2d", {willReadFrequently: true});
function channels(text) {
  canvas.clearRect(0, 0, 1, 1);
  canvas.fillStyle = text;
  canvas.fillRect(0, 0, 1, 1);
  const [red, green, blue, alpha] = canvas.getImageData(0, 0, 1, 1).data;
  return {rgb: [red, green, blue], alpha: alpha / 255};
}
function luminance(rgb) {
  const [red, green, blue] = rgb.map(value => {
    const part = value / 255;
    return part <= 0.04045 ? part / 12.92 : ((part + 0.055) / 1.055) ** 2.4;
  });
  return 0.2126 * red + 0.7152 * green + 0.0722 * blue;
}
function ground(element) {
  for (let place = element; place; place = place.parentElement) {
    const {rgb, alpha} = channels(getComputedStyle(place).backgroundColor);
    if (alpha > 0.99) return rgb;
  }
  return [255, 255, 255];
}
const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
const seen = new Set();
while (walker.nextNode()) {
  const element = walker.currentNode.parentElement;
  if (!walker.currentNode.data.trim() || seen.has(element) || !isShown(element)) continue;
  if (element.closest("noscript, option, .skip")) continue;
  seen.add(element);
  const style = getComputedStyle(element);
  const isDrawn = element.namespaceURI.endsWith("svg");
  const text = luminance(channels(isDrawn ? style.fill : style.color).rgb);
  const behind = luminance(ground(element));
  const ratio = (Math.max(text, behind) + 0.05) / (Math.min(text, behind) + 0.05);
  const size = parseFloat(style.fontSize);
  const isLarge = size >= 24 || size >= 18.66 && Number(style.fontWeight) >= 700;
  if (ratio < (isLarge ? 3 : 4.5)) say(element, `has a contrast of ${ratio.toFixed(2)} only`);
}
for (const line of all("svg.plot .line")) {
  const stroke = luminance(channels(getComputedStyle(line).stroke).rgb);
  const behind = luminance(ground(line.closest("section")));
  const ratio = (Math.max(stroke, behind) + 0.05) / (Math.min(stroke, behind) + 0.05);
  if (ratio < 3) say(line, `is a line with a contrast of ${ratio.toFixed(2)} only`);
}
return sentences;
