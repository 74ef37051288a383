// The register: units, stations and lists in the order in which they were listed, late changes that wait for a ruling, and seals
// (docs/statements.md sections 2 and 5).

import { Void } from "./void.js";
import { fromHex, toHex } from "./hash.js";
import { leafHash, rootOf } from "./tree.js";

/** The depth of the lowest unit; the root has depth 0. */
const MAX_DEPTH = 15;

const listKey = (contest, poll) => `${contest} ${poll}`;

export class Register {
  constructor() {
    /** Units by id: `{id, level, parent, name, depth, order}`; parents stand before their children. */
    this.units = new Map();
    /** Stations by id: `{id, unit, name, voters, laterVoters, parts, dropped}`. */
    this.stations = new Map();
    this.root = null;
    /** Lists by contest and poll. */
    this.lists = new Map();
    /** Text hashes of the statements before polling opened, by poll. */
    this.chunks = new Map();
    this.seals = new Map();
    /** Late changes by index, and those that a ruling let in, each with what takes it back. */
    this.late = new Map();
    this.admitted = [];
  }

  /** Whether a unit lies in another one, or is it. */
  isWithin(unit, outer) {
    for (let at = unit; at !== null; at = this.units.get(at).parent) if (at === outer) return true;
    return false;
  }

  /** The unit of a station and those above it, from the nearest up. */
  above(station) {
    const out = [];
    for (let at = this.stations.get(station).unit; at !== null; at = this.units.get(at).parent) out.push(at);
    return out;
  }

  /** The lists of a contest in a poll: those of the latest poll up to this one that names any. */
  listsAt(contest, poll) {
    for (let at = poll; at >= 0; at -= 1) {
      const lists = this.lists.get(listKey(contest, at));
      if (lists) return lists;
    }
    return [];
  }

  /** Every list of a contest over all polls, each once. */
  allLists(contest) {
    const seen = new Map();
    const own = [...this.lists.values()].filter((lists) => lists.contest === contest).sort((a, b) => a.poll - b.poll);
    for (const list of own.flat()) if (!seen.has(list.id)) seen.set(list.id, list);
    return [...seen.values()];
  }

  contests() {
    return [...new Set([...this.lists.values()].map((lists) => lists.contest))].sort((a, b) => (a < b ? -1 : 1));
  }

  /** Voters on a station's list in a poll; `null` if the register does not say. */
  votersAt(station, poll) {
    const { voters, laterVoters } = this.stations.get(station);
    for (let at = poll; at > 1; at -= 1) if (laterVoters.has(at)) return laterVoters.get(at);
    return voters;
  }

  /** Checks the rows of some register statements, one after the other; nothing is entered. */
  check(statements) {
    const fresh = { units: new Map(), stations: new Map(), lists: new Set() };
    for (const { poll, rows } of statements) {
      const twice = new Set();
      for (const row of rows) this.#checkRow(fresh, twice, poll, row);
    }
  }

  #checkRow(fresh, twice, poll, row) {
    const refuse = () => {
      throw new Void("register");
    };
    const depth = (id) => this.units.get(id)?.depth ?? fresh.units.get(id);
    const unitOf = (id) => this.stations.get(id)?.unit ?? fresh.stations.get(id);
    const lists = (contest, id) =>
      (this.lists.get(listKey(contest, poll)) ?? []).some((list) => list.id === id) || fresh.lists.has(`${poll} ${contest} ${id}`);
    if ("unit_id" in row) {
      const above = row.in === undefined ? -1 : depth(row.in);
      const second = row.in === undefined && (this.root !== null || fresh.units.size > 0);
      if (second || above === undefined || above >= MAX_DEPTH) refuse();
      if (depth(row.unit_id) !== undefined || unitOf(row.unit_id) !== undefined) refuse();
      fresh.units.set(row.unit_id, above + 1);
    } else if ("station_id" in row) {
      if (depth(row.in) === undefined || depth(row.station_id) !== undefined) refuse();
      if ((unitOf(row.station_id) ?? row.in) !== row.in || twice.has(row.station_id)) refuse();
      if (!this.stations.has(row.station_id)) fresh.stations.set(row.station_id, row.in);
      twice.add(row.station_id);
    } else if ("drop" in row) {
      if (unitOf(row.drop) === undefined) refuse();
    } else if ("list_id" in row) {
      if (lists(row.contest, row.list_id) || (row.in !== undefined && depth(row.in) === undefined)) refuse();
      fresh.lists.add(`${poll} ${row.contest} ${row.list_id}`);
    } else if (!lists(row.contest, row.list)) {
      refuse();
    }
  }

  /** Whether a row changes what is a unit, a station or a part. */
  changesPlaces(row) {
    if ("unit_id" in row || "drop" in row) return true;
    if (!("station_id" in row)) return false;
    const station = this.stations.get(row.station_id);
    const { parts = [] } = row;
    const same = () => parts.length === station.parts.length && parts.every((part, n) => part === station.parts[n]);
    return station === undefined || station.dropped || (parts.length > 0 && !same());
  }

  /** Enters rows that were checked; the answer takes them back. */
  enter({ poll, rows }) {
    const undo = [];
    for (const row of rows) {
      if ("unit_id" in row) this.#enterUnit(row);
      else if ("station_id" in row) this.#enterStation(poll, row, undo);
      else if ("drop" in row) this.#drop(row.drop, undo);
      else if ("list_id" in row) this.#enterList(poll, row, undo);
      else this.#enterCandidate(poll, row, undo);
    }
    return () => undo.reverse().forEach((step) => step());
  }

  /** Units keep their place when a late change is taken back, so one that comes again is there already. */
  #enterUnit(row) {
    if (this.units.has(row.unit_id)) return;
    const parent = row.in ?? null;
    const depth = parent === null ? 0 : this.units.get(parent).depth + 1;
    this.root ??= row.unit_id;
    this.units.set(row.unit_id, { id: row.unit_id, level: row.level, parent, name: row.name, depth, order: this.units.size });
  }

  #enterStation(poll, row, undo) {
    let own = this.stations.get(row.station_id);
    if (own === undefined) {
      own = {
        id: row.station_id, unit: row.in, name: row.name ?? null, voters: row.voters ?? null, laterVoters: new Map(), parts: [],
        dropped: false,
      };
      this.stations.set(own.id, own);
      undo.push(() => (own.dropped = true));
    } else {
      if (own.dropped) undo.push(() => (own.dropped = true));
      own.dropped = false;
      if (poll === 1) {
        const before = own.voters;
        undo.push(() => (own.voters = before));
        own.voters = row.voters ?? null;
      } else if (row.voters !== undefined) {
        const before = own.laterVoters.get(poll);
        undo.push(() => (before === undefined ? own.laterVoters.delete(poll) : own.laterVoters.set(poll, before)));
        own.laterVoters.set(poll, row.voters);
      }
    }
    if (row.parts !== undefined) {
      const before = own.parts;
      undo.push(() => (own.parts = before));
      own.parts = row.parts;
    }
  }

  #drop(id, undo) {
    const own = this.stations.get(id);
    if (own.dropped) return;
    own.dropped = true;
    undo.push(() => (own.dropped = false));
  }

  #enterList(poll, row, undo) {
    const key = listKey(row.contest, poll);
    const lists = this.lists.get(key) ?? Object.assign([], { contest: row.contest, poll });
    lists.push({ id: row.list_id, name: row.name, unit: row.in ?? null, candidates: [] });
    this.lists.set(key, lists);
    undo.push(() => {
      lists.pop();
      if (lists.length === 0) this.lists.delete(key);
    });
  }

  #enterCandidate(poll, row, undo) {
    const own = this.lists.get(listKey(row.contest, poll)).find((list) => list.id === row.list);
    own.candidates.push({ id: row.candidate_id, name: row.name });
    undo.push(() => own.candidates.pop());
  }

  /** Enters a statement from before polling opened: it breaks the seal of its poll. */
  append(poll, id, statement) {
    this.seals.delete(poll);
    this.chunks.set(poll, [...(this.chunks.get(poll) ?? []), id]);
    this.enter(statement);
  }

  /** The seal that would close the register of a poll as it stands. */
  sealOf(poll) {
    const chunks = this.chunks.get(poll) ?? [];
    return {
      poll,
      chunks: chunks.length,
      units: this.units.size,
      stations: [...this.stations.values()].filter((station) => !station.dropped).length,
      lists: [...this.lists.values()].reduce((sum, lists) => sum + lists.length, 0),
      root: toHex(rootOf(chunks.map((id) => leafHash(fromHex(id))))),
    };
  }

  /** Whether these late changes wait and fit, in this order. */
  canAdmit(indices) {
    const waiting = indices.map((index, at) => {
      const late = indices.indexOf(index) === at ? this.late.get(index) : undefined;
      if (late === undefined) throw new Void("not_that");
      return late;
    });
    this.check(waiting);
  }

  /** Lets late changes in. */
  admit(indices) {
    this.canAdmit(indices);
    for (const index of indices) {
      const statement = this.late.get(index);
      this.late.delete(index);
      this.admitted.push({ index, statement, undo: this.enter(statement) });
    }
  }

  /** Takes a late change back; those that came in after it are entered anew, or wait too where they no longer fit. */
  withdraw(index) {
    const at = this.admitted.findIndex((change) => change.index === index);
    if (at < 0) return;
    const later = this.admitted.splice(at);
    for (const change of [...later].reverse()) {
      change.undo();
      this.late.set(change.index, change.statement);
    }
    for (const change of later.slice(1)) this.tryAdmit(change.index);
  }

  /** Lets a late change in if it fits; else it goes on waiting. */
  tryAdmit(index) {
    try {
      this.admit([index]);
    } catch (why) {
      if (!(why instanceof Void)) throw why;
    }
  }
}
