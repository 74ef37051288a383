// What a count comes to, in the words of the WebAssembly module, so that the two implementations can be compared figure by figure.

import { Standing } from "./standing.js";
import { toBase64 } from "./hash.js";

/** The sums of a fold by contest, view and unit. */
function countOf(fold) {
  const standing = new Standing(fold);
  const contests = {};
  for (const contest of fold.contests.keys()) {
    const claims = [...fold.claims.values()].flat();
    const views = ["law", ...new Set(claims.map((claim) => claim.slot.source))];
    contests[contest] = Object.fromEntries(views.map((view) => [view, unitsOf(standing.totals(contest, view))]));
  }
  return { contests };
}

function unitsOf(totals) {
  const out = {};
  for (const [unit, { sums, coverage }] of totals) {
    const of = (prefix) => [...sums].filter(([column]) => column.startsWith(prefix)).map(([column, n]) => [column.slice(5), n]);
    out[unit] = { lines: Object.fromEntries(of("line ")), votes: Object.fromEntries(of("list ")), coverage };
  }
  return out;
}

/** The summary of a record that was read. */
export function summarise({ fold, checkpoint, earlier = new Map() }) {
  const noted = fold.noted.map((own, index) => [index, own.void]).filter(([, code]) => code !== null);
  return {
    size: fold.size,
    root: toBase64(checkpoint.root),
    charter: fold.ledger.charter?.id ?? null,
    void: Object.fromEntries(noted),
    count: countOf(fold),
    at: Object.fromEntries([...earlier].map(([size, own]) => [size, countOf(own)])),
  };
}

/**
 * Where two summaries differ, as paths; what only the module computes (seats, declarations) is left out. At most `most` places are
 * named.
 */
export function differences(own, theirs, most = 20) {
  const out = [];
  const walk = (a, b, path) => {
    if (out.length >= most || a === b) return;
    const isTable = (v) => typeof v === "object" && v !== null;
    if (!isTable(a) || !isTable(b)) {
      out.push({ path: path.join(" "), own: a, theirs: b });
      return;
    }
    for (const key of new Set([...Object.keys(a), ...Object.keys(b)])) walk(a[key], b[key], [...path, key]);
  };
  for (const key of ["size", "root", "charter", "void"]) walk(own[key], theirs[key], [key]);
  walk(own.count.contests, theirs.count.contests, ["count"]);
  for (const size of Object.keys(own.at)) walk(own.at[size].contests, theirs.at[size]?.contests, [`at ${size}`]);
  return out;
}
