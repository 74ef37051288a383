// The demo night again, live: a record grows on disk, the service follows it, and a reader's page is brought up to date without a reload;
// with scripts off the same page is right after a reload. Then the same by polling, from static files.
import { spawn } from "node:child_process";
import { cp, mkdir, mkdtemp, readFile, readdir, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RECORD, SHOTS, check, open } from "./harness.mjs";

/** Sizes of the record that are shown, one after the other. */
const STEPS = 5;

/** Every checkpoint that was ever published, smallest first. */
async function sizes() {
  const kept = (await readdir(join(RECORD, "public/checkpoints"))).map(Number).sort((a, b) => a - b);
  const figures = kept.filter((size) => size > kept.at(-1) / 10);
  return Array.from({ length: STEPS }, (_, i) => figures[Math.floor((i * (figures.length - 1)) / (STEPS - 1))]);
}

/** Brings a copy of the record to a size as its writer did: files first, the checkpoint last. */
async function grow(dir, size) {
  const from = join(RECORD, "public");
  const to = join(dir, "public");
  const skip = (path) => {
    const at = path.slice(from.length + 1);
    const kept = /^checkpoints\/(\d+)$/.exec(at);
    return at !== "checkpoint" && (kept === null || Number(kept[1]) <= size);
  };
  await cp(from, to, { recursive: true, filter: skip, force: true });
  const { rename } = await import("node:fs/promises");
  await cp(join(from, `checkpoints/${size}`), join(to, "checkpoint.new"));
  await rename(join(to, "checkpoint.new"), join(to, "checkpoint"));
}

/** Starts the service on a record, and answers with its address. */
async function service(dir) {
  // A memory of its own: it begins at a size that this machine has seen pass.
  const env = { ...process.env, XDG_CACHE_HOME: join(dir, "cache") };
  const child = spawn(process.env.RECOUNT, ["serve", dir, "--addr", "127.0.0.1:0", "--json"], { stdio: ["ignore", "pipe", "inherit"], env });
  const told = await new Promise((done, fail) => {
    let text = "";
    child.stdout.on("data", (bytes) => {
      text += bytes;
      const found = /"address":\s*"([^"]+)"/.exec(text);
      if (found) done(found[1]);
    });
    child.on("exit", (code) => fail(new Error(`the service ended with ${code}: ${text}`)));
  });
  return { child, base: told };
}

const sizeOf = (page) => page.evaluate(() => Number(document.querySelector('meta[name="recount-size"]').content));

/** The size that the foot of the page names, as readers see it. */
const shown = (page) => page.evaluate(() => document.querySelector("footer .basis").textContent.replace(/\D+/g, " ").trim().split(" ").join(""));

export default async function run() {
  const dir = await mkdtemp(join(tmpdir(), "recount-live-"));
  await mkdir(join(dir, "public"));
  const steps = await sizes();
  await grow(dir, steps[0]);
  const { child, base } = await service(dir);
  try {
    await replay(base, dir, steps);
  } finally {
    child.kill();
    await rm(dir, { recursive: true, force: true });
  }
}

async function replay(base, dir, steps) {
  const [live, still] = [await open(), await open({ javaScriptEnabled: false })];
  await live.goto(`${base}en/`);
  check("live: the first page shows the first size", (await sizeOf(live)) === steps[0], `${await sizeOf(live)} of ${steps[0]}`);
  await live.evaluate(() => (window.neverReloaded = true));
  const link = live.locator("nav.sections a").nth(1);
  await link.focus();
  for (const size of steps.slice(1)) {
    const before = await live.locator("main").innerText();
    await grow(dir, size);
    const since = Date.now();
    const came = await live.waitForFunction((n) => document.querySelector(".live")?.textContent.replace(/\D/g, "") === String(n), size, { timeout: 60_000 }).then(() => true, () => false);
    check(`live: size ${size} is told`, came, `after ${Date.now() - since} ms: ${await live.locator(".live").textContent()}`);
    check(`live: size ${size} changes the page`, (await live.locator("main").innerText()) !== before);
    check(`live: size ${size} stands in its foot`, (await shown(live)).includes(String(size)), await shown(live));
    check(`live: size ${size} without a reload, and the focus stays`, await live.evaluate(() => window.neverReloaded === true && document.activeElement.closest("nav.sections") !== null));
    // A browser may show a page that is up to a second old.
    await still.waitForTimeout(1_100);
    await still.goto(`${base}en/`);
    check(`live: size ${size} is there without scripts`, (await shown(still)).includes(String(size)), await shown(still));
    const same = [await live.locator("main").innerText(), await still.locator("main").innerText()].map((text) => text.replace(/\s+/g, " "));
    check(`live: size ${size} reads the same with and without scripts`, same[0] === same[1]);
    await live.screenshot({ path: join(SHOTS, `live_${size}.png`) });
  }
  await live.goto(`${base}at/${steps[1]}/en/`);
  const old = await live.evaluate(() => Number(document.querySelector('meta[name="recount-size"]').content));
  check("live: an earlier size stays where it was", old <= steps[1], old);
  check("live: no errors", live.troubles.length === 0, live.troubles.join("\n"));
  const policy = (await (await fetch(base)).headers.get("content-security-policy")) ?? "";
  check("live: the policy allows nothing from elsewhere", policy.includes("default-src 'none'") && !policy.includes("unsafe-inline"), policy);
  await readFile(join(dir, "public/checkpoint"));
  await Promise.all([live, still].map((page) => page.context().close()));
}
