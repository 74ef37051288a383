// Figures by name. A page marks what it shows with `data-figure`, a few words that say what the number is:
//
//   votes CONTEST VIEW PLACE LIST      line CONTEST VIEW PLACE CODE      coverage CONTEST VIEW PLACE expected|received|countable|...
//   seats LIST                         size
//
// VIEW is `law`, `copies` or the name of a source; PLACE a unit or a station. Whoever has counted the record says what it should be.

/** The figures that can be derived from a record without a server. `seats` is a map of lists, or `null` where nobody gave seats. */
export class Figures {
  constructor(standing, seats = null) {
    this.standing = standing;
    this.seats = seats;
    this.totals = new Map();
  }

  #totals(contest, view) {
    const key = `${contest} ${view}`;
    if (!this.totals.has(key)) this.totals.set(key, this.standing.totals(contest, view));
    return this.totals.get(key);
  }

  /** The number of this name: a number, `null` if nothing states it, `undefined` if it cannot be derived here. */
  get(name) {
    const [what, contest, view, place, item] = name.split(" ");
    if (what === "size") return this.standing.fold.size;
    if (what === "seats") return this.seats === null ? undefined : (this.seats.get(contest) ?? null);
    const { register, fold } = this.standing;
    if (!fold.contests.has(contest)) return undefined;
    const column = what === "votes" ? `list ${item}` : `line ${item}`;
    if (register.stations.has(place)) {
      const count = this.standing.count(place, contest, view);
      return what === "coverage" ? undefined : (count.figures?.get(column) ?? null);
    }
    if (!register.units.has(place)) return undefined;
    const total = this.#totals(contest, view).get(place);
    if (what === "coverage") return coverage(total, item);
    return what === "votes" || what === "line" ? (total?.sums.get(column) ?? null) : undefined;
  }

  /** The names of the votes of every list in a unit by law. */
  votesOf(contest, place) {
    const sums = this.#totals(contest, "law").get(place)?.sums ?? new Map();
    const lists = [...sums.keys()].filter((column) => column.startsWith("list "));
    return lists.map((column) => `votes ${contest} law ${place} ${column.slice(5)}`);
  }
}

function coverage(total, item) {
  if (total === undefined) return 0;
  const { reasons, ...numbers } = total.coverage;
  return numbers[item] ?? reasons[item] ?? (item in REASONS ? 0 : undefined);
}

const REASONS = { missing: 0, part_missing: 0, excluded: 0, annulled: 0, not_computable: 0, to_be_repeated: 0 };

/** The digits of a number as a page shows it, in whatever way its language groups them; `null` if it shows none. */
export function shownNumber(text) {
  const digits = text.replace(/[\s.,'\u2019\u066c\u00a0\u202f]/g, "");
  return /^[0-9]+$/.test(digits) ? Number(digits) : null;
}

/**
 * Compares the figures that a page shows with those that the record gives: how many agree, which are wrong, and how many could not be
 * derived. `page` is a document; every marked number is compared as its readers see it, not as its attributes say.
 */
export function comparePage(page, figures) {
  const out = { agree: 0, wrong: [], unknown: 0, names: new Set() };
  for (const mark of page.querySelectorAll("[data-figure]")) {
    const name = mark.dataset?.figure ?? mark.getAttribute("data-figure");
    const derived = figures.get(name);
    const shown = shownNumber(mark.textContent);
    out.names.add(name);
    if (derived === undefined) out.unknown += 1;
    else if (shown === derived || (derived === null && shown === null)) out.agree += 1;
    else out.wrong.push({ name, shown: mark.textContent.trim(), derived });
  }
  return out;
}
