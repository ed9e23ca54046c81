// Lines over time, drawn as SVG.

import {h, svg} from "./dom.js";
import {clock} from "./format.js";

const height = 150;
const margin = {top: 8, right: 8, bottom: 20, left: 46};

/** The smallest of 1, 2, 5, 10, 20, … that is not below a value. */
function ceiling(value) {
  if (!(value > 0)) return 1;
  const power = 10 ** Math.floor(Math.log10(value));
  return [1, 2, 5, 10].map(step => step * power).find(step => step >= value);
}

/**
 * A plot. Each of `series` has a name; `update` takes the times in milliseconds and, for each series, its values, with
 * null for none. `format` writes a value. What the lines show is also said in words.
 */
export function plot({title, series, format, note}) {
  const legend = h("ul", {class: "legend"}, series.map((name, index) =>
    h("li", {}, svg("svg", {width: 22, height: 8, "aria-hidden": "true"},
      svg("line", {x1: 0, x2: 22, y1: 4, y2: 4, class: `line s${index}`})), name, " ", h("b", {}))));
  const picture = svg("svg", {role: "img", height, class: "plot"});
  const frame = h("div", {class: "frame"}, picture);
  const element = h("section", {class: "panel"},
    h("h3", {}, title, note ? h("small", {}, ` ${note}`) : null), legend, frame);
  let data = {times: [], values: series.map(() => [])};

  function describe(values) {
    const parts = series.map((name, index) => {
      const known = values[index].filter(value => value !== null);
      if (known.length === 0) return `${name}: nothing yet`;
      return `${name}: now ${format(known[known.length - 1])}, highest ${format(Math.max(...known))}`;
    });
    return `${title}. ${parts.join("; ")}.`;
  }

  function draw() {
    const width = Math.max(220, frame.clientWidth || 600);
    const {times, values} = data;
    const known = values.flat().filter(value => value !== null);
    const top = ceiling(known.reduce((most, value) => Math.max(most, value), 0));
    const [first, last] = [times[0] ?? 0, times[times.length - 1] ?? 1];
    const inner = width - margin.left - margin.right;
    const x = at => margin.left + inner * (last > first ? (at - first) / (last - first) : 1);
    const y = value => height - margin.bottom - (height - margin.top - margin.bottom) * value / top;
    const grid = [0, 0.5, 1].map(part => svg("g", {},
      svg("line", {x1: margin.left, x2: width - margin.right, y1: y(top * part), y2: y(top * part), class: "grid"}),
      svg("text", {x: margin.left - 6, y: y(top * part) + 4, class: "tick end"}, format(top * part))));
    const ticks = times.length < 2 ? [] : [first, (first + last) / 2, last].map((at, index) =>
      svg("text", {x: x(at), y: height - 4, class: `tick ${["", "middle", "end"][index]}`}, clock(at)));
    const lines = values.map((line, index) => {
      let path = "";
      let isOpen = false;
      line.forEach((value, place) => {
        if (value === null) { isOpen = false; return; }
        path += `${isOpen ? "L" : "M"}${x(times[place]).toFixed(1)} ${y(value).toFixed(1)}`;
        // A line of no length is a dot: one that stands alone is seen, too.
        if (!isOpen) path += "h0";
        isOpen = true;
      });
      return svg("path", {d: path, class: `line s${index}`});
    });
    picture.setAttribute("viewBox", `0 0 ${width} ${height}`);
    picture.setAttribute("width", width);
    picture.setAttribute("aria-label", describe(values));
    picture.replaceChildren(...grid, ...ticks, ...lines);
    legend.querySelectorAll("b").forEach((place, index) => {
      const latest = values[index].filter(value => value !== null).pop();
      place.textContent = latest === undefined ? "" : format(latest);
    });
  }

  const observer = new ResizeObserver(draw);
  observer.observe(frame);
  return {
    element,
    update(times, values) { data = {times, values}; draw(); },
    stop() { observer.disconnect(); },
  };
}
