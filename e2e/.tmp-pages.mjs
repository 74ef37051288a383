// Every kind of page at three widths in three languages, with and without JavaScript: nothing sticks out, nothing is inaccessible, the
// keyboard reaches everything.
import { createRequire } from "node:module";
import { mkdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { LANGUAGES, SHOTS, SITE, WIDTHS, addresses, check, open, serve } from "./harness.mjs";

const axe = await readFile(createRequire(import.meta.url).resolve("axe-core/axe.min.js"), "utf8");
/** Of kinds with many pages, so many are looked at: the first, the last, and some between. */
const SAMPLE = 3;

/** The pages to look at: all that stand alone, and a sample of units and stations. */
function sample(all) {
  const kinds = new Map();
  for (const address of all) {
    const [, kind] = address.split("/");
    const many = ["place", "station"].includes(kind) ? kind : address;
    kinds.set(many, [...(kinds.get(many) ?? []), address]);
  }
  return [...kinds.values()].flatMap((own) => {
    if (own.length <= SAMPLE) return own;
    return Array.from({ length: SAMPLE }, (_, i) => own[Math.round((i * (own.length - 1)) / (SAMPLE - 1))]);
  });
}

/** What sticks out to the right of the window, if anything does. */
const overflow = () => {
  const most = document.documentElement.clientWidth;
  if (document.documentElement.scrollWidth <= most) return [];
  const inside = (own) => own.closest(".scroll, pre, [role=region]");
  const wide = [...document.querySelectorAll("body *")].filter((own) => own.getBoundingClientRect().right > most + 1 && !inside(own));
  return wide.slice(0, 5).map((own) => `${own.tagName}.${own.className} ${Math.round(own.getBoundingClientRect().right)} > ${most}`);
};

async function violations(page) {
  await page.evaluate(axe);
  const found = await page.evaluate(() => window.axe.run(document, { resultTypes: ["violations"] }));
  return found.violations.map((own) => `${own.id}: ${own.nodes.slice(0, 3).map((node) => node.target.join(" ")).join("; ")}`);
}

async function look(base, language) {
  const all = sample(await addresses(language));
  check(`${language}: there are pages of every kind`, all.length >= 10, all.join(" "));
  for (const width of WIDTHS) {
    // axe needs to run scripts of its own, whatever the policy of the page.
    const page = await open({ viewport: { width, height: 900 }, bypassCSP: true });
    for (const address of all) {
      const name = `${address} at ${width}`;
      await page.goto(base + address);
      const out = await page.evaluate(overflow);
      check(`${name}: nothing sticks out`, out.length === 0, out.join("\n"));
      const found = await violations(page);
      check(`${name}: axe`, found.length === 0, found.join("\n"));
      const lang = await page.evaluate(() => [document.documentElement.lang, document.title]);
      check(`${name}: language and title`, lang[0] === language && lang[1].length > 0, lang);
      await page.screenshot({ path: join(SHOTS, `${address.replaceAll("/", "_")}${width}.png`), fullPage: width === 320 });
    }
    check(`${language} at ${width}: no errors`, page.troubles.length === 0, page.troubles.join("\n"));
    await page.context().close();
  }
}

/** The same pages say the same with scripts off: nothing that is read depends on them. */
async function withoutScripts(base, language) {
  const [off, on] = [await open({ javaScriptEnabled: false }), await open()];
  for (const address of sample(await addresses(language))) {
    if (address.endsWith("/check/")) continue;
    const told = [];
    for (const page of [off, on]) {
      await page.goto(base + address);
      told.push((await page.locator("main").innerText()).replace(/\s+/g, " "));
    }
    check(`${address}: the same without scripts`, told[0] === told[1] && told[0].length > 20, `${told[0].slice(0, 300)}\n${told[1].slice(0, 300)}`);
  }
  await off.goto(`${base}${language}/check/`);
  const says = await off.locator("main").innerText();
  check(`${language}/check/: without scripts it says how else`, says.includes("recount verify"), says.slice(0, 300));
  await Promise.all([off, on].map((page) => page.context().close()));
}

/** From the address bar by keyboard alone: skip link first, focus always seen, headings sort, tables scroll. */
async function keyboard(base) {
  const page = await open({ viewport: { width: 1280, height: 900 } });
  await page.goto(`${base}en/`);
  await page.keyboard.press("Tab");
  const first = await page.evaluate(() => document.activeElement.className);
  check("keyboard: the skip link comes first", first === "skip", first);
  const shown = await page.evaluate(() => document.activeElement.getBoundingClientRect().top >= 0);
  check("keyboard: the skip link is seen when it has the focus", shown);
  await page.keyboard.press("Enter");
  check("keyboard: it leads to the content", page.url().endsWith("#main"), page.url());
  await page.goto(`${base}en/`);
  const seen = [];
  for (let i = 0; i < 40; i += 1) {
    await page.keyboard.press("Tab");
    const at = await page.evaluate(() => {
      const own = document.activeElement;
      if (own === document.body) return null;
      const style = getComputedStyle(own);
      const marked = style.outlineStyle !== "none" && parseFloat(style.outlineWidth) > 0;
      const box = own.getBoundingClientRect();
      return { tag: own.tagName, text: own.textContent.trim().slice(0, 30), marked, onPage: box.width > 0 && box.height > 0, y: box.top + window.scrollY };
    });
    if (at === null) break;
    seen.push(at);
  }
  check("keyboard: there is much to reach", seen.length > 12, seen.length);
  const hidden = seen.filter((own) => !own.marked || !own.onPage);
  check("keyboard: the focus is always seen", hidden.length === 0, JSON.stringify(hidden.slice(0, 5)));
  await sorting(page, base);
  check("keyboard: no errors", page.troubles.length === 0, page.troubles.join("\n"));
  await page.context().close();
}

async function sorting(page, base) {
  const sortable = [];
  for (const address of sample(await addresses("en"))) {
    await page.goto(base + address);
    if ((await page.locator("th button.sort").count()) > 0) sortable.push(address);
  }
  check("keyboard: some tables sort", sortable.length > 0, sortable.join(" "));
  for (const address of sortable.slice(0, 3)) {
    await page.goto(base + address);
    const buttons = page.locator("table.sortable").first().locator("th button.sort");
    const column = (await buttons.count()) - 1;
    const values = () => page.locator("table.sortable").first().evaluate(
      (table, at) => [...table.tBodies[0].rows].filter((row) => !row.classList.contains("sum")).map((row) => row.cells[at]?.textContent.trim()), column);
    await buttons.last().focus();
    await page.keyboard.press("Enter");
    const once = await values();
    const state = await buttons.last().evaluate((own) => own.closest("th").getAttribute("aria-sort"));
    await page.keyboard.press("Enter");
    const twice = await values();
    const other = await buttons.last().evaluate((own) => own.closest("th").getAttribute("aria-sort"));
    check(`${address}: a heading sorts by Enter`, state !== null && other !== null && state !== other, `${state} ${other}`);
    const both = [...once].sort().join() === [...twice].sort().join();
    check(`${address}: sorting loses no row`, both && once.length > 1, once.slice(0, 5).join(" | "));
  }
}

/** Dark, printed, and below a folder of a larger site. */
async function otherways(base) {
  const dark = await open({ colorScheme: "dark", viewport: { width: 768, height: 900 }, bypassCSP: true });
  for (const address of ["en/", "en/check/"]) {
    await dark.goto(base + address);
    const found = await violations(dark);
    check(`${address} in the dark: axe`, found.length === 0, found.join("\n"));
    await dark.screenshot({ path: join(SHOTS, `dark_${address.replaceAll("/", "_")}.png`) });
  }
  await dark.emulateMedia({ media: "print", colorScheme: "light" });
  await dark.goto(`${base}en/print/`);
  await dark.screenshot({ path: join(SHOTS, "print.png"), fullPage: true });
  await dark.context().close();
  const deep = await serve(SITE, new Map(), "/some/folder/");
  const page = await open();
  const lost = [];
  page.on("response", (response) => response.status() >= 400 && !/events|wasm/.test(response.url()) && lost.push(response.url()));
  await page.goto(`${deep}ru/`);
  await page.goto(`${deep}ru/check/`);
  check("below another folder everything is found", lost.length === 0, lost.join(" "));
  await page.context().close();
}

export default async function run() {
  await mkdir(SHOTS, { recursive: true });
  const base = await serve();
  for (const language of (process.env.LANGS ?? "en,ru").split(",")) {
    await look(base, language);
    await withoutScripts(base, language);
  }
  await keyboard(base);
  await otherways(base);
}
