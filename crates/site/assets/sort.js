// Tables that sort: in a table of class `sortable`, the headings of its columns become buttons. Rows of a `tfoot`, and those of class `sum`,
// stay where they are.

import { shownNumber } from "./figures.js";
import { element } from "./words.js";

/** What a cell sorts by: `data-sort`, a machine-readable value, a number as it is shown, or its text. */
function keyOf(row, column) {
  const cell = row.cells[column];
  if (!cell) return "";
  const given = cell.dataset.sort ?? cell.querySelector("data[value]")?.value;
  const text = (given ?? cell.textContent).trim();
  const first = text.split(/\s*[(/]/)[0].replace(/[%\u202f\u00a0]+$/, "");
  const n = given === undefined ? (shownNumber(text) ?? shownNumber(first)) : Number(text);
  return n === null || Number.isNaN(n) ? text : n;
}

function compare(a, b) {
  if (typeof a === "number" && typeof b === "number") return a - b;
  if (typeof a !== typeof b) return typeof a === "number" ? -1 : 1;
  return a.localeCompare(b, document.documentElement.lang, { numeric: true });
}

function sort(table, heading, column) {
  const up = heading.getAttribute("aria-sort") !== "ascending" && heading.getAttribute("aria-sort") !== null;
  // Numbers are mostly asked for from the largest down.
  const descending = heading.getAttribute("aria-sort") === null ? heading.classList.contains("n") : !up;
  for (const own of table.tHead.rows[table.tHead.rows.length - 1].cells) own.removeAttribute("aria-sort");
  heading.setAttribute("aria-sort", descending ? "descending" : "ascending");
  for (const body of table.tBodies) {
    const rows = [...body.rows].filter((row) => !row.classList.contains("sum"));
    const kept = [...body.rows].filter((row) => row.classList.contains("sum"));
    const keyed = rows.map((row, at) => ({ row, at, key: keyOf(row, column) }));
    keyed.sort((a, b) => (descending ? compare(b.key, a.key) : compare(a.key, b.key)) || a.at - b.at);
    body.append(...keyed.map(({ row }) => row), ...kept);
  }
}

/** Makes the tables of a part of the page sortable. Headings that span columns, and empty ones, stay plain. */
export function sortable(part) {
  for (const table of part.querySelectorAll("table.sortable")) {
    const row = table.tHead?.rows[table.tHead.rows.length - 1];
    if (!row || [...row.cells].some((cell) => cell.colSpan > 1)) continue;
    [...row.cells].forEach((heading, column) => {
      if (heading.textContent.trim() === "" || heading.querySelector("button")) return;
      const button = element("button", { type: "button", class: "sort" }, ...heading.childNodes);
      heading.replaceChildren(button);
      button.addEventListener("click", () => sort(table, heading, column));
    });
  }
}
