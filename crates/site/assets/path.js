// The way of a figure, down to what was signed: a sum to the places below it, a station to its statements and what became of each, a
// statement to its signers and its proof.

import { element, number } from "./words.js";
import { proveStatement } from "./record.js";
import { toHex } from "./hash.js";

const link = (what, value, ...children) =>
  element("a", { href: `#${what}=${encodeURIComponent(value)}` }, ...(children.length > 0 ? children : [value]));

/** Shows what the address asks for. `result` is what the check found; without it nothing is shown. */
export async function showPath(into, asked, result, say) {
  if (result === null) return into.replaceChildren();
  const parts =
    asked.has("figure") ? ofFigure(asked.get("figure"), result, say)
    : asked.has("station") ? ofStation(asked.get("station"), result, say)
    : await ofStatement(Number(asked.get("statement")), result, say).catch((why) => [why.code ? say(why.code, why.args) : String(why)]);
  into.replaceChildren(element("h2", {}, say("path")), ...parts);
  into.focus({ preventScroll: true });
  into.scrollIntoView({ block: "start" });
}

function nameOf({ standing }, place) {
  const { register } = standing;
  return register.units.get(place)?.name ?? register.stations.get(place)?.name ?? place;
}

/** A figure: the figures of the places below that add up to it. */
function ofFigure(name, result, say) {
  const { figures, standing } = result;
  const { register } = standing;
  const value = figures.get(name);
  const [what, contest, view, place, item] = name.split(" ");
  const head = element("p", {}, element("strong", {}, say("path-of", { name, n: value ?? say("nothing") })));
  if (what === "seats" || place === undefined) return [head];
  if (register.stations.has(place)) return [head, ...ofStation(place, result, say)];
  const units = [...register.units.values()].filter((unit) => unit.parent === place).map((unit) => unit.id);
  const stations = [...register.stations.values()].filter((own) => own.unit === place && !own.dropped).map((own) => own.id);
  const rows = [...units, ...(what === "coverage" ? [] : stations)].map((below) => {
    const own = [what, contest, view, below, item].join(" ");
    const n = figures.get(own);
    const cell = n === null || n === undefined ? "–" : number(n);
    return element("tr", {}, element("th", { scope: "row" }, link("figure", own, nameOf(result, below))), element("td", { class: "n" }, cell));
  });
  return [head, element("p", {}, say("path-sum")), scroll(element("table", {}, element("tbody", {}, rows)), say)];
}

/** A table that scrolls inside itself. */
function scroll(table, say) {
  return element("div", { class: "scroll", role: "group", tabindex: "0", "aria-label": say("path") }, table);
}

/** A station: all its statements and what became of each. */
function ofStation(station, result, say) {
  const { standing } = result;
  const { fold } = standing;
  if (!standing.register.stations.has(station)) return [element("p", {}, station)];
  const fates = new Map();
  for (const { slot } of fold.claims.get(station) ?? []) {
    for (const { claim, fate, by } of standing.fates(station, slot.key)) fates.set(claim.index, { claim, fate, by });
  }
  const counts = new Set([...fold.contests.keys()].flatMap((contest) => standing.count(station, contest).rests.map((own) => own.claim)));
  const about = fold.noted.map((noted, index) => ({ ...noted, index })).filter((noted) => noted.station === station);
  const rows = about.map(({ index, kind, void: code, signers }) => {
    const told = fates.get(index);
    const why = code ?? (told && (told.by === null ? told.fate : `${told.fate} (${told.by})`));
    const says = counts.has(index) ? say("path-counted") : why ? say("path-not-counted", { why }) : "";
    const cells = [kind, told ? told.claim.slot.source : "", signers.join(", "), says].map((text) => element("td", {}, text));
    return element("tr", {}, element("th", { scope: "row" }, link("statement", String(index), number(index))), cells);
  });
  const title = element("p", {}, element("strong", {}, nameOf(result, station)), " ", element("code", {}, station));
  return [title, element("p", {}, say("path-station")), scroll(element("table", {}, element("tbody", {}, rows)), say)];
}

/** A statement: its text as it was signed, its signers, and the hashes that lead from it to the signed root. */
async function ofStatement(index, result, say) {
  const proved = await proveStatement(result, index);
  const { size } = result.checkpoint;
  const noted = result.fold.noted[index];
  const names = (proved.entry?.lines ?? []).map((line) => line.name).join(", ");
  const signed = noted.void === null ? say("path-signed", { names }) : say("path-not-counted", { why: noted.void });
  const hashes = [proved.leaf, ...proved.proof].map((hash) => element("li", {}, element("code", {}, toHex(hash))));
  const station = noted.station === null ? null : element("p", {}, link("station", noted.station, nameOf(result, noted.station)));
  return [
    element("h3", {}, say("path-statement", { index })),
    station,
    element("pre", { tabindex: "0" }, proved.text ?? ""),
    element("p", {}, signed),
    element("p", {}, say("path-included", { n: proved.proof.length, size })),
    element("details", {}, element("summary", {}, say("path-receipt")), element("ol", { class: "hashes" }, hashes)),
  ].filter((part) => part !== null);
}
