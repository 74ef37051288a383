// What the count needs of the law: which lines and sources there are (forms), which source decides, and what an annulled station keeps
// in the denominators (rulebook). How seats are given is the business of the WebAssembly module.

import { Void } from "./void.js";
import { fromUtf8, sha256, toHex } from "./hash.js";
import { parseToml } from "./toml.js";

/** The name of votes against all lists, where the ballot has that line. */
export const AGAINST_ALL = "against_all";
/** The most lines and lists that one contest may have. */
const MAX_COLUMNS = 16_384;

/** Whether a declared contest is `id`, or a family `prefix*` that it is of. */
const covers = (declared, id) => (declared.endsWith("*") ? id.startsWith(declared.slice(0, -1)) : declared === id);

/** The text of a blob, whose hash must be the one that was named. */
function text(hash, blobs) {
  const bytes = blobs.get(hash);
  if (!bytes || toHex(sha256(bytes)) !== hash) throw new Void("blob");
  return fromUtf8(bytes) ?? raise();
}

function raise() {
  throw new Void("blob");
}

function toml(hash, blobs) {
  const source = text(hash, blobs);
  try {
    return parseToml(source);
  } catch {
    return raise();
  }
}

/** Reads a rulebook as far as the count needs it. */
export function readRulebook(hash, blobs) {
  const { schema, standing = { decides: "hand" }, annulment = { turnout: "drop" } } = toml(hash, blobs);
  if (schema !== "recount-rulebook/1" || typeof standing.decides !== "string" || typeof annulment.turnout !== "string") throw new Void("blob");
  const keeps = { turnout: annulment.turnout === "keep", registered: (annulment.registered ?? annulment.turnout) === "keep" };
  return {
    hash,
    decides: standing.decides,
    afterRuling: standing.after_ruling ?? null,
    standIn: standing.mix_sources === true ? (standing.preliminary ?? []) : [],
    keeps: { ...keeps, falls: false },
  };
}

/** Reads protocol forms as far as the count needs them. */
export function readForms(hash, blobs) {
  const { schema, contests, forms = [] } = toml(hash, blobs);
  if (schema !== "recount-forms/1" || !Array.isArray(contests)) throw new Void("blob");
  return { hash, contests, forms };
}

/** The contest of this id in the forms, or the family that it belongs to. */
export function contestOf(forms, id) {
  return forms.contests.find((contest) => covers(contest.id, id)) ?? null;
}

/** The form of a protocol; the part of a whole station is the empty text. */
export function formFor(forms, contest, source, part) {
  const forPart = (form) => ((form.parts ?? []).length === 0 ? part === "" : form.parts.includes(part));
  const forSource = (form) => (form.sources ?? []).length === 0 || form.sources.includes(source);
  return forms.forms.find((form) => covers(form.contest, contest) && forSource(form) && forPart(form)) ?? null;
}

/** What a line is good for when a station is annulled: `registered`, `turnout`, or it falls; `null` where no form has it. */
function useOf(forms, code) {
  const line = forms.forms.flatMap((form) => form.lines ?? []).find((own) => own.code === code);
  if (line === undefined) return null;
  if (line.holds !== "voters") return "falls";
  return code.startsWith("registered") ? "registered" : "turnout";
}

/** A contest as it is counted: where it is held, and what its lines are good for; `null` where the forms do not have it. */
export function contestState(forms, register, id, old) {
  const declared = contestOf(forms, id);
  if (declared === null) return old ?? null;
  const lists = register.allLists(id);
  const units = lists.map((list) => list.unit);
  const uses = new Map(old?.uses ?? []);
  for (const form of forms.forms.filter((own) => covers(own.contest, id))) {
    for (const line of form.lines ?? []) uses.set(line.code, "falls");
  }
  for (const [code, use] of uses) uses.set(code, useOf(forms, code) ?? old?.uses.get(code) ?? use);
  if (uses.size + lists.length > MAX_COLUMNS) throw new Void("figures");
  const everywhere = units.some((unit) => unit === null || !register.units.has(unit));
  return { id, title: declared.title, againstAll: declared.against_all === true, uses, units: everywhere ? [] : units };
}
