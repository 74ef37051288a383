// Runs the groups of tests that are asked for, all by default, one after the other in one browser.
import { close, summary } from "./harness.mjs";

const GROUPS = ["pages", "check", "live", "weight"];
const asked = process.argv.slice(2);
for (const name of asked.length > 0 ? asked : GROUPS) {
  const { default: run } = await import(`./${name}.mjs`);
  await run();
}
await close();
process.exitCode = summary() ? 0 : 1;
