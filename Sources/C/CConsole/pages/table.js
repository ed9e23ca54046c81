// Tables whose rows stay where they are when they change: what has the focus keeps it.

import {h} from "./dom.js";

/**
 * A table. Columns have a name, and `cell`, which makes what stands in a row's cell; `key` tells rows apart. Roles are
 * written out, because on narrow screens rows become cards.
 */
export function table({caption, columns, key, empty}) {
  const body = h("tbody", {role: "rowgroup"});
  const note = h("p", {class: "empty", hidden: true}, empty ?? "Nothing here.");
  const element = h("div", {class: "table"},
    h("table", {role: "table"},
      h("caption", {class: "unseen"}, caption),
      h("thead", {role: "rowgroup"}, h("tr", {role: "row"},
        columns.map(column => h("th", {role: "columnheader", scope: "col", class: column.class}, column.name)))),
      body),
    note);
  const known = new Map();

  function fillRow(row, value) {
    const cells = columns.map((column, index) => {
      const properties = {role: "cell", class: column.class, "data-label": column.name};
      if (index === 0) return h("th", {...properties, role: "rowheader", scope: "row"}, column.cell(value));
      return h("td", properties, column.cell(value));
    });
    if (row.children.length === 0) return row.append(...cells);
    cells.forEach((cell, index) => {
      const old = row.children[index];
      if (old.isEqualNode(cell)) return;
      const hadFocus = old.contains(document.activeElement);
      old.replaceWith(cell);
      // Who works by keyboard is not thrown out of the list.
      if (hadFocus) (cell.querySelector("a, button") ?? row.querySelector("a, button"))?.focus();
    });
  }

  /** Shows exactly these rows, in this order; those that changed are marked for a moment, if `isLive`. */
  function set(values, {isLive = false} = {}) {
    const wanted = new Set(values.map(key));
    for (const [name, entry] of known) {
      if (!wanted.has(name)) { entry.row.remove(); known.delete(name); }
    }
    let place = body.firstElementChild;
    for (const value of values) {
      const name = key(value);
      const text = JSON.stringify(value);
      let entry = known.get(name);
      const isNew = !entry;
      if (isNew) {
        entry = {row: h("tr", {role: "row", "data-key": name}), text: ""};
        known.set(name, entry);
      }
      if (entry.text !== text) {
        fillRow(entry.row, value);
        entry.text = text;
        if (isLive) {
          entry.row.classList.remove("changed");
          void entry.row.offsetWidth;
          entry.row.classList.add("changed");
        }
      }
      if (entry.row === place) place = place.nextElementSibling;
      else body.insertBefore(entry.row, place);
    }
    note.hidden = values.length > 0;
  }

  return {element, set};
}
