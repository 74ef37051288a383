// Counts records by the site's JavaScript and, if it is given, by the WebAssembly module: one line of JSON for each folder.
// Usage: node agree.mjs MODULE|- FOLDER...
import { readFile } from "node:fs/promises";
import { join } from "node:path";

const assets = new URL("../../site/assets/", import.meta.url);
const { openRecord, readRecord } = await import(new URL("record.js", assets));
const { summarise, differences } = await import(new URL("summary.js", assets));
const { Module } = await import(new URL("module.js", assets));

const [where, ...folders] = process.argv.slice(2);
const compiled = where === "-" ? null : await WebAssembly.compile(await readFile(where));

for (const folder of folders) {
  const source = (path) => readFile(join(folder, path)).then((bytes) => new Uint8Array(bytes), () => null);
  const line = { js: null, wasm: null, apart: null, failed: null };
  try {
    const sizes = JSON.parse(await readFile(join(folder, "sizes.json"), "utf8").catch(() => "[]"));
    const opened = await openRecord(source);
    const module = compiled && new Module((await WebAssembly.instantiate(compiled, {})).exports);
    module?.begin(opened.logKey, opened.checkpoint, sizes);
    const read = await readRecord(opened, { also: module, sizes });
    line.js = summarise(read);
    line.wasm = module?.finish() ?? null;
    line.failed = module?.failed ?? null;
    line.apart = line.wasm && differences(line.js, line.wasm);
  } catch (why) {
    line.failed = String(why.stack ?? why);
  }
  console.log(JSON.stringify(line));
}
