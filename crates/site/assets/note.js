// Signed notes, verifier keys, checkpoints and cosignatures (C2SP signed-note, tlog-checkpoint, tlog-cosignature). Anything that is not
// exactly the format is refused: what is lenient can be read in two ways.

import { concat, fromBase64, fromUtf8, sha256, toHex, utf8 } from "./hash.js";
import { isGoodPoint, isSmall } from "./curve.js";
import { MAX_SIZE } from "./tree.js";

const ED25519 = 1;
const COSIGNATURE = 4;
const MAX_NOTE = 1_000_000;
const MAX_LINES = 100;
/** White space as Unicode has it, control characters and the plus sign. */
const BAD_NAME = /[\u0000-\u0020\u0085\u00a0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000+]/;

/** What is wrong with bytes that should be a note, a key or a checkpoint; `code` says it for the page. */
export class FormatError extends Error {
  constructor(code, detail = "") {
    super(detail ? `${code}: ${detail}` : code);
    this.code = code;
    this.detail = detail;
  }
}

/** Takes a signed note apart: its text, and lines of name, key id and signature. Nothing is verified yet. */
export function parseNote(bytes) {
  if (bytes.length > MAX_NOTE) throw new FormatError("note", "too large");
  const whole = fromUtf8(bytes);
  if (whole === null) throw new FormatError("note", "not UTF-8");
  if (bytes.some((b) => b < 0x20 && b !== 0x0a)) throw new FormatError("note", "control character");
  const end = whole.lastIndexOf("\n\n");
  if (end < 0) throw new FormatError("note", "no signatures");
  const text = whole.slice(0, end + 1);
  const block = whole.slice(end + 2);
  if (block === "" || !block.endsWith("\n")) throw new FormatError("note", "no signatures");
  const lines = block.slice(0, -1).split("\n");
  if (lines.length > MAX_LINES) throw new FormatError("note", "too many signatures");
  return { text, lines: lines.map(parseLine) };
}

function parseLine(line) {
  const rest = line.startsWith("\u2014 ") ? line.slice(2) : "";
  const space = rest.indexOf(" ");
  const name = rest.slice(0, Math.max(0, space));
  const base64 = rest.slice(space + 1);
  const raw = space > 0 && !BAD_NAME.test(name) ? fromBase64(base64) : null;
  if (raw === null || raw.length <= 4) throw new FormatError("note", "malformed signature line");
  return { name, id: toHex(raw.subarray(0, 4)), signature: raw.subarray(4), base64 };
}

/** Reads a verifier key `name+id+base64`: `kind` is 1 (statements, checkpoints) or 4 (cosignatures). */
export function parseKey(text) {
  const parts = text.split("+");
  const [name, id] = parts;
  const data = fromBase64(parts.slice(2).join("+"));
  if (parts.length < 3 || name === "" || BAD_NAME.test(name) || !/^[0-9a-f]{8}$/.test(id) || data === null) {
    throw new FormatError("key", "not name+id+base64");
  }
  const point = data.subarray(1);
  if ((data[0] !== ED25519 && data[0] !== COSIGNATURE) || point.length !== 32 || !isGoodPoint(point)) {
    throw new FormatError("key", "not an Ed25519 key");
  }
  const real = toHex(sha256(concat(utf8(`${name}\n`), data)).subarray(0, 4));
  if (real !== id) throw new FormatError("key", "its id does not belong to it");
  return { text, name, id, kind: data[0], point, imported: null };
}

/** Whether 64 bytes are the signature of a message by a key: RFC 8032 without cofactor, no points of small order. */
export async function verifyRaw(key, message, signature) {
  if (signature.length !== 64 || isSmall(signature.subarray(0, 32))) return false;
  key.imported ??= crypto.subtle.importKey("raw", key.point, "Ed25519", false, ["verify"]);
  return crypto.subtle.verify("Ed25519", await key.imported, signature, message);
}

/** Whether this browser can check Ed25519 signatures at all (WebCrypto, in a secure context). */
export async function canVerify() {
  try {
    // The base point of the curve (RFC 8032 section 5.1): any point that is on the curve would do.
    const point = Uint8Array.from({ length: 32 }, (_, i) => (i === 0 ? 0x58 : 0x66));
    await crypto.subtle.importKey("raw", point, "Ed25519", false, ["verify"]);
    return true;
  } catch {
    return false;
  }
}

/** Reads the body of a checkpoint: origin, size, root, extension lines. */
export function parseBody(text) {
  const lines = text.endsWith("\n") ? text.slice(0, -1).split("\n") : [];
  const [origin, size, root, ...extensions] = lines;
  if (lines.length < 3) throw new FormatError("checkpoint", "fewer than three lines");
  if ([origin, ...extensions].some((line) => line === "")) throw new FormatError("checkpoint", "empty line");
  if (!/^(0|[1-9][0-9]{0,15})$/.test(size) || Number(size) > MAX_SIZE) throw new FormatError("checkpoint", "size");
  const hash = fromBase64(root);
  if (hash?.length !== 32) throw new FormatError("checkpoint", "root");
  return { origin, size: Number(size), root: hash };
}

/**
 * Opens a checkpoint: the log's line must be there and right, lines by unknown keys are ignored. `witnesses` are cosigners' keys;
 * the answer names those whose cosignature is right, with its time, and those whose line is wrong.
 */
export async function openCheckpoint(bytes, logKey, witnesses = []) {
  const note = parseNote(bytes);
  const message = utf8(note.text);
  const own = note.lines.filter((line) => line.name === logKey.name && line.id === logKey.id);
  if (own.length === 0) throw new FormatError("unsigned");
  for (const line of own) {
    if (!(await verifyRaw(logKey, message, line.signature))) throw new FormatError("forged");
  }
  const checkpoint = { ...parseBody(note.text), bytes, seen: [], wrong: [] };
  for (const key of witnesses.filter((key) => key.kind === COSIGNATURE)) {
    for (const line of note.lines.filter((line) => line.name === key.name && line.id === key.id)) {
      const time = await cosigned(key, note.text, line.signature);
      if (time === null) checkpoint.wrong.push(key.name);
      else checkpoint.seen.push({ name: key.name, time });
    }
  }
  return checkpoint;
}

/** The time of a right cosignature, in seconds since 1970; `null` if it is wrong. */
async function cosigned(key, text, signature) {
  if (signature.length !== 72) return null;
  const time = new DataView(signature.buffer, signature.byteOffset, 8).getBigUint64(0);
  const message = utf8(`cosignature/v1\ntime ${time}\n${text}`);
  const right = time > 0n && time < 2n ** 63n && (await verifyRaw(key, message, signature.subarray(8)));
  return right ? Number(time) : null;
}
