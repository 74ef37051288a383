// The kinds of statement and the keys of each (docs/statements.md section 2), as tables: a statement that has another shape is
// unreadable. Written from the document, not from the program that it checks.

import { parseKey } from "./note.js";

/** A value that has not the shape its kind asks for. */
export class ShapeError extends Error {}

const fail = (why) => {
  throw new ShapeError(why);
};
const need = (right, why) => (right ? undefined : fail(why));
const isObject = (v) => typeof v === "object" && v !== null && !Array.isArray(v);

const ID = /^[A-Za-z0-9._:/-]{1,64}$/;
const text = (v) => (need(typeof v === "string", "text"), v);
const id = (v) => (need(typeof v === "string" && ID.test(v), "id"), v);
const count = (v) => (need(Number.isSafeInteger(v) && v >= 0, "count"), v);
const hash = (v) => (need(typeof v === "string" && /^[0-9a-f]{64}$/.test(v), "hash"), v);
const poll = (v) => (need(count(v) >= 1 && v <= 1000, "poll"), v);
const yes = (v) => (need(v === true, "true or left out"), v);
const scope = (v) => (v === "*" ? v : id(v));
const word = (...words) => (v) => (need(words.includes(v), "word"), v);
const list = (each) => (v) => (need(Array.isArray(v), "array"), v.map(each));
const some = (each) => (v) => (need(Array.isArray(v) && v.length > 0, "left out where empty"), v.map(each));

/** An object of names and values, in order of name; left out where it is empty. */
const pairs = (name, each) => (v) => {
  need(isObject(v) && Object.keys(v).length > 0, "object");
  const names = Object.keys(v).sort((a, b) => (a < b ? -1 : 1));
  return new Map(names.map((key) => [name(key), each(v[key])]));
};
const counts = pairs(id, count);
const attributes = pairs((key) => key, text);

const key = (v) => {
  let parsed;
  try {
    parsed = parseKey(text(v));
  } catch {
    fail("key");
  }
  need(parsed.kind === 1, "key");
  return parsed;
};

/** Reads an object by a table of keys; a `?` at the end of a name marks what may be left out. */
const object = (table) => (v) => {
  need(isObject(v), "object");
  const left = new Set(Object.keys(v));
  const out = {};
  for (const [named, read] of Object.entries(table)) {
    const name = named.replace("?", "");
    if (left.delete(name)) out[name] = read(v[name]);
    else need(named.endsWith("?"), `no ${name}`);
  }
  need(left.size === 0, "unknown key");
  return out;
};

const blobs = some(object({ sha256: hash, bytes: count, type: text, "salted?": yes }));
const figures = { "lines?": counts, "votes?": counts };
const about = { "unit?": id, "station?": id, "part?": id, "statement?": count };
const place = { poll, contest: id, station: id, "part?": id, source: id };

/** What something is about: only one of unit, station and statement, and a part of a station only. */
function checkAbout(of, kinds = ["unit", "station", "part", "statement"]) {
  const named = ["unit", "station", "statement"].filter((name) => name in of);
  need(named.length <= 1, "only one can be meant");
  need(!("part" in of) || "station" in of, "a part of a station");
  need([...named, ...("part" in of ? ["part"] : [])].every((name) => kinds.includes(name)), "does not fit");
  return of;
}

export const ROLES =
  ["commission", "territorial", "precinct", "machine", "observer", "party", "auditor", "court", "reconstruction"];
const grant = object({ key, role: word(...ROLES), scope });

const BODY = { id, title: text, rank: count, quorum: count, majority: count, scope, seats: list(key) };
/** Majority and quorum lie within the number of seats. */
const checkBody = (of) => {
  need(of.majority >= 1 && of.majority <= of.seats.length && of.quorum <= of.seats.length, "majority and quorum");
  return of;
};
const body = (v) => checkBody(object(BODY)(v));

const ROWS = [
  ["unit_id", object({ unit_id: id, level: id, "in?": id, name: text, "attributes?": attributes })],
  ["station_id", object({
    station_id: id, in: id, "voters?": count, "parts?": some(id), "name?": text, "attributes?": attributes,
  })],
  ["drop", object({ drop: id })],
  ["list_id", object({ list_id: id, contest: id, name: text, "in?": id, "attributes?": attributes })],
  ["candidate_id", object({ candidate_id: id, contest: id, list: id, name: text, "attributes?": attributes })],
];
const row = (v) => {
  need(isObject(v), "row");
  const known = ROWS.find(([first]) => first in v) ?? fail("row");
  return known[1](v);
};

/** An effect on a place. */
const placed = (table, kinds) => (v) => checkAbout(object({ ...table, ...about })(v), kinds);
const EFFECTS = {
  reject: object({ do: text, complaint: count }),
  correct: object({ do: text, ...place, ...figures }),
  recount: placed({ do: text, poll }, ["unit", "station", "part"]),
  annul: placed({ do: text, poll, "contest?": id }, ["unit", "station", "part"]),
  repeat: placed({ do: text, poll, "contest?": id }, ["unit", "station"]),
  exclude: object({ do: text, statement: count }),
  restore: object({ do: text, statement: count }),
  admit: object({ do: text, statement: count }),
  withhold: object({ do: text, blob: hash }),
  replace: object({ do: text, what: word("rulebook", "forms"), blob: hash }),
  suspend: object({ do: text, ruling: count }),
  reverse: object({ do: text, ruling: count }),
  reinstate: object({ do: text, ruling: count }),
};
const effect = (v) => {
  need(isObject(v) && typeof v.do === "string" && Object.hasOwn(EFFECTS, v.do), "effect");
  return EFFECTS[v.do](v);
};

const required = (v) => {
  const of = counts(v);
  need([...of].every(([role, k]) => ROLES.includes(role) && k >= 1), "required");
  return of;
};
const claimed = (v) => {
  need(isObject(v) && Object.keys(v).length > 0, "left out where empty");
  return object({ "present?": count, "for?": count, "against?": count })(v);
};

const KINDS = {
  charter: {
    origin: text, nonce: (v) => (need(typeof v === "string" && /^[0-9a-f]{32}$/.test(v), "nonce"), v), semantics: count,
    election: object({ id, title: text, polling_day: text }), rulebook: hash, forms: hash, log: key, keys: list(grant),
    "bodies?": some(body), "required?": required, "repeats?": object({ origin: text, checkpoint: hash, ruling: count }),
  },
  body: BODY,
  register: { poll, rows: list(row) },
  seal: { poll, chunks: count, units: count, stations: count, lists: count, root: hash },
  appointment: { grants: list(grant) },
  revocation: { keys: list(text), reason: id, "suspect_from?": count },
  phase: { poll: count, phase: word("polling_opened", "polling_closed", "counting_ended") },
  clock: { time: count },
  protocol: {
    ...place, ...figures, "supersedes?": object({ index: count, text: hash }), "time?": count, "row?": count, "blobs?": blobs,
  },
  copy: { ...place, ...figures, "blobs?": blobs },
  turnout: { poll, of: text, voted: count, "registered?": count, "stations?": count, "printed_share?": count, time: count },
  complaint: { poll, ...about, code: id, "blobs?": blobs },
  ruling: {
    "by?": id, effects: list(effect), reason: id, "law?": text, "complaints?": some(count), "claimed?": claimed, "blobs?": blobs,
  },
  declaration: { by: id, poll, contest: id, unit: id, source: id, size: count, ...figures, "seats?": counts },
  lot: { poll, contest: id, stage: id, "unit?": id, between: list(id), drawn: list(id) },
  note: { code: id, ...about, "figures?": counts, "sources?": some(text), "blobs?": blobs },
};

/** Reads a statement from its JSON value: its kind, the charter that it names, and what it says. */
export function readStatement(value) {
  need(isObject(value) && typeof value.kind === "string" && Object.hasOwn(KINDS, value.kind), "kind");
  const { kind, charter, ...rest } = value;
  if (kind === "charter") need(charter === undefined, "a charter names none");
  else hash(charter);
  const of = object(KINDS[kind])(rest);
  if (kind === "complaint" || kind === "note") checkAbout(of);
  if (kind === "body") checkBody(of);
  if (kind === "ruling") need(of.by !== undefined || of.claimed === undefined, "claimed without a body");
  return { kind, charter: charter ?? null, of };
}
