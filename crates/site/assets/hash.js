// SHA-256 (FIPS 180-4), synchronous and of our own: a tree of a hundred thousand leaves takes two hundred thousand short hashes, and
// the browser's own digest costs a task each. Before it is trusted it is compared with the browser's (see `hashIsRight`).

/** The constants of the standard: the first 32 bits of the fractional parts of roots of the first 64 primes. */
function constants() {
  const primes = [];
  for (let n = 2; primes.length < 64; n += 1) {
    if (primes.every((p) => n % p !== 0)) primes.push(n);
  }
  const fraction = (x) => Math.floor((x - Math.floor(x)) * 4294967296) | 0;
  return {
    rounds: Int32Array.from(primes, (p) => fraction(Math.cbrt(p))),
    start: Int32Array.from(primes.slice(0, 8), (p) => fraction(Math.sqrt(p))),
  };
}

const { rounds: K, start: START } = constants();
const W = new Int32Array(64);

function block(state, bytes, at) {
  for (let i = 0; i < 16; i += 1) {
    const j = at + 4 * i;
    W[i] = (bytes[j] << 24) | (bytes[j + 1] << 16) | (bytes[j + 2] << 8) | bytes[j + 3];
  }
  for (let i = 16; i < 64; i += 1) {
    const x = W[i - 15];
    const y = W[i - 2];
    const s0 = ((x >>> 7) | (x << 25)) ^ ((x >>> 18) | (x << 14)) ^ (x >>> 3);
    const s1 = ((y >>> 17) | (y << 15)) ^ ((y >>> 19) | (y << 13)) ^ (y >>> 10);
    W[i] = (W[i - 16] + s0 + W[i - 7] + s1) | 0;
  }
  let a = state[0];
  let b = state[1];
  let c = state[2];
  let d = state[3];
  let e = state[4];
  let f = state[5];
  let g = state[6];
  let h = state[7];
  for (let i = 0; i < 64; i += 1) {
    const s1 = ((e >>> 6) | (e << 26)) ^ ((e >>> 11) | (e << 21)) ^ ((e >>> 25) | (e << 7));
    const t1 = (h + s1 + ((e & f) ^ (~e & g)) + K[i] + W[i]) | 0;
    const s0 = ((a >>> 2) | (a << 30)) ^ ((a >>> 13) | (a << 19)) ^ ((a >>> 22) | (a << 10));
    const t2 = (s0 + ((a & b) ^ (a & c) ^ (b & c))) | 0;
    h = g;
    g = f;
    f = e;
    e = (d + t1) | 0;
    d = c;
    c = b;
    b = a;
    a = (t1 + t2) | 0;
  }
  state[0] += a;
  state[1] += b;
  state[2] += c;
  state[3] += d;
  state[4] += e;
  state[5] += f;
  state[6] += g;
  state[7] += h;
}

/** The SHA-256 of some bytes: 32 bytes. */
export function sha256(bytes) {
  const state = START.slice();
  const length = bytes.length;
  const whole = length - (length % 64);
  for (let at = 0; at < whole; at += 64) block(state, bytes, at);
  const tail = new Uint8Array(length - whole < 56 ? 64 : 128);
  for (let at = whole; at < length; at += 1) tail[at - whole] = bytes[at];
  tail[length - whole] = 0x80;
  const bits = [Math.floor(length / 536870912), (length << 3) >>> 0];
  for (let i = 0; i < 8; i += 1) tail[tail.length - 8 + i] = bits[i >> 2] >>> (24 - 8 * (i & 3));
  for (let at = 0; at < tail.length; at += 64) block(state, tail, at);
  const out = new Uint8Array(32);
  for (let i = 0; i < 32; i += 1) out[i] = state[i >> 2] >>> (24 - 8 * (i & 3));
  return out;
}

/** Whether this hash and the browser's agree on texts of every length up to three blocks. */
export async function hashIsRight() {
  const sample = Uint8Array.from({ length: 193 }, (_, i) => (i * 167 + 13) & 255);
  for (let length = 0; length <= sample.length; length += 1) {
    const text = sample.subarray(0, length);
    const theirs = new Uint8Array(await crypto.subtle.digest("SHA-256", text));
    if (toHex(theirs) !== toHex(sha256(text))) return false;
  }
  return true;
}

/** Lower-case hexadecimal digits. */
export function toHex(bytes) {
  return Array.from(bytes, (b) => b.toString(16).padStart(2, "0")).join("");
}

/** Bytes of hexadecimal digits. */
export function fromHex(text) {
  return Uint8Array.from(text.match(/../g) ?? [], (pair) => parseInt(pair, 16));
}

/** Standard Base64 with padding. */
export function toBase64(bytes) {
  return btoa(String.fromCharCode(...bytes));
}

/** Strict Base64: padding required, no spaces, no loose bits, so that one value has one spelling; `null` otherwise. */
export function fromBase64(text) {
  if (!/^[A-Za-z0-9+/]*={0,2}$/.test(text) || text.length % 4 !== 0) return null;
  let raw;
  try {
    raw = atob(text);
  } catch {
    return null;
  }
  return btoa(raw) === text ? Uint8Array.from(raw, (c) => c.charCodeAt(0)) : null;
}

/** Whether two byte strings are equal. */
export function same(a, b) {
  return a.length === b.length && a.every((byte, i) => byte === b[i]);
}

/** Several byte strings as one. */
export function concat(...parts) {
  const out = new Uint8Array(parts.reduce((sum, part) => sum + part.length, 0));
  let at = 0;
  for (const part of parts) {
    out.set(part, at);
    at += part.length;
  }
  return out;
}

const ENCODER = new TextEncoder();

/** The UTF-8 bytes of a text. */
export function utf8(text) {
  return ENCODER.encode(text);
}

/** The text of UTF-8 bytes; `null` if they are none. Nothing is dropped, not even a byte order mark. */
export function fromUtf8(bytes) {
  try {
    return new TextDecoder("utf-8", { fatal: true, ignoreBOM: true }).decode(bytes);
  } catch {
    return null;
  }
}
