// What this browser remembers of each log: the last checkpoint that it verified, as the signed note itself. Of two checkpoints that
// cannot both be true, the notes are the evidence.

import { rootAt } from "./record.js";
import { fromUtf8, same, utf8 } from "./hash.js";
import { openCheckpoint } from "./note.js";

const PREFIX = "recount log ";

/** The remembered state of a log, read again and verified again; `null` if there is none or it is no longer readable. */
export async function recall(store, logKey) {
  try {
    const text = store?.getItem(PREFIX + logKey.text);
    return text ? await openCheckpoint(utf8(text), logKey) : null;
  } catch {
    return null;
  }
}

/** Remembers a checkpoint whose every leaf was verified, unless a larger one is remembered. */
export async function remember(store, logKey, checkpoint) {
  const known = await recall(store, logKey);
  if (known !== null && known.size > checkpoint.size) return;
  try {
    store?.setItem(PREFIX + logKey.text, fromUtf8(checkpoint.bytes));
  } catch {
    // A browser that keeps nothing checks everything but the past.
  }
}

/** The keys of other logs that this browser knows under the same name: a site that changed its key shows here. */
export function otherKeys(store, logKey) {
  const out = [];
  for (let i = 0; i < (store?.length ?? 0); i += 1) {
    const name = store.key(i);
    if (!name.startsWith(PREFIX)) continue;
    const text = name.slice(PREFIX.length);
    if (text !== logKey.text && text.split("+")[0] === logKey.name) out.push(text);
  }
  return out;
}

/**
 * Whether another checkpoint of the same log can be true beside the one that was read: "same", "earlier" (the record went on from it),
 * "later" (it is of a larger size than what this site shows), or "split" (both are signed and cannot both be true).
 */
export function compareViews({ checkpoint, leaves }, other) {
  if (other.origin !== checkpoint.origin) return "other-log";
  if (other.size > checkpoint.size) return "later";
  const root = other.size === checkpoint.size ? checkpoint.root : rootAt(leaves, other.size);
  if (!same(root, other.root)) return "split";
  return other.size === checkpoint.size ? "same" : "earlier";
}
