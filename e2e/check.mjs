// The check page on a true site, and on sites that lie: a changed page, a changed tile, a changed statement, a forged checkpoint, a record
// of two faces. Each must be caught, in words.
import { createHash, createPrivateKey, generateKeyPairSync, sign } from "node:crypto";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { SHOTS, SITE, check, open, serve } from "./harness.mjs";

const LONG = 300_000;

/** Checks everything on the page that is open, and answers with the verdict and words of each step. */
async function verdicts(page) {
  await page.locator("#check").evaluate((own) => delete own.dataset.done);
  await page.click("#check-start");
  await page.waitForSelector("#check[data-done]", { timeout: LONG });
  const steps = await page.locator("[data-step]").evaluateAll((all) =>
    all.map((own) => [own.dataset.step, { state: own.dataset.state, said: own.querySelector(".said").textContent }]));
  const done = await page.locator("#check").getAttribute("data-done");
  return { done, told: await page.locator("#check-told").textContent(), ...Object.fromEntries(steps) };
}

async function fresh(lies = new Map(), language = "en") {
  const page = await open();
  await page.goto(`${await serve(SITE, lies)}${language}/check/`);
  return page;
}

/** An honest site: everything that can be proved here is. */
async function honest() {
  for (const language of ["en", "ru", "ky"]) {
    const page = await fresh(new Map(), language);
    const found = await verdicts(page);
    const proved = ["browser", "checkpoint", "memory", "tree", "statements", "count", "pages"].filter((step) => found[step].state !== "proved");
    check(`check ${language}: an honest site is proved`, found.done === "right" && proved.length === 0, JSON.stringify(found, null, 1));
    check(`check ${language}: no witnesses are claimed that nobody named`, found.elsewhere.state === "unknown", found.elsewhere.said);
    check(`check ${language}: no errors`, page.troubles.length === 0, page.troubles.join("\n"));
    await page.screenshot({ path: join(SHOTS, `check_honest_${language}.png`), fullPage: true });
    if (language === "en") {
      const again = await verdicts(page);
      check("check: the same state is known again", again.memory.state === "proved" && again.memory.said !== found.memory.said, again.memory.said);
      await ways(page);
    }
    await page.context().close();
  }
}

/** The way of a figure: from a sum down to a statement and its proof, by links. */
async function ways(page) {
  const named = await page.evaluate(async () => {
    const text = await (await fetch("../")).text();
    const own = new DOMParser().parseFromString(text, "text/html").querySelector('[data-figure^="votes"]');
    return own?.dataset.figure ?? null;
  });
  if (!check("check: the front page marks its figures", named !== null)) return;
  await page.evaluate((name) => (location.hash = `figure=${encodeURIComponent(name)}`), named);
  await page.waitForSelector("#check-path table a");
  for (let depth = 0; depth < 8; depth += 1) {
    const next = page.locator('#check-path a[href^="#figure="]');
    if ((await next.count()) === 0) break;
    // Into a place that has any votes at all.
    const filled = page.locator("#check-path tr", { has: page.locator("td", { hasText: /[1-9]/ }) }).locator("a").first();
    const before = page.url();
    await filled.click();
    await page.waitForFunction((old) => location.href !== old, before);
    await page.waitForTimeout(200);
  }
  const statement = page.locator('#check-path a[href^="#statement="]').first();
  await statement.click();
  await page.waitForSelector("#check-path pre");
  const text = await page.locator("#check-path").innerText();
  check("check: the way of a figure ends at a signed statement with its proof", text.includes("recount/statement/v1") && /[0-9a-f]{64}/.test(await page.locator("#check-path").textContent()), text.slice(0, 400));
  await page.screenshot({ path: join(SHOTS, "check_way.png"), fullPage: true });
}

/** Turns one digit of the first figure that a page marks. */
function lyingPage(bytes) {
  return bytes.toString().replace(/(data-figure="votes[^>]*>)(\d)/, (_, mark, digit) => mark + String((Number(digit) % 9) + 1));
}

function flip(at) {
  return (bytes) => {
    const out = Buffer.from(bytes);
    out[Math.floor(out.length * at)] ^= 1;
    return out;
  };
}

async function caught(name, lies, step, pattern) {
  const page = await fresh(lies);
  const found = await verdicts(page);
  const right = found.done === "wrong" && found[step].state === "wrong" && pattern.test(found[step].said);
  check(`check: ${name} is caught`, right, JSON.stringify(found, null, 1));
  check(`check: ${name}: the end says so`, /wrong/i.test(found.told), found.told);
  await page.screenshot({ path: join(SHOTS, `check_${name.replaceAll(" ", "_")}.png`), fullPage: true });
  await page.context().close();
}

/** A checkpoint of the same log signed with another key under the same name and id. */
async function forged() {
  const text = (await readFile(join(SITE, "checkpoint"), "utf8")).split("\n\n")[0] + "\n";
  const lines = (await readFile(join(SITE, "checkpoint"), "utf8")).split("\n\n")[1].trim().split("\n");
  const { privateKey } = generateKeyPairSync("ed25519");
  const body = text.replace(/\n(\d+)\n/, (_, size) => `\n${Number(size)}\n`).replace(/\n[^\n]+\n$/, `\n${Buffer.alloc(32, 7).toString("base64")}\n`);
  const own = lines.map((line) => {
    const [dash, name, blob] = line.split(" ");
    const raw = Buffer.from(blob, "base64");
    return [dash, name, Buffer.concat([raw.subarray(0, 4), sign(null, Buffer.from(body), privateKey)]).toString("base64")].join(" ");
  });
  return Buffer.from(`${body}\n${own.join("\n")}\n`);
}

/** The log's own key, as only a test may know it: the demo derives all its keys from a seed. */
async function logKey(name) {
  const sha256 = (...parts) => createHash("sha256").update(Buffer.concat(parts)).digest();
  const seed = sha256(Buffer.from(`recount demo seed ${process.env.E2E_SEED}`));
  const secret = sha256(Buffer.from("recount demo key\n"), seed, Buffer.from(name));
  const der = Buffer.concat([Buffer.from("302e020100300506032b657004220420", "hex"), secret]);
  return createPrivateKey({ key: der, format: "der", type: "pkcs8" });
}

/** A second face of the same log: one statement is another one, and the log signs that tree as well. */
async function secondFace() {
  const assets = new URL("../crates/site/assets/", import.meta.url);
  const { leafHash, rootOf, tilePath, tileWidth } = await import(new URL("tree.js", assets));
  const note = await readFile(join(SITE, "checkpoint"), "utf8");
  const [body, lines] = [note.split("\n\n")[0], note.split("\n\n")[1].trim().split("\n")];
  const [origin, size] = [body.split("\n")[0], Number(body.split("\n")[1])];
  const leaves = [];
  for (let at = 0; at * 256 < size; at += 1) {
    const bytes = await readFile(join(SITE, tilePath(0, at, tileWidth(0, at, size))));
    for (let i = 0; i < bytes.length; i += 32) leaves.push(new Uint8Array(bytes.subarray(i, i + 32)));
  }
  // The last bundle, with its first statement once more in place of its second.
  const [last, width] = [Math.floor((size - 1) / 256), tileWidth(0, Math.floor((size - 1) / 256), size)];
  const bundle = await readFile(join(SITE, tilePath("entries", last, width)));
  const entries = [];
  for (let at = 0; at < bundle.length; at += 2 + bundle.readUInt16BE(at)) entries.push(bundle.subarray(at, at + 2 + bundle.readUInt16BE(at)));
  [entries[1]] = entries;
  entries.forEach((entry, i) => (leaves[256 * last + i] = leafHash(new Uint8Array(entry.subarray(2)))));
  const text = `${origin}\n${size}\n${Buffer.from(rootOf(leaves)).toString("base64")}\n`;
  const own = lines.find((line) => line.split(" ")[1] === origin).split(" ");
  const id = Buffer.from(own[2], "base64").subarray(0, 4);
  const blob = Buffer.concat([id, sign(null, Buffer.from(text), await logKey(origin))]).toString("base64");
  const checkpoint = Buffer.from(`${text}\n\u2014 ${origin} ${blob}\n`);
  const lies = new Map([
    ["checkpoint", checkpoint],
    [tilePath("entries", last, width), Buffer.concat(entries)],
    [tilePath(0, last, width), Buffer.concat(leaves.slice(256 * last).map((leaf) => Buffer.from(leaf)))],
  ]);
  return { lies, checkpoint: checkpoint.toString() };
}

/** One address, two faces: first one history, then another, both signed by the log. */
async function splitView() {
  if (!process.env.E2E_SEED) return check("check: a split view is caught", false, "E2E_SEED is not set, so the log's key is not known");
  const face = await secondFace();
  const lies = new Map();
  const page = await open();
  await page.goto(`${await serve(SITE, lies)}en/check/`);
  const first = await verdicts(page);
  check("check: the first face alone is proved", first.done === "right", JSON.stringify(first, null, 1));
  for (const [path, bytes] of face.lies) lies.set(path, bytes);
  const second = await verdicts(page);
  const caught = second.done === "wrong" && second.memory.state === "wrong" && /cannot both be true/.test(second.memory.said);
  check("check: a split view is caught", caught && second.tree.state === "proved", JSON.stringify(second, null, 1));
  check("check: both signed states are shown as evidence", (await page.locator('[data-step="memory"] pre').count()) === 2);
  await page.screenshot({ path: join(SHOTS, "check_split.png"), fullPage: true });
  // Another reader, who saw nothing before, but has a checkpoint from elsewhere.
  await page.evaluate(() => localStorage.clear());
  lies.clear();
  await page.locator("#check details summary").first().click();
  await page.fill("#check-elsewhere", face.checkpoint);
  const third = await verdicts(page);
  check("check: a checkpoint from elsewhere shows the split too", third.done === "wrong" && third.elsewhere.state === "wrong", JSON.stringify(third, null, 1));
  await page.fill("#check-elsewhere", await readFile(join(SITE, "checkpoint"), "utf8"));
  const fourth = await verdicts(page);
  check("check: an honest checkpoint from elsewhere agrees", fourth.done === "right" && fourth.elsewhere.state === "proved", JSON.stringify(fourth, null, 1));
  await page.context().close();
}

export default async function run() {
  await honest();
  const bundles = (await readdir(join(SITE, "tile/entries"))).filter((own) => !own.endsWith(".p"));
  const tile = bundles[Math.floor(bundles.length / 2)];
  await caught("a lying page", new Map([["en/index.html", lyingPage]]), "pages", /shows “.*the record gives/);
  await caught("a tampered tile", new Map([[`tile/0/${tile}`, flip(0.5)]]), "tree", /tile\/0\/.* was changed/);
  await caught("a tampered statement", new Map([[`tile/entries/${tile}`, flip(0.5)]]), "tree", /was changed|does not hold|lead to the root/);
  await caught("a forged checkpoint", new Map([["checkpoint", await forged()]]), "checkpoint", /forged/);
  await caught("a missing file", new Map([[`tile/entries/${tile}`, null]]), "tree", /missing/);
  await splitView();
}
