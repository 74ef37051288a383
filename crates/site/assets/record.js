// Reading a record from plain static files: one frozen checkpoint, every leaf hashed, every tile compared, every signature checked, one
// fold. Nothing is believed before the root of all leaves is the one that the log signed.

import { FormatError, openCheckpoint, parseBody, parseKey, parseNote, verifyRaw } from "./note.js";
import { Range, WIDTH, leafHash, rootOf, subtree, tilePath, tileWidth, verifyInclusion, inclusionNodes } from "./tree.js";
import { fromUtf8, same, sha256, toHex, utf8 } from "./hash.js";
import { Fold } from "./fold.js";
import { parseCanonical } from "./json.js";
import { readStatement } from "./shape.js";

const TYPE = "recount/statement/v1\n";
const MAX_ENTRY = 65_535;
const MAX_CHECKPOINT = 1_000_000;
const MAX_BLOB = 64 * 2 ** 20;
/** Bundles that are asked for at the same time. */
const AHEAD = 6;
/** Base64 characters of an Ed25519 signature line. */
const LINE = 92;

/** What was found wrong with a record: `code` and `args` word it for the page. */
export class Wrong extends Error {
  constructor(code, args = {}) {
    super(`${code} ${JSON.stringify(args)}`);
    this.code = code;
    this.args = args;
  }
}

/** Files below an address, over HTTP; `null` where there is none. */
export function httpSource(base) {
  return async (path, most, fresh = false) => {
    const answer = await fetch(new URL(path, base), { cache: fresh ? "no-store" : "default", credentials: "omit" });
    if (answer.status === 404 || answer.status === 410) return null;
    if (!answer.ok) throw new Wrong("http", { path, status: answer.status });
    const bytes = new Uint8Array(await answer.arrayBuffer());
    if (bytes.length > most) throw new Wrong("too-large", { path });
    return bytes;
  };
}

/** Compares names as UTF-8 bytes do. */
function before(a, b) {
  const [x, y] = [utf8(a), utf8(b)];
  for (let i = 0; i < Math.min(x.length, y.length); i += 1) if (x[i] !== y[i]) return x[i] < y[i];
  return x.length < y.length;
}

/** Reads an entry as a statement; `null` if it is none. */
export function readEntry(bytes) {
  try {
    if (bytes.length > MAX_ENTRY) return null;
    const { text, lines } = parseNote(bytes);
    const sorted = lines.every((line, i) => i === 0 || before(lines[i - 1].name, line.name));
    if (!sorted || lines.some((line) => line.base64.length !== LINE)) return null;
    if (!text.startsWith(TYPE) || text.indexOf("\n", TYPE.length) !== text.length - 1) return null;
    const value = parseCanonical(text.slice(TYPE.length, -1));
    if (value === null) return null;
    return { text, lines, id: toHex(sha256(utf8(text))), statement: readStatement(value), checks: new Map() };
  } catch {
    return null;
  }
}

/** The entries of a bundle. */
function entriesOf(bundle, width, path) {
  const out = [];
  let at = 0;
  for (let i = 0; i < width; i += 1) {
    const length = at + 2 <= bundle.length ? bundle[at] * 256 + bundle[at + 1] : Infinity;
    if (at + 2 + length > bundle.length) throw new Wrong("bundle", { path });
    out.push(bundle.subarray(at + 2, at + 2 + length));
    at += 2 + length;
  }
  if (at !== bundle.length) throw new Wrong("bundle", { path });
  return out;
}

/** A tile of a tree of this size; where the partial one is gone, the front of the full one. */
async function tile(source, level, index, size) {
  const width = tileWidth(level === "entries" ? 0 : level, index, size);
  const path = tilePath(level, index, width);
  const most = level === "entries" ? width * (2 + MAX_ENTRY) : width * 32;
  const bytes = await source(path, most);
  if (bytes !== null) return { path, bytes };
  const full = width < WIDTH ? await source(tilePath(level, index, WIDTH), WIDTH * (2 + MAX_ENTRY)) : null;
  if (full === null) throw new Wrong("missing-file", { path });
  return { path, bytes: level === "entries" ? cutBundle(full, width, path) : full.subarray(0, 32 * width) };
}

function cutBundle(bundle, width, path) {
  let at = 0;
  for (let i = 0; i < width; i += 1) at += 2 + (bundle[at] ?? 0) * 256 + (bundle[at + 1] ?? 0);
  if (at > bundle.length) throw new Wrong("bundle", { path });
  return bundle.subarray(0, at);
}

/** The hashes of a hash tile. */
async function hashTile(source, level, index, size) {
  const { path, bytes } = await tile(source, level, index, size);
  const width = tileWidth(level, index, size);
  if (bytes.length !== 32 * width) throw new Wrong("tile", { path });
  return Array.from({ length: width }, (_, i) => bytes.subarray(32 * i, 32 * i + 32));
}

/** Opens the checkpoint of a record, and takes log key and charter from its first statement where none is given from outside. */
export async function openRecord(source, { key = null, charter = null, witnesses = [] } = {}) {
  const bytes = await source("checkpoint", MAX_CHECKPOINT, true);
  if (bytes === null) throw new Wrong("no-checkpoint");
  let logKey = key;
  try {
    // Without a key from outside, the one that the first statement names is believed; the page says so.
    logKey ??= await namedKey(source, parseBody(parseNote(bytes).text).size);
    const checkpoint = await openCheckpoint(bytes, logKey, witnesses);
    return { source, checkpoint, logKey, charter, given: { key: key !== null, charter: charter !== null } };
  } catch (why) {
    if (!(why instanceof FormatError)) throw why;
    const code = ["unsigned", "forged"].includes(why.code) ? why.code : "broken";
    throw new Wrong(`checkpoint-${code}`, { key: logKey?.text ?? "", detail: why.message });
  }
}

/** The log's key as the charter names it. */
async function namedKey(source, size) {
  if (size === 0) throw new Wrong("no-charter");
  const { bytes } = await tile(source, "entries", 0, size);
  const first = readEntry(bytes.subarray(2, 2 + bytes[0] * 256 + bytes[1]));
  if (first?.statement.kind !== "charter") throw new Wrong("no-charter");
  return first.statement.of.log;
}

/** Blobs that were fetched because a statement needs them. */
async function fetchLaw(source, blobs, statement) {
  const named =
    statement.kind === "charter" ? [statement.of.rulebook, statement.of.forms]
    : statement.kind === "ruling" ? statement.of.effects.filter((effect) => effect.do === "replace").map((effect) => effect.blob)
    : [];
  for (const hash of named.filter((hash) => !blobs.has(hash))) {
    const bytes = await source(`blob/sha256/${hash}`, MAX_BLOB);
    if (bytes !== null) blobs.set(hash, bytes);
  }
}

/** Starts checking the signatures of an entry by keys that are known already; the answers are awaited when its turn comes. */
function checkAhead(fold, entry) {
  const message = utf8(entry.text);
  for (const line of entry.lines) {
    const key = fold.ledger.keys.get(line.name)?.key;
    if (key?.id === line.id) entry.checks.set(key, verifyRaw(key, message, line.signature));
  }
}

/** The code for which the signature lines of an entry fail, or `null`. */
async function checkSignatures(fold, entry) {
  const keyOf = fold.ledger.signersOf(entry);
  for (const line of entry.lines) {
    const key = keyOf(line);
    if (key === undefined) return "unknown_signer";
    if (key.id !== line.id) return "bad_signature";
    if (!(await (entry.checks.get(key) ?? verifyRaw(key, utf8(entry.text), line.signature)))) return "bad_signature";
  }
  return null;
}

/**
 * Reads and folds a whole record. `sizes` are earlier sizes at which the count is wanted as well. `also` is told every bundle with its
 * blobs, so that a second implementation can count the same bytes; `progress(done, size)` is told how far it is.
 */
export async function readRecord(opened, { sizes = [], also = null, progress = () => {} } = {}) {
  const { source, checkpoint } = opened;
  const { size, root, origin } = checkpoint;
  const blobs = new Map();
  const fold = new Fold(origin, blobs);
  const earlier = new Map(sizes.filter((at) => at < size).map((at) => [at, new Fold(origin, blobs)]));
  const leaves = [];
  const bundles = Math.ceil(size / WIDTH);
  const ahead = [];
  const ask = (index) => {
    const both = Promise.all([tile(source, "entries", index, size), hashTile(source, 0, index, size)]);
    both.catch(() => {});
    ahead.push(both);
  };
  for (let index = 0; index < Math.min(AHEAD, bundles); index += 1) ask(index);
  const odd = [];
  for (let index = 0; index < bundles; index += 1) {
    const [{ path, bytes }, hashes] = await ahead.shift();
    if (index + AHEAD < bundles) ask(index + AHEAD);
    const raw = entriesOf(bytes, tileWidth(0, index, size), path);
    raw.forEach((entry, i) => {
      const leaf = leafHash(entry);
      if (!same(leaf, hashes[i])) odd.push({ index: leaves.length, path, tile: tilePath(0, index, hashes.length), hash: hashes[i] });
      leaves.push(leaf);
    });
    // Two versions of one file: it is told below which of them the log signed.
    if (odd.length > 0) continue;
    await foldBundle(fold, earlier, source, blobs, raw);
    also?.push(bytes, raw.length, blobs);
    progress(leaves.length, size);
  }
  if (odd.length > 0) {
    const [first] = odd;
    const wrong = leaves.slice();
    for (const { index, hash } of odd) wrong[index] = hash;
    const entriesHold = same(rootOf(leaves), root);
    const tilesHold = same(rootOf(wrong), root);
    const at = { index: first.index, path: entriesHold ? first.tile : first.path };
    if (entriesHold) throw new Wrong("tile-differs", at);
    if (tilesHold) throw new Wrong("entry-differs", at);
    throw new Wrong("root", at);
  }
  if (!same(rootOf(leaves), root)) throw new Wrong("root", { size });
  await checkUpperTiles(source, leaves);
  await checkCharter(opened, fold);
  return { ...opened, fold, earlier, leaves, blobs };
}

async function foldBundle(fold, earlier, source, blobs, raw) {
  const entries = raw.map(readEntry);
  for (const entry of entries) if (entry) checkAhead(fold, entry);
  for (const entry of entries) {
    if (entry) await fetchLaw(source, blobs, entry.statement);
    const wrong = entry && (await checkSignatures(fold, entry));
    for (const [size, own] of earlier) if (own.size < size) own.push(entry, wrong);
    fold.push(entry, wrong);
  }
}

/** Every tile above the leaves is what the leaves make it. */
async function checkUpperTiles(source, leaves) {
  const size = leaves.length;
  let below = leaves;
  for (let level = 1; Math.floor(size / WIDTH ** level) > 0; level += 1) {
    const row = [];
    for (let at = 0; at + WIDTH <= below.length; at += WIDTH) row.push(rootOf(below.slice(at, at + WIDTH)));
    for (let index = 0; index * WIDTH < row.length; index += 1) {
      const hashes = await hashTile(source, level, index, size);
      if (!hashes.every((hash, i) => same(hash, row[index * WIDTH + i]))) {
        throw new Wrong("tile-differs", { path: tilePath(level, index, hashes.length), index: index * WIDTH ** (level + 1) });
      }
    }
    below = row;
  }
}

/** The record begins with a charter that has effect, that names the log's key, and that is the one asked for. */
function checkCharter({ logKey, charter }, fold) {
  const own = fold.ledger.charter;
  if (own === null || fold.noted[0]?.void !== null) throw new Wrong("no-charter");
  if (own.of.log.text !== logKey.text) throw new Wrong("other-log-key", { key: own.of.log.text });
  if (charter !== null && own.id !== charter) throw new Wrong("other-charter", { charter: own.id });
}

/** Proves from tiles alone that one statement is in the record; answers with its entry, leaf and way to the root. */
export async function proveStatement({ source, checkpoint }, index) {
  const { size, root } = checkpoint;
  if (!(index < size)) throw new Wrong("no-such-statement", { index, size });
  const at = Math.floor(index / WIDTH);
  const { path, bytes } = await tile(source, "entries", at, size);
  const raw = entriesOf(bytes, tileWidth(0, at, size), path)[index % WIDTH];
  const cache = new Map();
  const read = (level, n) => {
    const key = `${level}/${n}`;
    if (!cache.has(key)) cache.set(key, hashTile(source, level, n, size));
    return cache.get(key);
  };
  const nodes = inclusionNodes(index, size);
  const proof = await Promise.all(nodes.map(([start, end]) => subtree(start, end, read)));
  const leaf = leafHash(raw);
  if (!verifyInclusion(leaf, index, size, proof, root)) throw new Wrong("not-included", { index, path });
  return { index, bytes: raw, text: fromUtf8(raw), entry: readEntry(raw), leaf, proof };
}

/** The tree over the first `size` leaves of a record that was read. */
export function rootAt(leaves, size) {
  const range = new Range();
  for (let i = 0; i < size; i += 1) range.push(leaves[i]);
  return range.root();
}

export { parseKey };
