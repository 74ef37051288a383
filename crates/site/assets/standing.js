// Which claim stands in each place, what a station contributes, and the sums (docs/statements.md section 5).

import { latest, meets, rulingOf } from "./effects.js";

/** Figures are equal if the same columns hold the same numbers. */
function equal(a, b) {
  return a.size === b.size && [...a].every(([column, n]) => b.get(column) === n);
}

/** What is read out of a fold. `view` is "law", "copies" or the name of a source. */
export class Standing {
  constructor(fold) {
    this.fold = fold;
    this.register = fold.register;
    this.effects = fold.effects;
  }

  /** The latest correction or choice in a slot. */
  #decided(station, key, claims) {
    const correction = this.effects.correction(station, key);
    let decided = correction && { figures: correction.figures, order: correction.order };
    for (const claim of claims) {
      const order = this.effects.restored.get(claim.index);
      if (order !== undefined && (!decided || order > decided.order)) decided = { chosen: claim.index, order };
    }
    return decided;
  }

  /** What has become of every claim in a slot: `{claim, fate, by}`, in order of index. */
  fates(station, key) {
    const claims = (this.fold.claims.get(station) ?? []).filter((claim) => claim.slot.key === key);
    let decided = this.#decided(station, key, claims);
    let settled = null;
    const walk = { fates: [], standing: null };
    for (const claim of claims) {
      if (decided && rulingOf(decided.order) < claim.index) {
        settle(walk, decided);
        [settled, decided] = [decided, null];
      }
      const out = this.effects.excluded.get(claim.index);
      const told = out === undefined ? this.#fate(station, walk, settled, claim) : { claim, fate: "excluded", by: out };
      if (told.fate === "stands") walk.standing = told;
      walk.fates.push(told);
    }
    if (decided) {
      settle(walk, decided);
      settled = decided;
    }
    measureAgain(walk, settled);
    return walk.fates;
  }

  #fate(station, walk, settled, claim) {
    const measure = (figures, by) => ({ claim, fate: equal(claim.figures, figures) ? "agrees" : "conflicts", by });
    const old = walk.standing;
    if (old !== null) {
      if (claim.supersedes === old.claim.index && this.#maySupersede(station, claim, old.claim)) {
        old.fate = "superseded";
        old.by = claim.index;
        return { claim, fate: "stands", by: null };
      }
      return measure(old.claim.figures, old.claim.index);
    }
    // After a correction only a ruling decides.
    if (settled?.figures) return measure(settled.figures, rulingOf(settled.order));
    return { claim, fate: "stands", by: null };
  }

  /** The same office, and no declaration of a unit above in between. */
  #maySupersede(station, claim, old) {
    if (claim.office === null || claim.office !== old.office) return false;
    const { poll, contest } = claim.slot;
    return !this.register.above(station).some((unit) => {
      const declared = this.fold.declared.get(`${poll} ${contest} ${unit}`);
      return declared !== undefined && declared < claim.index;
    });
  }

  /** What stands in a slot: `{figures, claim or ruling (with its order), rivals, suspect}`; `null` if nothing does. */
  stand(station, key) {
    const fates = this.fates(station, key);
    const rivals = fates.filter(({ fate }) => fate === "conflicts").length;
    const standing = fates.find(({ fate }) => fate === "stands");
    if (standing) {
      const { claim } = standing;
      return { figures: claim.figures, claim: claim.index, ruling: null, order: null, rivals, suspect: this.#isSuspect(claim) };
    }
    const correction = this.effects.correction(station, key);
    if (correction === null) return null;
    const { figures, order } = correction;
    return { figures, claim: null, ruling: rulingOf(order), order, rivals, suspect: false };
  }

  #isSuspect(claim) {
    const { ledger } = this.fold;
    const revoked = claim.signers.map((name) => ledger.suspectedBy(name, claim.index)).reduce(latest2, null);
    const confirmed = this.effects.restored.get(claim.index);
    return revoked !== null && !(confirmed !== undefined && rulingOf(confirmed) > revoked);
  }

  /** The latest poll that was opened at a station. */
  currentPoll(station, contest) {
    return this.fold.currentPoll(station, contest);
  }

  /** Sources in the order in which they decide at a part, each with when a ruling opened it. */
  #sources(asked, part) {
    const { decides, afterRuling, standIn } = this.fold.law.rulebook;
    const { station, contest, poll, view } = asked;
    const ofPart = (scope) => meets(poll, contest)(scope) && (scope.part === null || scope.part === part);
    const opened = afterRuling === null ? null : latest(this.effects.recounts, this.register, station, ofPart);
    if (view !== "law") return [[view, view === afterRuling ? opened : null]];
    const recount = opened === null ? [] : [[afterRuling, opened]];
    return [...recount, [decides, null], ...standIn.map((source) => [source, null])];
  }

  /** What one part comes to: the first source in order from which anything stands that no annulment is newer than. */
  #part(asked, part, annulledParts) {
    const own = annulledParts.filter((scope) => scope.part === part).map((scope) => scope.order);
    const annulled = [asked.annulled, ...own].reduce(latest2, null);
    let [excluded, taken] = [null, null];
    for (const [source, opened] of this.#sources(asked, part)) {
      const key = [asked.poll, asked.contest, part ?? "", source].join(" ");
      const stand = this.stand(asked.station, key);
      if (stand === null) {
        excluded ??= this.fates(asked.station, key).find(({ fate }) => fate === "excluded")?.by ?? null;
        continue;
      }
      const byRuling = latest2(stand.order, opened);
      if (annulled === null || (byRuling !== null && byRuling > annulled)) return { is: "counts", stand, byRuling, source };
      taken ??= stand.figures;
    }
    if (annulled !== null) return { is: "annulled", order: annulled, figures: taken, received: taken !== null || excluded !== null };
    return excluded === null ? { is: "missing" } : { is: "excluded", ruling: excluded };
  }

  /** What a station contributes: `{poll, figures, reason, received, rivals, suspect, rests}`. */
  count(station, contest, view = "law") {
    const poll = this.currentPoll(station, contest);
    if (view === "copies") return this.#countCopies(station, contest, poll);
    const whole = (scope) => scope.part === null && meets(poll, contest)(scope);
    const { annulled: scopes, repeats } = this.effects;
    const repeated = latest(repeats, this.register, station, meets(poll, contest));
    const annulled = latest2(latest(scopes, this.register, station, whole), repeated);
    const sum = this.#sumParts({ station, contest, poll, view, annulled });
    const nothing = { poll, figures: null, reason: sum.reason, received: sum.received, rivals: 0, suspect: false, rests: [] };
    switch (sum.reason) {
      case null:
        return { ...nothing, figures: sum.figures, rivals: sum.rivals, suspect: sum.suspect, rests: sum.rests };
      case "annulled":
        return { ...nothing, figures: sum.figures && this.#keepVoters(contest, sum.figures) };
      case "missing":
        return { ...nothing, received: false, reason: this.fold.openedBy(station, contest, poll) === null ? "missing" : "to_be_repeated" };
      default:
        return { ...nothing, rivals: sum.rivals, suspect: sum.suspect };
    }
  }

  #sumParts(asked) {
    const { station, contest, poll } = asked;
    const { parts } = this.register.stations.get(station);
    const slots = parts.length === 0 ? [null] : parts;
    const here = (scope) => scope.place.station === station && meets(poll, contest)(scope) && scope.part !== null;
    const annulledParts = this.effects.annulled.filter(here);
    const sum = { figures: null, reason: null, received: false, rivals: 0, suspect: false, rests: [] };
    let [missing, leftOut, left, allByRuling, oldest] = [0, null, null, true, Infinity];
    for (const part of slots) {
      const found = this.#part(asked, part, annulledParts);
      if (found.is === "counts") {
        const { stand } = found;
        sum.received = true;
        sum.rivals += stand.rivals;
        sum.suspect ||= stand.suspect;
        sum.figures = add(sum.figures, stand.figures);
        sum.rests.push({ part, source: found.source, claim: stand.claim, ruling: stand.ruling });
        if (found.byRuling === null) allByRuling = false;
        else oldest = Math.min(oldest, found.byRuling);
      } else if (found.is === "annulled") {
        sum.received ||= found.received;
        if (asked.annulled !== null && asked.annulled >= found.order) {
          if (found.figures) sum.figures = add(sum.figures, found.figures);
          sum.reason ??= "annulled";
        } else {
          leftOut = latest2(leftOut, found.order);
          if (found.figures) left = add(left, found.figures);
        }
      } else if (found.is === "excluded") {
        sum.received = true;
        sum.reason ??= "excluded";
      } else {
        missing += 1;
      }
    }
    // Ballots of a part that is not counted apart cannot be told from the rest, unless a later ruling put the figures there.
    const unlisted = annulledParts.filter((scope) => !slots.includes(scope.part)).map((scope) => scope.order).reduce(latest2, null);
    const apart = unlisted !== null && sum.received && (!allByRuling || oldest < unlisted);
    sum.reason ??=
      missing > 0 ? (sum.received ? "part_missing" : "missing")
      : leftOut !== null && sum.figures === null ? "annulled"
      : apart ? "not_computable"
      : null;
    // Annulled part by part, it is annulled all the same, with what it may keep.
    if (sum.reason === "annulled" && left !== null) sum.figures = add(sum.figures, left);
    return sum;
  }

  /** What the rulebook lets an annulled station keep in the denominators. */
  #keepVoters(contest, figures) {
    const { keeps } = this.fold.law.rulebook;
    if (!keeps.turnout && !keeps.registered) return null;
    const { uses } = this.fold.contests.get(contest);
    return new Map([...figures].filter(([column]) => column.startsWith("line ") && keeps[uses.get(column.slice(5))]));
  }

  #countCopies(station, contest, poll) {
    const copies = (this.fold.copies.get(station) ?? []).filter(({ slot }) => slot.contest === contest && slot.poll === poll);
    const nothing = { poll, figures: null, reason: "missing", received: false, rivals: 0, suspect: false, rests: [] };
    const [first, ...others] = copies;
    if (first === undefined) return nothing;
    const rivals = others.filter((own) => own.slot.key === first.slot.key && !equal(own.figures, first.figures)).length;
    const rests = [{ part: first.slot.part, source: first.slot.source, claim: first.index, ruling: null }];
    return { ...nothing, figures: first.figures, reason: null, received: true, rivals, suspect: this.#isSuspect(first), rests };
  }

  /** Whether a contest is held at a station that is on the register. */
  isExpected(station, contest) {
    return !this.register.stations.get(station).dropped && this.fold.holds(station, contest);
  }

  /** Sums and coverage by unit: `{sums, stated, coverage}`; units without stations of the contest have none. */
  totals(contest, view = "law") {
    const totals = new Map();
    if (this.fold.law === null || !this.fold.contests.has(contest)) return totals;
    for (const [id, station] of this.register.stations) {
      if (!this.isExpected(id, contest)) continue;
      const count = this.count(id, contest, view);
      const voters = this.register.votersAt(id, count.poll) ?? 0;
      for (const unit of this.register.above(id)) {
        if (!totals.has(unit)) totals.set(unit, emptyTotal());
        note(totals.get(unit), count, voters);
      }
    }
    return totals;
  }
}

/** The later of two rulings or orders, either of which may be none. */
function latest2(a, b) {
  return a === null ? b : b === null ? a : Math.max(a, b);
}

/** A ruling decides about everything in a slot so far. */
function settle(walk, decided) {
  walk.standing = null;
  const ruling = rulingOf(decided.order);
  for (const told of walk.fates) {
    if (told.fate === "excluded") continue;
    if (decided.figures) [told.fate, told.by] = ["corrected", ruling];
    else if (told.claim.index === decided.chosen) {
      [told.fate, told.by] = ["stands", null];
      walk.standing = told;
    } else if (told.fate !== "superseded") [told.fate, told.by] = ["passed_over", ruling];
  }
}

/**
 * Who agreed with what stood then, and says something else than what its office put there since, conflicts with that now. A conflict
 * stays one, whatever the office says later: only a ruling decides.
 */
function measureAgain({ fates, standing }, settled) {
  const now =
    standing !== null ? { figures: standing.claim.figures, by: standing.claim.index }
    : settled?.figures ? { figures: settled.figures, by: rulingOf(settled.order) }
    : null;
  if (now === null) return;
  for (const told of fates) {
    if (told.fate !== "agrees" && told.fate !== "conflicts") continue;
    if (told.fate === "agrees" && !equal(told.claim.figures, now.figures)) told.fate = "conflicts";
    told.by = now.by;
  }
}

/** The sum of figures column by column; a sum that no number holds exactly changes nothing. */
function add(total, figures) {
  if (total === null) return figures;
  const sum = new Map(total);
  for (const [column, n] of figures) sum.set(column, (sum.get(column) ?? 0) + n);
  return [...sum.values()].every(Number.isSafeInteger) ? sum : total;
}

function emptyTotal() {
  const coverage = { expected: 0, received: 0, countable: 0, conflicts: 0, suspect: 0, voters: 0, voters_uncounted: 0, reasons: {} };
  return { sums: new Map(), coverage };
}

function note({ sums, coverage }, count, voters) {
  coverage.expected += 1;
  coverage.voters += voters;
  coverage.received += count.received ? 1 : 0;
  coverage.conflicts += count.rivals > 0 ? 1 : 0;
  coverage.suspect += count.suspect ? 1 : 0;
  if (count.reason === null) coverage.countable += 1;
  else {
    coverage.voters_uncounted += voters;
    coverage.reasons[count.reason] = (coverage.reasons[count.reason] ?? 0) + 1;
  }
  for (const [column, n] of count.figures ?? []) {
    const sum = (sums.get(column) ?? 0) + n;
    if (!Number.isSafeInteger(sum)) throw new RangeError("a total is too large to be held exactly here");
    sums.set(column, sum);
  }
}
