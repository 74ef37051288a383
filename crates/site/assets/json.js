// Restricted canonical JSON (docs/statements.md section 1): every value has one spelling. A text is read, written again in the one
// spelling there is, and must come out byte for byte the same; so whatever a lenient reader would forgive is refused.

const MAX_DEPTH = 12;
/** Control characters, separators, bidirectional controls and noncharacters that strings may not hold. */
const BAD_STRING =
  /[\u0000-\u001f\u007f-\u009f\u2028\u2029\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069\ufdd0-\ufdef\ufffe\uffff]/;

/** The value of a canonical text; `null` if the text is not canonical. */
export function parseCanonical(text) {
  try {
    const value = JSON.parse(text);
    return write(value, 0) === text ? value : null;
  } catch {
    return null;
  }
}

class NotCanonical extends Error {}

function string(text) {
  if (BAD_STRING.test(text) || text.normalize("NFC") !== text) throw new NotCanonical();
  return `"${text.replace(/["\\]/g, "\\$&")}"`;
}

function key(text) {
  if (!/^[ -~]*$/.test(text)) throw new NotCanonical();
  return string(text);
}

function write(value, depth) {
  if (depth > MAX_DEPTH) throw new NotCanonical();
  if (typeof value === "boolean") return String(value);
  if (typeof value === "string") return string(value);
  if (typeof value === "number" && Number.isSafeInteger(value)) return String(value);
  if (Array.isArray(value)) return `[${value.map((item) => write(item, depth + 1)).join(",")}]`;
  if (value === null || typeof value !== "object") throw new NotCanonical();
  // Keys are ASCII, so the order of code units is the order of bytes.
  const keys = Object.keys(value).sort((a, b) => (a < b ? -1 : 1));
  return `{${keys.map((name) => `${key(name)}:${write(value[name], depth + 1)}`).join(",")}}`;
}
