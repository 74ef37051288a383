// What scripts say, in the language of the page: the sentences stand in a template of the page itself, with `{name}` where something is
// to be put in.

const LANG = typeof document === "undefined" ? "en" : document.documentElement.lang;

/** A number as the page's language groups it. */
export function number(n) {
  return typeof n === "number" ? n.toLocaleString(LANG) : String(n);
}

/** The sentences of the templates of a page. */
export function wordsOf(...ids) {
  const words = new Map();
  for (const id of ids) {
    const own = document.getElementById(id)?.content.querySelectorAll("[data-word]") ?? [];
    for (const word of own) words.set(word.dataset.word, word.textContent);
  }
  return (key, args = {}) => {
    const says = words.get(key) ?? key;
    return says.replace(/\{(\w+)\}/g, (whole, name) => (name in args ? number(args[name]) : whole));
  };
}

/** An element with attributes and children; texts stay texts. */
export function element(tag, attributes = {}, ...children) {
  const out = document.createElement(tag);
  for (const [name, value] of Object.entries(attributes)) if (value !== null) out.setAttribute(name, value);
  out.append(...children.flat().filter((child) => child !== null));
  return out;
}
