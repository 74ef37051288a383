// The same crates that every Recount program uses, compiled to WebAssembly: a second opinion on the same bytes, and the seats. The module
// imports nothing, so it can only compute.

import { utf8 } from "./hash.js";

/** Loads the module; `null` where the site does not carry it or the browser does not run it. */
export async function loadModule(address) {
  try {
    const answer = await fetch(address);
    if (!answer.ok) return null;
    const { instance } = await WebAssembly.instantiate(await answer.arrayBuffer(), {});
    return new Module(instance.exports);
  } catch {
    return null;
  }
}

/** A session of the module with one record. */
export class Module {
  constructor(exports) {
    this.exports = exports;
    this.failed = null;
    this.given = new Set();
  }

  #put(bytes) {
    const at = this.exports.recount_input(bytes.length);
    new Uint8Array(this.exports.memory.buffer, at, bytes.length).set(bytes);
  }

  #answer() {
    const [at, length] = [this.exports.recount_output(), this.exports.recount_output_length()];
    return new TextDecoder().decode(new Uint8Array(this.exports.memory.buffer, at, length).slice());
  }

  /** Makes a call; the first one that fails ends the session, and its words are kept. */
  #call(bytes, act) {
    if (this.failed !== null) return;
    try {
      this.#put(bytes);
      if (act() !== 1) this.failed = this.#answer();
    } catch (why) {
      this.failed = String(why);
    }
  }

  begin(logKey, checkpoint, sizes = []) {
    const [key, list] = [utf8(logKey.text), utf8(sizes.join(","))];
    const bytes = new Uint8Array(key.length + list.length + checkpoint.bytes.length);
    bytes.set(key);
    bytes.set(list, key.length);
    bytes.set(checkpoint.bytes, key.length + list.length);
    this.#call(bytes, () => this.exports.recount_begin(key.length, list.length));
  }

  /** Takes a bundle with the blobs that have been fetched so far. */
  push(bundle, width, blobs) {
    for (const [hash, bytes] of blobs) {
      if (this.given.has(hash)) continue;
      this.given.add(hash);
      this.#call(bytes, () => this.exports.recount_blob());
    }
    this.#call(bundle, () => this.exports.recount_bundle(width));
  }

  /** The answer, or `null` if something failed: then `failed` says what. */
  finish() {
    this.#call(new Uint8Array(0), () => this.exports.recount_finish());
    return this.failed === null ? JSON.parse(this.#answer()) : null;
  }
}

