// The count: statements in the order of the log, with what is authorised kept as claims, rulings and declarations
// (docs/statements.md sections 4 and 5). What stands, and the sums, are derived from it in `standing.js`.

import { AGAINST_ALL, contestState, formFor, readForms, readRulebook } from "./law.js";
import { Effects, latest, meets } from "./effects.js";
import { Ledger } from "./ledger.js";
import { LACKS_SIGNATURES, Void } from "./void.js";

const kinds = { protocol: ["protocol", "lot"], complaint: ["complaint"] };

export class Fold {
  /** `blobs` has `get(hash)`, which gives the bytes of a blob or nothing. */
  constructor(origin, blobs) {
    this.ledger = new Ledger(origin);
    this.register = this.ledger.register;
    this.blobs = blobs;
    /** Every statement in order: `{kind, id, void, station, signers}`. */
    this.noted = [];
    this.rulebooks = [];
    this.forms = [];
    this.law = null;
    this.contests = new Map();
    /** Claims and copies by station, in order of index. */
    this.claims = new Map();
    this.copies = new Map();
    this.rulings = new Map();
    this.effects = new Effects();
    this.declarations = [];
    /** The first declaration of a unit's result. */
    this.declared = new Map();
    this.replacedCopies = new Map();
  }

  get size() {
    return this.noted.length;
  }

  /** Takes the next entry; `entry` is `null` if it could not be read, `wrong` the code for which its signatures fail. */
  push(entry, wrong) {
    const index = this.size;
    if (entry === null) {
      this.noted.push({ kind: "", id: null, void: "unreadable", station: null, signers: [] });
      return;
    }
    const { kind, of } = entry.statement;
    const noted = { kind, id: entry.id, void: null, station: this.#stationOf(kind, of), signers: [] };
    try {
      const authority = this.ledger.apply(index, entry, wrong);
      noted.signers = authority.signers;
      noted.station = this.#stationOf(kind, of);
      try {
        this.#take(index, kind, of, authority);
      } catch (why) {
        // That its signatures do not suffice turned out only now: the text is free again.
        if (LACKS_SIGNATURES.has(why.code)) this.ledger.texts.delete(entry.id);
        throw why;
      }
    } catch (why) {
      if (!(why instanceof Void)) throw why;
      noted.void = why.code;
    }
    this.noted.push(noted);
  }

  #stationOf(kind, of) {
    const id = kind === "turnout" ? of.of : ["protocol", "copy", "complaint"].includes(kind) ? of.station : undefined;
    return this.register.stations.has(id) ? id : null;
  }

  #take(index, kind, of, authority) {
    if (kind === "charter") {
      this.#enterLaw(index, [{ what: "rulebook", blob: of.rulebook }, { what: "forms", blob: of.forms }]);
      this.#chooseLaw();
    } else if (kind === "protocol") this.#protocol(index, of, authority);
    else if (kind === "copy") this.#copy(index, of, authority);
    else if (kind === "ruling") this.#ruling(index, of, authority);
    else if (kind === "declaration") this.#declaration(index, of);
    else if (kind === "register") {
      const named = of.rows.filter((row) => "list_id" in row).map((row) => row.contest);
      this.#refresh([...new Set(named)].sort());
    }
  }

  // The law.

  #enterLaw(index, replacements) {
    const read = replacements.map(({ what, blob }) =>
      what === "rulebook" ? [this.rulebooks, readRulebook(blob, this.blobs)] : [this.forms, readForms(blob, this.blobs)]);
    for (const [to, law] of read) to.push({ index, ...law });
  }

  /** The latest rulebook and forms whose ruling acts; the charter's always do. */
  #chooseLaw() {
    const acts = ({ index }) => (this.rulings.get(index)?.force ?? "in_force") === "in_force";
    const rulebook = this.rulebooks.findLast(acts);
    const forms = this.forms.findLast(acts);
    if (!rulebook || !forms) return;
    this.law = { rulebook, forms };
    this.#refresh(this.register.contests());
  }

  #refresh(ids) {
    if (this.law === null) return;
    for (const id of ids) {
      const state = contestState(this.law.forms, this.register, id, this.contests.get(id));
      if (state) this.contests.set(id, state);
    }
  }

  // Figures.

  /** Whether a contest is held at a station. */
  holds(station, contest) {
    const { units } = this.contests.get(contest);
    const { unit } = this.register.stations.get(station);
    return units.length === 0 || units.some((own) => this.register.isWithin(unit, own));
  }

  /** The place of figures within a station, if there is such a place. */
  #slot(of, needsPart) {
    const { station, poll, contest, part = null, source } = of;
    const listed = (yes) => {
      if (!yes) throw new Void("not_listed");
    };
    listed(this.contests.has(contest) && this.holds(station, contest));
    const { parts } = this.register.stations.get(station);
    listed(part === null ? !(needsPart && parts.length > 0) : parts.includes(part));
    listed(formFor(this.law.forms, contest, source, part ?? ""));
    if (poll > 1 && this.openedBy(station, contest, poll) === null) throw new Void("poll_not_open");
    return { poll, contest, part, source, key: [poll, contest, part ?? "", source].join(" ") };
  }

  /** When a ruling repeated a poll at a station. */
  #repeated(station, contest, poll) {
    return latest(this.effects.repeats, this.register, station, meets(poll, contest));
  }

  /** The latest poll that was opened at a station. */
  currentPoll(station, contest) {
    let poll = 1;
    while (this.effects.repeats.length > 0 && poll < 1000 && this.#repeated(station, contest, poll) !== null) poll += 1;
    return poll;
  }

  /** When a ruling opened a poll at a station. It opens nothing where the poll that it repeats is not open itself. */
  openedBy(station, contest, poll) {
    return poll > this.currentPoll(station, contest) ? null : this.#repeated(station, contest, poll - 1);
  }

  /** Figures by column: `line CODE` and `list ID`. */
  #figures(slot, { lines = new Map(), votes = new Map() }) {
    const form = formFor(this.law.forms, slot.contest, slot.source, slot.part ?? "");
    const codes = new Set((form?.lines ?? []).map((line) => line.code));
    const lists = new Set(this.register.listsAt(slot.contest, slot.poll).map((list) => list.id));
    if (this.contests.get(slot.contest).againstAll) lists.add(AGAINST_ALL);
    const figures = new Map();
    const put = (prefix, names, counts) => {
      for (const [name, n] of counts) {
        if (!names.has(name)) throw new Void("not_listed");
        figures.set(`${prefix} ${name}`, n);
      }
    };
    put("line", codes, lines);
    put("list", lists, votes);
    return figures;
  }

  #claim(index, of, authority, slot) {
    const figures = this.#figures(slot, of);
    if (authority.signers.length === 0) throw new Void("no_authority");
    return { index, slot, office: authority.office, signers: authority.signers, supersedes: null, figures };
  }

  #protocol(index, of, authority) {
    const slot = this.#slot(of, true);
    const old = of.supersedes;
    if (old && (old.index >= index || this.ledger.texts.get(old.text) !== old.index)) throw new Void("not_that");
    const claim = { ...this.#claim(index, of, authority, slot), supersedes: old?.index ?? null };
    this.claims.set(of.station, [...(this.claims.get(of.station) ?? []), claim]);
  }

  /** One copy per signer and place stands: the latest. */
  #copy(index, of, authority) {
    const claim = this.#claim(index, of, authority, this.#slot(of, false));
    const isOld = (old) => old.slot.key === claim.slot.key && old.signers[0] === claim.signers[0];
    const copies = this.copies.get(of.station) ?? [];
    for (const old of copies.filter(isOld)) this.replacedCopies.set(old.index, index);
    this.copies.set(of.station, [...copies.filter((old) => !isOld(old)), claim]);
  }

  // Rulings.

  #ruling(index, of, authority) {
    const rank = this.ledger.bodies.get(authority.body)?.rank ?? 0;
    const acts = of.effects.map((effect) => {
      this.#checkPlace(effect, authority);
      return this.#act(effect, of.by === undefined, rank);
    });
    const replacements = of.effects.filter((effect) => effect.do === "replace");
    const admits = (effects) => effects.filter((effect) => effect.do === "admit").map((effect) => effect.statement);
    // Everything that can fail is done before anything is changed.
    const before = [this.rulebooks.length, this.forms.length];
    this.#enterLaw(index, replacements);
    try {
      this.register.canAdmit(admits(of.effects));
    } catch (why) {
      [this.rulebooks.length, this.forms.length] = before;
      throw why;
    }
    this.rulings.set(index, { of, rank, acts, force: "in_force", place: this.#placeOfEffects(of.effects) });
    const refold = ["suspend", "reverse", "reinstate", "admit", "replace"];
    if (of.effects.some((effect) => refold.includes(effect.do))) this.#settle(admits);
    else this.effects.add(index, acts);
  }

  /** What rulings do, as if those that no longer act had not been made. */
  #settle(admits) {
    this.#settleForce();
    const inForce = [...this.rulings].filter(([, state]) => state.force === "in_force").sort(([a], [b]) => a - b);
    const wanted = inForce.flatMap(([, state]) => admits(state.of.effects));
    for (const { index } of [...this.register.admitted].reverse()) {
      if (!wanted.includes(index)) this.register.withdraw(index);
    }
    for (const index of wanted) {
      if (!this.register.admitted.some((change) => change.index === index)) this.register.tryAdmit(index);
    }
    this.effects = new Effects();
    for (const [index, state] of inForce) this.effects.add(index, state.acts);
    this.#chooseLaw();
    this.#refresh(this.register.contests());
  }

  /**
   * Which rulings are in force. A ruling speaks only of earlier ones, so that whether it acts itself is known, from the last one back,
   * before it is asked what it says: one that was reversed overturns nothing.
   */
  #settleForce() {
    const said = new Map();
    for (const [index, state] of [...this.rulings].sort(([a], [b]) => b - a)) {
      state.force = said.get(index) ?? "in_force";
      if (state.force !== "in_force") continue;
      for (const effect of [...state.of.effects].reverse()) {
        if (!["suspend", "reverse", "reinstate"].includes(effect.do) || said.has(effect.ruling)) continue;
        said.set(effect.ruling, effect.do === "reinstate" ? "in_force" : `${effect.do} ${index}`);
      }
    }
  }

  /** A body rules only on statements about its own unit, and overturns only rulings whose effects lie within it. */
  #checkPlace(effect, { body }) {
    if (body === null) return;
    const named = effect.statement ?? effect.complaint;
    const places =
      ["exclude", "restore", "reject"].includes(effect.do) ? [this.#placeOfStatement(named)]
      : ["suspend", "reverse", "reinstate"].includes(effect.do) ? [this.rulings.get(effect.ruling)?.place ?? null]
      : [];
    if (!places.every((place) => place === null || this.ledger.bodyCovers(body, place))) throw new Void("no_authority");
  }

  #placeOfStatement(index) {
    const station = this.noted[index]?.station ?? null;
    return station === null ? { all: true } : { station };
  }

  /** The smallest place in which all these effects lie. What is said of a ruling lies where that ruling's effects do. */
  #placeOfEffects(effects) {
    const places = effects.map((effect) => {
      if (effect.do === "correct") return { station: effect.station };
      if (["exclude", "restore", "reject"].includes(effect.do)) return this.#placeOfStatement(effect.statement ?? effect.complaint);
      if (["recount", "annul", "repeat"].includes(effect.do)) return this.#placeOf(effect);
      return this.rulings.get(effect.ruling)?.place ?? { all: true };
    });
    return places.length === 0 ? { all: true } : places.reduce((a, b) => this.#both(a, b));
  }

  /** The smallest place that covers two. */
  #both(a, b) {
    if (this.ledger.covers(b, a)) return b;
    if (a.all || (a.station !== undefined && a.station === b.station)) return a;
    const { units, stations } = this.register;
    for (let unit = a.unit ?? stations.get(a.station).unit; unit !== null; unit = units.get(unit).parent) {
      if (this.ledger.covers({ unit }, b)) return { unit };
    }
    return { all: true };
  }

  #placeOf({ unit, station }) {
    if (unit !== undefined) return { unit };
    return station === undefined ? { all: true } : { station };
  }

  /** An effect with its place resolved; `null` where it does nothing in the count. */
  #act(effect, reconstructed, rank) {
    const is = (index, which) => {
      const noted = this.noted[index];
      if (!noted || noted.void !== null || !which.includes(noted.kind)) throw new Void("not_that");
    };
    switch (effect.do) {
      case "reject":
        is(effect.complaint, kinds.complaint);
        return null;
      case "correct": {
        if (!this.register.stations.has(effect.station)) throw new Void("not_listed");
        const slot = this.#slot(effect, true);
        return { do: "correct", station: effect.station, slot, figures: this.#figures(slot, effect) };
      }
      case "recount":
      case "annul":
      case "repeat":
        return this.#scope(effect);
      case "exclude":
      case "restore":
        is(effect.statement, kinds.protocol);
        return { do: effect.do, statement: effect.statement };
      case "suspend":
      case "reverse":
      case "reinstate": {
        const target = this.rulings.get(effect.ruling);
        if (target === undefined) throw new Void("not_that");
        if (!(rank > target.rank || (reconstructed && target.of.by === undefined))) throw new Void("rank");
        return null;
      }
      default:
        return null;
    }
  }

  #scope(effect) {
    const place = this.#placeOf(effect);
    const { units, stations } = this.register;
    const listed =
      (effect.contest === undefined || this.contests.has(effect.contest)) &&
      (place.all || units.has(place.unit) || stations.has(place.station));
    if (!listed) throw new Void("not_listed");
    return { do: effect.do, poll: effect.poll, contest: effect.contest ?? null, part: effect.part ?? null, place };
  }

  #declaration(index, of) {
    if (!this.contests.has(of.contest)) throw new Void("not_listed");
    const key = `${of.poll} ${of.contest} ${of.unit}`;
    if (!this.declared.has(key)) this.declared.set(key, index);
    this.declarations.push({ index, of });
  }
}
