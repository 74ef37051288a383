// How heavy pages are, and how soon they are seen on a slow line: Chromium's own throttling, at the figures that its tools call slow 3G.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { SITE, check, open, serve } from "./harness.mjs";

/** At most, in bytes, without charts: page, stylesheet and scripts as they lie on the disk. */
const MOST = 60_000;
/** Slow 3G: 400 kbit/s both ways and 400 ms there and back. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const SOON = 2_000;

async function weight(base, address) {
  const page = await open();
  const got = new Map();
  page.on("response", async (response) => got.set(new URL(response.url()).pathname, (await response.body().catch(() => Buffer.alloc(0))).length));
  await page.goto(base + address, { waitUntil: "networkidle" });
  const html = await readFile(join(SITE, address, "index.html"), "utf8");
  const charts = (html.match(/<svg[^]*?<\/svg>/g) ?? []).reduce((sum, own) => sum + Buffer.byteLength(own), 0);
  const all = [...got.values()].reduce((sum, n) => sum + n, 0);
  check(`${address}: at most ${MOST} bytes without charts`, all - charts <= MOST, `${all} with ${charts} of charts; ${JSON.stringify([...got])}`);
  console.log(`     ${address}: ${all} bytes, of them charts ${charts}; the page alone packed ${gzipSync(html).length}`);
  await page.context().close();
}

async function firstRender(base, address) {
  const page = await open();
  const tools = await page.context().newCDPSession(page);
  await tools.send("Network.enable");
  await tools.send("Network.emulateNetworkConditions", SLOW);
  await page.goto(base + address, { waitUntil: "load", timeout: 120_000 });
  const paint = await page.evaluate(() => performance.getEntriesByName("first-contentful-paint")[0]?.startTime ?? Infinity);
  check(`${address}: first seen within ${SOON} ms on slow 3G`, paint <= SOON, `${Math.round(paint)} ms`);
  console.log(`     ${address}: first seen after ${Math.round(paint)} ms on slow 3G`);
  await page.context().close();
}

export default async function run() {
  const base = await serve();
  const station = (await import("./harness.mjs")).addresses("en").then((all) => all.find((own) => own.startsWith("en/station/")));
  for (const address of ["en/", "en/why/", "en/place/", "en/changes/", "en/missing/", "ru/", "ky/", await station]) {
    await weight(base, address);
  }
  for (const address of ["en/", "ky/", await station]) await firstRender(base, address);
}
