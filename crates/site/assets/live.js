// News of a larger record: the server's event stream where there is one, else the checkpoint file, asked for now and then. What a reader
// is looking at is brought up to date without taking the keyboard or the place on the page away.

import { element, wordsOf } from "./words.js";

/** Seconds between two looks at the checkpoint file; each failure doubles them, up to the second number. */
const PAUSE = 20;
const LONGEST = 320;

/** The folder in which the record, the languages and `assets/` lie. */
const ROOT = new URL("../", import.meta.url);

/** The size on which a page rests. */
function sizeOf(page) {
  return Number(page.querySelector('meta[name="recount-size"]')?.content ?? NaN);
}

/** Watches for a larger record; `dress` is called on what came new. A page that belongs to one size for good is left alone. */
export function watch(dress) {
  const own = sizeOf(document);
  if (!Number.isFinite(own) || document.querySelector('meta[name="recount-fixed"]')) return;
  const say = wordsOf("live-words");
  const state = { size: own, busy: false, wanted: own, dress };
  const told = element("p", { class: "live", role: "status", "aria-live": "polite" });
  document.querySelector("main")?.before(told);
  const news = (size) => {
    if (size > state.wanted) {
      state.wanted = size;
      update(state, told, say);
    }
  };
  listen(news);
}

/** Listens to the event stream; where there is none, polls. */
function listen(news) {
  if (typeof EventSource === "undefined") return poll(news, PAUSE);
  const stream = new EventSource(new URL("events", ROOT));
  const hear = (event) => {
    const size = Number(event.lastEventId || /\d+/.exec(event.data)?.[0]);
    if (Number.isFinite(size)) news(size);
  };
  for (const name of ["message", "size", "checkpoint"]) stream.addEventListener(name, hear);
  stream.addEventListener("error", () => {
    // The browser connects again by itself, unless there is no such stream at all.
    if (stream.readyState === EventSource.CLOSED) poll(news, PAUSE);
  });
}

async function poll(news, pause) {
  let next = PAUSE;
  try {
    const answer = await fetch(new URL("checkpoint", ROOT), { cache: "no-cache" });
    const size = Number((await answer.text()).split("\n")[1]);
    if (answer.ok && Number.isFinite(size)) news(size);
    else next = Math.min(2 * pause, LONGEST);
  } catch {
    next = Math.min(2 * pause, LONGEST);
  }
  setTimeout(() => poll(news, next), 1000 * next);
}

/** Takes the new page over, part by part. */
async function update(state, told, say) {
  if (state.busy) return;
  state.busy = true;
  try {
    while (state.size < state.wanted) {
      const asked = state.wanted;
      const answer = await fetch(location.href, { cache: "no-cache" });
      if (!answer.ok) break;
      const page = new DOMParser().parseFromString(await answer.text(), "text/html");
      const size = sizeOf(page);
      if (size > state.size) {
        take(page, state.dress);
        told.textContent = say("updated", { size });
      }
      // What came in meanwhile may leave this very page as it is.
      state.size = Math.max(asked, size);
    }
  } finally {
    state.busy = false;
  }
}

/** What has the focus, in words that find it again on the new page: its id, its figure, or what its button says. */
function focused() {
  const own = document.activeElement;
  if (!own || own === document.body) return null;
  const figure = own.closest("[data-figure]")?.dataset.figure;
  if (own.id) return () => document.getElementById(own.id);
  if (figure) return () => [...document.querySelectorAll("[data-figure]")].find((mark) => mark.dataset.figure === figure)?.querySelector("a");
  const text = own.textContent;
  return () => [...document.querySelectorAll(own.tagName)].find((other) => other.textContent === text);
}

/** Puts the new content in place of the old, whole, and the focus back where it was. */
function take(page, dress) {
  const again = focused();
  const open = [...document.querySelectorAll("main details[open][id]")].map((own) => own.id);
  for (const part of ["main", "header.masthead", "body > footer"]) {
    const [old, fresh] = [document.querySelector(part), page.querySelector(part)];
    if (old && fresh) swap(old, fresh);
  }
  document.title = page.title;
  for (const id of open) document.getElementById(id)?.setAttribute("open", "");
  dress();
  if (again && (document.activeElement === document.body || document.activeElement === null)) again()?.focus({ preventScroll: true });
}

function swap(old, fresh) {
  old.replaceChildren(...[...fresh.childNodes].map((node) => document.importNode(node, true)));
}
