// TOML (toml.io, version 1.0) as far as rulebooks and forms use it: tables, arrays of tables, strings, whole numbers, decimals, booleans,
// arrays and inline tables. What it does not know is an error, so that nothing is read wrongly: then the page says that it cannot.

class Reader {
  constructor(text) {
    this.text = text;
    this.at = 0;
  }

  fail(why) {
    const line = this.text.slice(0, this.at).split("\n").length;
    throw new Error(`line ${line}: ${why}`);
  }

  peek() {
    return this.text[this.at];
  }

  match(pattern) {
    pattern.lastIndex = this.at;
    const found = pattern.exec(this.text);
    if (found) this.at = pattern.lastIndex;
    return found;
  }

  spaces() {
    this.match(/[ \t]*/y);
  }

  /** Spaces, line ends and comments. */
  gap() {
    this.match(/(?:[ \t\r\n]|#[^\n]*)*/y);
  }

  endOfLine() {
    if (!this.match(/[ \t]*(?:#[^\n]*)?(?:\r?\n|$)/y)) this.fail("the line goes on");
  }

  expect(what) {
    if (this.text.startsWith(what, this.at)) this.at += what.length;
    else this.fail(`${what} expected`);
  }

  keys() {
    const keys = [];
    do {
      this.spaces();
      const bare = this.match(/[A-Za-z0-9_-]+/y);
      if (bare) keys.push(bare[0]);
      else if (this.peek() === '"' || this.peek() === "'") keys.push(this.string());
      else this.fail("a key expected");
      this.spaces();
    } while (this.match(/\./y));
    return keys;
  }

  string() {
    const long = this.match(/"""(?:\r?\n)?((?:[^"\\]|\\[^]|"{1,2}(?!"))*)"""/y);
    if (long) return this.unescape(long[1].replace(/\\[ \t]*\r?\n\s*/g, ""));
    const literal = this.match(/'''(?:\r?\n)?([^]*?)'''/y) ?? this.match(/'([^'\n]*)'/y);
    if (literal) return literal[1];
    const basic = this.match(/"((?:[^"\\\n]|\\.)*)"/y) ?? this.fail("a string expected");
    return this.unescape(basic[1]);
  }

  unescape(text) {
    const known = { b: "\b", t: "\t", n: "\n", f: "\f", r: "\r", '"': '"', "\\": "\\" };
    return text.replace(/\\(u[0-9A-Fa-f]{4}|U[0-9A-Fa-f]{8}|[^])/g, (_, code) => {
      if (code.length > 1) return String.fromCodePoint(parseInt(code.slice(1), 16));
      return known[code] ?? this.fail("an escape that is not known");
    });
  }

  value() {
    const c = this.peek();
    if (c === '"' || c === "'") return this.string();
    if (c === "[") return this.array();
    if (c === "{") return this.inline();
    const word = this.match(/[A-Za-z0-9_+.:-]+/y)?.[0] ?? this.fail("a value expected");
    if (word === "true" || word === "false") return word === "true";
    if (/^[+-]?(0|[1-9](_?[0-9])*)$/.test(word)) return Number(word.replaceAll("_", ""));
    if (/^[+-]?[0-9](_?[0-9])*(\.[0-9](_?[0-9])*)?([eE][+-]?[0-9]+)?$/.test(word)) return Number(word.replaceAll("_", ""));
    if (/^\d{4}-\d\d-\d\d/.test(word)) return word;
    return this.fail("a value that is not known");
  }

  array() {
    const out = [];
    this.expect("[");
    for (this.gap(); this.peek() !== "]"; this.gap()) {
      out.push(this.value());
      this.gap();
      if (this.peek() !== "]") this.expect(",");
    }
    this.expect("]");
    return out;
  }

  inline() {
    const out = Object.create(null);
    this.expect("{");
    for (this.gap(); this.peek() !== "}"; this.gap()) {
      this.pair(out);
      this.gap();
      if (this.peek() !== "}") this.expect(",");
    }
    this.expect("}");
    return out;
  }

  pair(table) {
    const keys = this.keys();
    this.expect("=");
    this.spaces();
    const last = keys.pop();
    const into = this.walk(table, keys);
    if (last in into) this.fail(`${last} is there already`);
    into[last] = this.value();
  }

  /** The table that some keys lead to, made where it is not there; of an array of tables the last one. */
  walk(table, keys) {
    return keys.reduce((at, key) => {
      at[key] ??= Object.create(null);
      const next = Array.isArray(at[key]) ? at[key].at(-1) : at[key];
      if (typeof next !== "object") this.fail(`${key} is no table`);
      return next;
    }, table);
  }

  header(root) {
    const double = this.text.startsWith("[[", this.at);
    this.expect(double ? "[[" : "[");
    const keys = this.keys();
    this.expect(double ? "]]" : "]");
    this.endOfLine();
    if (!double) return this.walk(root, keys);
    const last = keys.pop();
    const into = this.walk(root, keys);
    into[last] ??= [];
    if (!Array.isArray(into[last])) this.fail(`${last} is no array of tables`);
    into[last].push(Object.create(null));
    return into[last].at(-1);
  }

  document() {
    const root = Object.create(null);
    let table = root;
    for (this.gap(); this.at < this.text.length; this.gap()) {
      if (this.peek() === "[") {
        table = this.header(root);
      } else {
        this.pair(table);
        this.endOfLine();
      }
    }
    return root;
  }
}

/** Reads a document; throws where it is not TOML that this reader knows. */
export function parseToml(text) {
  return new Reader(text).document();
}
