// Points of the curve of Ed25519 (RFC 8032 section 5.1), as far as a key must be looked at before it is believed: it is a point, in its
// canonical spelling, and not of small order. Signatures themselves are checked by the browser.

import { toHex } from "./hash.js";

const P = 2n ** 255n - 19n;
const D = mod(-121665n * power(121666n, P - 2n));

function mod(n) {
  const rest = n % P;
  return rest < 0n ? rest + P : rest;
}

function power(base, exponent) {
  let [result, square] = [1n, base % P];
  for (let e = exponent; e > 0n; e >>= 1n) {
    if (e & 1n) result = (result * square) % P;
    square = (square * square) % P;
  }
  return result;
}

function read(bytes) {
  return BigInt(`0x${toHex(Uint8Array.from(bytes).reverse())}`) & (2n ** 255n - 1n);
}

/** The second coordinates of the points of order 1, 2, 4 and 8: those for which doubling three times gives the neutral point. */
const SMALL = smallOrder();

function smallOrder() {
  // Order 1: y = 1. Order 2: y = -1. Order 4: y = 0. Order 8: d y^4 + 2 y^2 - 1 = 0 (the double has y = 0, so x^2 = -y^2 on the curve
  // -x^2 + y^2 = 1 + d x^2 y^2 turns into 2 y^2 = 1 - d y^4).
  const root = squareRoot(mod(1n + D));
  const out = new Set([0n, 1n, P - 1n]);
  for (const sign of [root, mod(-root)]) {
    const square = mod((sign - 1n) * power(D, P - 2n));
    const y = squareRoot(square);
    if (y !== null) out.add(y).add(mod(-y));
  }
  return out;
}

/** A square root modulo 2^255 - 19 (RFC 8032 section 5.1.3); `null` if there is none. */
function squareRoot(n) {
  let root = power(n, (P + 3n) / 8n);
  if (mod(root * root) !== n) root = mod(root * power(2n, (P - 1n) / 4n));
  return mod(root * root) === n ? root : null;
}

/** Whether 32 bytes spell a point of small order, canonically or not. */
export function isSmall(bytes) {
  return SMALL.has(mod(read(bytes)));
}

/** Whether a number has a square root modulo 2^255 - 19: its Jacobi symbol, which costs much less than the root. */
function isSquare(n) {
  let [a, m, sign] = [n, P, true];
  while (a !== 0n) {
    for (let low = Number(a & 0xffffffffn); (low & 1) === 0; low = Number(a & 0xffffffffn)) {
      const zeros = low === 0 ? 32 : 31 - Math.clz32(low & -low);
      a >>= BigInt(zeros);
      const rest = Number(m & 7n);
      if (zeros % 2 === 1 && (rest === 3 || rest === 5)) sign = !sign;
    }
    if ((a & 3n) === 3n && (m & 3n) === 3n) sign = !sign;
    [a, m] = [m % a, a];
  }
  return m !== 1n || sign;
}

/** Whether 32 bytes are the canonical spelling of a point of the curve that is not of small order: x^2 = (y^2 - 1) / (d y^2 + 1). */
export function isGoodPoint(bytes) {
  const y = read(bytes);
  if (y >= P || SMALL.has(y)) return false;
  const square = mod(y * y);
  return isSquare(mod((square - 1n) * mod(D * square + 1n)));
}
