// The check page: what is checked, step by step, with a plain verdict for each. The work is done by the modules below; this one only asks
// for what is needed, and says what came out.

import { compareViews, otherKeys, recall, remember } from "./memory.js";
import { Figures, comparePage } from "./figures.js";
import { Wrong, httpSource, openRecord, parseKey, readRecord } from "./record.js";
import { canVerify, openCheckpoint } from "./note.js";
import { differences, summarise } from "./summary.js";
import { element, number, wordsOf } from "./words.js";
import { fromUtf8, hashIsRight, utf8 } from "./hash.js";
import { Standing } from "./standing.js";
import { loadModule } from "./module.js";
import { showPath } from "./path.js";

const page = document.getElementById("check");
const say = wordsOf("check-words");
const field = (id) => document.getElementById(id);
/** What a check found; the paths of figures are shown from it. */
let result = null;

/** The browser's own memory; `null` where it keeps none. */
function storage() {
  try {
    return window.localStorage;
  } catch {
    return null;
  }
}

/** Says what came of a step: `state` is waiting, running, proved, wrong or unknown. */
function tell(step, state, ...sentences) {
  const own = page.querySelector(`[data-step="${step}"]`);
  own.dataset.state = state;
  own.querySelector(".verdict").textContent = say(state);
  own.querySelector(".said").replaceChildren(...sentences.flatMap((sentence, i) => (i > 0 ? [element("br"), sentence] : [sentence])));
}

/** Does one step; what is wrong is told where it was found, and ends the check. */
async function step(name, act) {
  tell(name, "running");
  try {
    await act();
  } catch (why) {
    const known = why instanceof Wrong;
    const says = known ? say(why.code, why.args) : say("failed", { why: String(why?.message ?? why) });
    // What is missing proves nothing; what was changed is wrong.
    tell(name, known ? "wrong" : "unknown", says);
    throw why;
  }
}

/** What a reader gave from outside. */
function given() {
  const keys = (text) => text.split("\n").map((line) => line.trim()).filter((line) => line !== "");
  const parse = (text) => {
    try {
      return parseKey(text);
    } catch {
      throw new Wrong("key-broken");
    }
  };
  const [key] = keys(field("check-key").value);
  return {
    key: key ? parse(key) : null,
    charter: field("check-charter").value.trim().toLowerCase() || null,
    witnesses: keys(field("check-witnesses").value).map(parse),
    elsewhere: field("check-elsewhere").value.replace(/\r/g, "").trim(),
  };
}

async function browser() {
  if (!(await canVerify()) || !(await hashIsRight())) throw new Wrong("no-ed25519");
  tell("browser", "proved", say("browser"));
}

function aboutCheckpoint({ checkpoint, logKey, given }) {
  const { origin, size } = checkpoint;
  const others = otherKeys(storage(), logKey).map((key) => say("other-key", { key }));
  const says = [say("checkpoint", { origin, size, key: logKey.text }), say(given.key ? "key-given" : "key-own"), ...others];
  tell("checkpoint", others.length > 0 ? "unknown" : "proved", ...says);
}

/** Two signed notes that cannot both be true, to be kept. */
function evidence(...checkpoints) {
  return checkpoints.map(({ bytes }) => element("pre", { tabindex: "0" }, fromUtf8(bytes)));
}

/** Compares the record with what this browser saw before. The answer says whether nothing speaks against it. */
async function memory(read) {
  const known = await recall(storage(), read.logKey);
  if (known === null) {
    tell("memory", "proved", say("first"));
    return true;
  }
  const { size } = read.checkpoint;
  const view = compareViews(read, known);
  if (view === "split" || view === "other-log") {
    tell("memory", "wrong", say("split", { size, other: known.size }), ...evidence(read.checkpoint, known));
    return false;
  }
  if (view === "later") tell("memory", "unknown", say("later", { size, other: known.size }));
  else tell("memory", "proved", say(view, { size: known.size }));
  return true;
}

/** Compares the record with a checkpoint from elsewhere, and asks which witnesses signed it. */
async function others(read, asked) {
  const { checkpoint, logKey } = read;
  const says = [];
  let state = "unknown";
  if (asked.witnesses.length > 0) {
    const names = [...new Set(checkpoint.seen.map((own) => own.name))];
    const of = asked.witnesses.length;
    says.push(say("witnessed", { n: names.length, of, names: names.join(", ") || say("nothing") }));
    state = names.length === of ? "proved" : "unknown";
    if (checkpoint.wrong.length > 0) {
      says.push(say("witness-wrong", { names: checkpoint.wrong.join(", ") }));
      state = "wrong";
    }
  }
  if (asked.elsewhere !== "") {
    const other = await openCheckpoint(utf8(`${asked.elsewhere}\n`), logKey).catch(() => null);
    const view = other === null ? "bad" : compareViews(read, other);
    if (view === "bad") says.push(say("elsewhere-bad"));
    else if (view === "other-log") says.push(say("elsewhere-other-log"));
    else if (view === "later") says.push(say("later", { size: checkpoint.size, other: other.size }));
    else if (view === "split") {
      says.push(say("split", { size: checkpoint.size, other: other.size }), ...evidence(checkpoint, other));
      state = "wrong";
    } else {
      says.push(say("elsewhere-agrees", { other: other.size }));
      if (state !== "wrong") state = "proved";
    }
  }
  if (says.length === 0) says.push(say("nothing-given"));
  tell("elsewhere", state, ...says);
  return state !== "wrong";
}

function statements({ fold }) {
  const codes = new Map();
  for (const { void: code } of fold.noted) if (code !== null) codes.set(code, (codes.get(code) ?? 0) + 1);
  const wrong = [...codes.values()].reduce((sum, n) => sum + n, 0);
  const named = [...codes].map(([code, n]) => `${code} ${number(n)}`).join(", ");
  const good = fold.size - wrong;
  tell("statements", "proved", wrong === 0 ? say("statements-all", { good }) : say("statements", { good, void: wrong, codes: named }));
}

/** The fold whose figures the pages show, and how it stands. */
function counted(read) {
  const at = Number(page.dataset.at);
  return new Standing(read.earlier.get(at) ?? read.fold);
}

function sums(standing) {
  const { fold } = standing;
  const lines = [...fold.contests.values()].map(({ id, title }) => {
    const total = standing.totals(id).get(fold.register.root);
    const votes = [...(total?.sums ?? [])].filter(([column]) => column.startsWith("list ")).reduce((sum, [, n]) => sum + n, 0);
    const { expected = 0, received = 0, countable = 0 } = total?.coverage ?? {};
    return `${title}: ${say("count", { stations: expected, received, countable, votes })}`;
  });
  tell("count", "proved", ...lines);
}

/** What the second program found; the seats it gives, or `null`. */
function second(module, read) {
  if (module === null) {
    tell("module", "unknown", say("module-absent"));
    return null;
  }
  const theirs = module.finish();
  if (theirs === null) throw new Wrong("module-failed", { why: module.failed });
  const [apart] = differences(summarise(read), theirs, 1);
  if (apart) throw new Wrong("module-apart", { path: apart.path, own: String(apart.own), theirs: String(apart.theirs) });
  const { contests, seats, why } = theirs.at[page.dataset.at] ?? theirs.count;
  let found = 0;
  JSON.stringify(contests, (_, value) => {
    if (typeof value === "number") found += 1;
    return value;
  });
  const given = Object.entries(seats ?? {}).filter(([, n]) => n > 0).sort(([, a], [, b]) => b - a);
  const args = { sums: found, seats: given.map(([list, n]) => `${list} ${n}`).join(", ") || say("nothing"), why };
  tell("module", "proved", say(seats === null ? "module-no-seats" : "module", args));
  return seats === null ? null : new Map(Object.entries(seats));
}

/** Fetches pages of this site and compares every figure that they mark. */
async function pages(figures) {
  const wanted = new URLSearchParams(location.hash.slice(1)).get("page");
  const addresses = [...new Set([...page.dataset.pages.split(" "), ...(wanted ? [wanted] : [])])];
  const [wrong, lost] = [[], []];
  let [agree, unknown] = [0, 0];
  for (const address of addresses) {
    const url = new URL(address, location.href);
    if (url.origin !== location.origin) continue;
    const answer = await fetch(url, { cache: "no-store" }).catch(() => null);
    if (!answer?.ok) {
      lost.push(address);
      continue;
    }
    const found = comparePage(new DOMParser().parseFromString(await answer.text(), "text/html"), figures);
    agree += found.agree;
    unknown += found.unknown;
    wrong.push(...found.wrong.map((own) => ({ ...own, address })));
  }
  const nothing = say("nothing");
  const named = wrong.slice(0, 20).map(({ name, shown, derived, address }) =>
    say("pages-wrong", { page: address, name, shown: shown || nothing, derived: derived ?? nothing }));
  const missing = lost.map((address) => say("page-missing", { page: address }));
  if (wrong.length > 0) tell("pages", "wrong", ...named, ...missing);
  else if (agree === 0) tell("pages", "unknown", say("pages-none"), ...missing);
  else tell("pages", missing.length > 0 ? "unknown" : "proved", say("pages", { agree, pages: addresses.length - lost.length, unknown }), ...missing);
  return wrong.length === 0;
}

/** The whole check, in order. */
async function run() {
  const [button, bar, told] = [field("check-start"), field("check-progress"), field("check-told")];
  button.disabled = true;
  told.textContent = "";
  result = null;
  for (const own of page.querySelectorAll("[data-step]")) tell(own.dataset.step, "waiting");
  let right = true;
  try {
    const source = httpSource(new URL(page.dataset.record, location.href));
    let [asked, opened, read] = [null, null, null];
    await step("browser", browser);
    await step("checkpoint", async () => {
      asked = given();
      opened = await openRecord(source, asked);
      aboutCheckpoint(opened);
    });
    const module = await loadModule(new URL("recount.wasm", import.meta.url));
    const sizes = page.dataset.at ? [Number(page.dataset.at)] : [];
    module?.begin(opened.logKey, opened.checkpoint, sizes);
    bar.hidden = false;
    await step("tree", async () => {
      const progress = (done, size) => {
        bar.max = size;
        bar.value = done;
      };
      read = await readRecord(opened, { sizes, also: module, progress });
      tell("tree", "proved", say("tree", { size: read.checkpoint.size }));
    });
    await step("memory", async () => (right = (await memory(read)) && right));
    await step("elsewhere", async () => (right = (await others(read, asked)) && right));
    await step("statements", async () => statements(read));
    const standing = counted(read);
    await step("count", async () => sums(standing));
    let seats = null;
    await step("module", async () => (seats = second(module, read)));
    const figures = new Figures(standing, seats);
    result = { ...read, standing, figures };
    await step("pages", async () => (right = (await pages(figures)) && right));
    if (right) await remember(storage(), read.logKey, read.checkpoint);
  } catch (why) {
    right = false;
    if (!(why instanceof Wrong)) console.error(why);
  }
  bar.hidden = true;
  button.disabled = false;
  page.dataset.done = right ? "right" : "wrong";
  told.textContent = say(right ? "done" : "done-wrong");
  await follow();
}

/** Shows the way of what the address asks for: `#figure=`, `#station=` or `#statement=`. */
async function follow() {
  const asked = new URLSearchParams(location.hash.slice(1));
  const into = field("check-path");
  if (asked.has("figure") || asked.has("station") || asked.has("statement")) await showPath(into, asked, result, say);
  else into.replaceChildren();
}

page.querySelector(".asked").hidden = false;
field("check-start").addEventListener("click", run);
window.addEventListener("hashchange", () => (result === null ? run() : follow()));
if (location.hash.length > 1) run();
