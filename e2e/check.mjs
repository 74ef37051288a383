// The check page on a true site, and on sites that lie: a changed page, a changed tile, a changed statement, a forged checkpoint, a record
// of two faces. Each must be caught, in words.
import { generateKeyPairSync, sign } from "node:crypto";
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

/** The log's own key, as a test may know it: the demo is played again with a seed, into a record of another history. */
async function twoFaces() {
  const { execFileSync } = await import("node:child_process");
  const { mkdtemp } = await import("node:fs/promises");
  const { tmpdir } = await import("node:os");
  const work = await mkdtemp(join(tmpdir(), "recount-faces-"));
  const env = { ...process.env, XDG_CACHE_HOME: join(work, "cache") };
  const played = (world) => {
    const [dir, out] = [join(work, world), join(work, `${world}-site`)];
    execFileSync(process.env.RECOUNT, ["demo", "--dir", dir, "--seed", "7", "--world", world, "--json"], { env: { ...env, XDG_CACHE_HOME: join(work, world, "cache") } });
    execFileSync(process.env.RECOUNT, ["publish", dir, out], { env: { ...env, XDG_CACHE_HOME: join(work, world, "cache2") } });
    return out;
  };
  return { same: played("same"), differs: played("differs"), work };
}

async function splitView() {
  const { same, differs, work } = await twoFaces();
  // One address, two faces: first one history, then the other, both signed by the log.
  const lies = new Map();
  const page = await open();
  const [one, other] = [await serve(same), await serve(differs)];
  await page.goto(`${one}en/check/`);
  const key = await page.locator(".lines code").first().textContent();
  const first = await verdicts(page);
  check("check: the first face alone is proved", first.done === "right", JSON.stringify(first, null, 1));
  const stored = await page.evaluate(() => Object.entries(localStorage));
  await page.goto(`${other}en/check/`);
  check("check: both faces have one log key", (await page.locator(".lines code").first().textContent()) === key);
  // The memory belongs to an address; the second face is shown at another port only because this is a test.
  await page.evaluate((entries) => entries.forEach(([name, value]) => localStorage.setItem(name, value)), stored);
  const second = await verdicts(page);
  check("check: a split view is caught", second.done === "wrong" && second.memory.state === "wrong" && /cannot both be true/.test(second.memory.said), JSON.stringify(second, null, 1));
  check("check: both signed states are shown as evidence", (await page.locator('[data-step="memory"] pre').count()) === 2);
  await page.screenshot({ path: join(SHOTS, "check_split.png"), fullPage: true });
  await page.evaluate(() => localStorage.clear());
  await page.locator("#check details summary").first().click();
  await page.fill("#check-elsewhere", await readFile(join(same, "checkpoint"), "utf8"));
  const third = await verdicts(page);
  check("check: a checkpoint from elsewhere shows the split too", third.done === "wrong" && third.elsewhere.state === "wrong", JSON.stringify(third, null, 1));
  await page.context().close();
  const { rm } = await import("node:fs/promises");
  await rm(work, { recursive: true, force: true });
  return lies;
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
