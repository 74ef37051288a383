// How heavy pages are, and how soon they are seen on a slow line: Chromium's own throttling, at the figures that its tools call slow 3G.
import { readFile } from "node:fs/promises";
import { gzipSync } from "node:zlib";
import { join } from "node:path";
import { SITE, addresses, check, open, serve } from "./harness.mjs";

/** At most, in bytes on the wire and without charts: page, stylesheet and scripts, packed as web servers send them. */
const MOST = 60_000;
/** Slow 3G: 400 kbit/s both ways and 400 ms there and back. */
const SLOW = { offline: false, latency: 400, downloadThroughput: 50_000, uploadThroughput: 50_000 };
const SOON = 2_000;

async function weight(base, address) {
  const page = await open();
  const got = new Map();
  page.on("response", async (response) => {
    const bytes = await response.body().catch(() => Buffer.alloc(0));
    got.set(new URL(response.url()).pathname, bytes.length > 0 ? [bytes.length, gzipSync(bytes).length] : [0, 0]);
  });
  await page.goto(base + address, { waitUntil: "networkidle" });
  const html = await readFile(join(SITE, address, "index.html"), "utf8");
  const charts = (html.match(/<svg[^]*?<\/svg>/g) ?? []).reduce((sum, own) => sum + Buffer.byteLength(own), 0);
  const [raw, packed] = [...got.values()].reduce((sum, own) => [sum[0] + own[0], sum[1] + own[1]], [0, 0]);
  check(`${address}: at most ${MOST} bytes on the wire`, packed <= MOST, JSON.stringify([...got]));
  console.log(`     ${address}: ${packed} bytes packed; ${raw} not packed, of them charts ${charts}`);
  await page.context().close();
}

async function firstRender(base, address) {
  const page = await open();
  const tools = await page.context().newCDPSession(page);
  await tools.send("Network.enable");
  await tools.send("Network.emulateNetworkConditions", SLOW);
  await page.goto(base + address, { waitUntil: "load", timeout: 120_000 });
  const paint = await page.evaluate(() => new Promise((done) => {
    new PerformanceObserver((list) => {
      const first = list.getEntriesByName("first-contentful-paint")[0];
      if (first) done(first.startTime);
    }).observe({ type: "paint", buffered: true });
    setTimeout(() => done(Infinity), 10_000);
  }));
  check(`${address}: first seen within ${SOON} ms on slow 3G`, paint <= SOON, `${Math.round(paint)} ms`);
  console.log(`     ${address}: first seen after ${Math.round(paint)} ms on slow 3G`);
  await page.context().close();
}

export default async function run() {
  const base = await serve();
  const station = (await addresses("en")).find((own) => own.startsWith("en/station/"));
  for (const address of ["en/", "en/why/", "en/place/", "en/changes/", "en/missing/", "ru/", "ky/", station]) {
    await weight(base, address);
  }
  for (const address of ["en/", "ky/", station]) await firstRender(base, address);
}
