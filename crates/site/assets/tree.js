// The tree of the log (RFC 6962 with SHA-256; proofs as RFC 9162 sections 2.1.3.2 and 2.1.4.2 verify them) and where its tiles lie
// (C2SP tlog-tiles). Sizes are at most 2^48, so plain numbers hold them; bit operations, which cut at 32 bits, are not used.

import { concat, same, sha256 } from "./hash.js";

/** The largest size that is read. */
export const MAX_SIZE = 2 ** 48;
/** Hashes of a full tile, entries of a full bundle. */
export const WIDTH = 256;

const LEAF = Uint8Array.of(0);
/** One buffer for all nodes: 0x01, left, right. */
const node = new Uint8Array(65);
node[0] = 1;
const half = (n) => Math.floor(n / 2);

/** The hash of a leaf with this entry. */
export function leafHash(entry) {
  return sha256(concat(LEAF, entry));
}

/** The hash of a node above two others. */
export function nodeHash(left, right) {
  node.set(left, 1);
  node.set(right, 33);
  return sha256(node);
}

/** The tree over leaves that come one after the other; it holds one hash for each bit of its size. */
export class Range {
  constructor() {
    this.size = 0;
    /** Hashes of complete subtrees, the largest first. */
    this.hashes = [];
  }

  push(leaf) {
    let hash = leaf;
    for (let n = this.size; n % 2 === 1; n = half(n)) hash = nodeHash(this.hashes.pop(), hash);
    this.hashes.push(hash);
    this.size += 1;
  }

  root() {
    if (this.size === 0) return sha256(new Uint8Array(0));
    return this.hashes.reduceRight((right, left) => nodeHash(left, right));
  }
}

/** The root over some leaf hashes. */
export function rootOf(leaves) {
  const range = new Range();
  for (const leaf of leaves) range.push(leaf);
  return range.root();
}

/** Whether a proof shows that `leaf` is the leaf at `index` of the tree with this size and root. */
export function verifyInclusion(leaf, index, size, proof, root) {
  if (!(index < size) || size > MAX_SIZE || proof.some((hash) => hash.length !== 32)) return false;
  let [fn, sn, hash] = [index, size - 1, leaf];
  for (const next of proof) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      hash = nodeHash(next, hash);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      hash = nodeHash(hash, next);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(hash, root);
}

/** Whether a proof shows that the tree of size `n` begins with the tree of size `m`. */
export function verifyConsistency(m, n, proof, rootM, rootN) {
  if (m > n || n > MAX_SIZE || proof.some((hash) => hash.length !== 32)) return false;
  if (m === n) return proof.length === 0 && same(rootM, rootN);
  if (m === 0) return proof.length === 0 && same(rootM, rootOf([]));
  let [fn, sn] = [m - 1, n - 1];
  while (fn % 2 === 1) [fn, sn] = [half(fn), half(sn)];
  // Where the old tree is one complete subtree, its root is the first hash of the way.
  const way = fn === 0 ? [rootM, ...proof] : [...proof];
  const first = way.shift();
  if (first === undefined) return false;
  let [old, fresh] = [first, first];
  for (const next of way) {
    if (sn === 0) return false;
    if (fn % 2 === 1 || fn === sn) {
      old = nodeHash(next, old);
      fresh = nodeHash(next, fresh);
      while (fn % 2 === 0 && fn !== 0) [fn, sn] = [half(fn), half(sn)];
    } else {
      fresh = nodeHash(fresh, next);
    }
    [fn, sn] = [half(fn), half(sn)];
  }
  return sn === 0 && same(old, rootM) && same(fresh, rootN);
}

/** The largest power of two below `n`. */
function split(n) {
  let k = 1;
  while (2 * k < n) k *= 2;
  return k;
}

/** The complete or incomplete subtrees, as `[start, end]`, whose hashes prove that a leaf is in a tree; from the leaf up. */
export function inclusionNodes(index, size) {
  const nodes = [];
  let [start, end] = [0, size];
  while (end - start > 1) {
    const middle = start + split(end - start);
    if (index < middle) {
      nodes.push([middle, end]);
      end = middle;
    } else {
      nodes.push([start, middle]);
      start = middle;
    }
  }
  return nodes.reverse();
}

/** The subtrees whose hashes prove that a tree of size `n` begins with one of size `m`. */
export function consistencyNodes(m, n) {
  const nodes = [];
  let [start, end, whole] = [0, n, true];
  if (m === 0 || m === n) return [];
  let upTo = m;
  while (upTo !== end - start) {
    const middle = split(end - start);
    if (upTo <= middle) {
      nodes.push([start + middle, end]);
      end = start + middle;
    } else {
      nodes.push([start, start + middle]);
      start += middle;
      upTo -= middle;
      whole = false;
    }
  }
  if (!whole) nodes.push([start, end]);
  return nodes.reverse();
}

/** The path of a tile; `level` is a number or "entries". */
export function tilePath(level, index, width) {
  let path = String(index % 1000).padStart(3, "0");
  for (let high = Math.floor(index / 1000); high > 0; high = Math.floor(high / 1000)) {
    path = `x${String(high % 1000).padStart(3, "0")}/${path}`;
  }
  return `tile/${level}/${path}${width === WIDTH ? "" : `.p/${width}`}`;
}

/** How many hashes the tile at this place has in a tree of this size; 0 if there is none. */
export function tileWidth(level, index, size) {
  const hashes = Math.floor(size / WIDTH ** level);
  return Math.max(0, Math.min(WIDTH, hashes - index * WIDTH));
}

/** The hash of a subtree `[start, end)` that the tree of a size has, from tiles: `tile(level, index)` gives the hashes of one. */
export async function subtree(start, end, tile) {
  const count = end - start;
  if (count > 1 && (!Number.isInteger(Math.log2(count)) || start % count !== 0)) {
    const middle = start + split(count);
    return nodeHash(await subtree(start, middle, tile), await subtree(middle, end, tile));
  }
  let level = 0;
  while (WIDTH ** (level + 1) <= count) level += 1;
  const [first, number] = [start / WIDTH ** level, count / WIDTH ** level];
  const hashes = await tile(level, Math.floor(first / WIDTH));
  return rootOf(hashes.slice(first % WIDTH, (first % WIDTH) + number));
}
