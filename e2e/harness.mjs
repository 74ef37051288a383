// What all groups use: a static server that can lie on demand, one browser, and a count of what held.
import { createServer } from "node:http";
import { readFile, stat } from "node:fs/promises";
import { extname, join, normalize } from "node:path";
import { gzipSync } from "node:zlib";
import { chromium } from "playwright-core";

export const SITE = process.env.E2E_SITE;
export const RECORD = process.env.E2E_RECORD;
export const SHOTS = process.env.E2E_SHOTS;
export const LANGUAGES = process.env.E2E_LANGUAGES?.split(" ") ?? ["ky", "ru", "en"];
export const WIDTHS = process.env.E2E_WIDTHS?.split(" ").map(Number) ?? [320, 768, 1280];

const TYPES = {
  ".html": "text/html; charset=utf-8", ".css": "text/css; charset=utf-8", ".js": "text/javascript; charset=utf-8",
  ".wasm": "application/wasm", ".json": "application/json", ".atom": "application/atom+xml", ".svg": "image/svg+xml",
};
/** As the service sends it. */
const POLICY =
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; style-src 'self'; img-src 'self'; connect-src 'self'; base-uri 'none'; " +
  "form-action 'none'; frame-ancestors 'self'";

let passed = 0;
const failed = [];

/** One thing that must hold. */
export function check(name, holds, detail = "") {
  if (holds) passed += 1;
  else {
    failed.push(name);
    console.log(`FAILED ${name}${detail ? `\n       ${String(detail).slice(0, 1500)}` : ""}`);
  }
  return holds;
}

/** Prints `N of N`, and whether all held. */
export function summary() {
  const all = passed + failed.length;
  console.log(`${passed} of ${all} checks in the browser passed; screenshots in ${SHOTS}`);
  return all > 0 && failed.length === 0;
}

let browser = null;

/** A fresh page with its own memory; `options` as Playwright has them. Whatever it reports to the console as an error fails. */
export async function open(options = {}) {
  browser ??= await chromium.launch({ executablePath: process.env.CHROMIUM, args: ["--no-sandbox", "--disable-gpu"] });
  const context = await browser.newContext({ reducedMotion: "reduce", ...options });
  const page = await context.newPage();
  // While scripts are being written: those of a folder, instead of those in the program.
  const from = process.env.E2E_ASSETS;
  if (from) await page.route("**/assets/*.{js,css}", (route) => route.fulfill({ path: join(from, new URL(route.request().url()).pathname.split("/").at(-1)) }));
  page.troubles = [];
  page.on("pageerror", (error) => page.troubles.push(String(error)));
  page.on("console", (message) => {
    // A file that is not there (an event stream, the second program) is reported as an error too, and is none.
    const missing = /Failed to load resource|EventSource/.test(message.text());
    if (message.type() === "error" && !missing) page.troubles.push(message.text());
  });
  return page;
}

export async function close() {
  await browser?.close();
  servers.forEach((server) => server.close());
}

const servers = [];

/**
 * Serves a folder. `lies` maps paths to what is sent instead: bytes, text, a function of the true bytes, or `null` for "not there".
 * `prefix` puts everything below a folder, as behind a CDN.
 */
export async function serve(folder = SITE, lies = new Map(), prefix = "/") {
  const server = createServer(async (request, response) => {
    const path = decodeURIComponent(new URL(request.url, "http://x").pathname);
    if (!path.startsWith(prefix)) return response.writeHead(404).end();
    let file = normalize(path.slice(prefix.length));
    if (file === "." || file === "") file = "index.html";
    if (file.startsWith("..")) return response.writeHead(400).end();
    const isFolder = await stat(join(folder, file)).then((own) => own.isDirectory(), () => false);
    if (isFolder) file = join(file, "index.html");
    let bytes = await readFile(join(folder, file)).catch(() => null);
    if (lies.has(file)) {
      const lie = lies.get(file);
      bytes = typeof lie === "function" ? lie(bytes) : lie;
    }
    if (bytes === null) return response.writeHead(404).end();
    const type = TYPES[extname(file)] ?? "application/octet-stream";
    const headers = { "content-type": type, "content-security-policy": POLICY, "cache-control": "no-cache" };
    // Texts go out packed, as web servers and CDNs send them.
    const packed = /^text|json|javascript/.test(type) && /gzip/.test(request.headers["accept-encoding"] ?? "");
    response.writeHead(200, packed ? { ...headers, "content-encoding": "gzip" } : headers).end(packed ? gzipSync(bytes) : bytes);
  });
  await new Promise((done) => server.listen(0, "127.0.0.1", done));
  servers.push(server);
  return `http://127.0.0.1:${server.address().port}${prefix}`;
}

/** Every page of the site below a language, as addresses that end in a slash. */
export async function addresses(language, folder = SITE) {
  const { readdir } = await import("node:fs/promises");
  const found = [];
  const walk = async (at) => {
    for (const entry of await readdir(join(folder, at), { withFileTypes: true })) {
      if (entry.isDirectory()) await walk(`${at}${entry.name}/`);
      else if (entry.name === "index.html") found.push(at);
    }
  };
  await walk(`${language}/`);
  return found.sort();
}
