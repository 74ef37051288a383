// Every figure leads to its way: from the number to the places below it, to a station, to what was signed and its proof. The check page
// shows it; without scripts the same way is gone by the links of the pages.

import { element } from "./words.js";

/** Makes a link of every marked figure that is not one already. */
export function waysOf(part) {
  const check = document.querySelector('nav.sections a[href$="/check/"]')?.getAttribute("href");
  if (!check) return;
  for (const mark of part.querySelectorAll("[data-figure]")) {
    if (mark.closest("a, button, svg") || mark.querySelector("a")) continue;
    const link = element("a", { class: "way", href: `${check}#figure=${encodeURIComponent(mark.dataset.figure)}` }, ...mark.childNodes);
    mark.replaceChildren(link);
  }
}
