// Measures unmixing on families of scans with known truth: node bench/accuracy.mjs [--full] [--seeds N] [--methods a,b] [--only WORD] [--json]
// Prints the tables of docs/accuracy.md. The quick mode takes the default method over two scans a family.
import { parseArgs } from "node:util";
import { node, program, root } from "../scripts/step.mjs";

const { values: given } = parseArgs({
  options: {
    full: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    seeds: { type: "string" },
    methods: { type: "string" },
    only: { type: "string", default: "" },
  },
});
const every = ["minimum-volume", "successive-projection", "vertex-component-analysis", "n-findr", "nmf"];
const methods = given.methods?.split(",") ?? (given.full ? every : ["minimum-volume"]);
const seeds = Array.from({ length: Number(given.seeds ?? (given.full ? 10 : 2)) }, (_, i) => i + 1);

node("compile", program("@typescript/native", "tsc"), "-p", `${root}/bench/tsconfig.json`);
const { families } = await import("../dist/test/accuracy/families.js");
const { measure } = await import("../dist/test/accuracy/measure.js");

if (!given.json) {
  console.log(
    "| scans | method | patterns: mean (worst) | limit | maps: RMS | limit | patterns at limit | maps at limit | says |",
  );
  console.log("|---|---|---|---|---|---|---|---|---|");
}
const began = Date.now();
const all = [];
for (const family of families.filter(({ name }) => name.includes(given.only))) {
  const rows = await measure(family, methods, seeds);
  all.push(...rows);
  if (given.json) continue;
  for (const row of rows) {
    console.log(
      `| ${row.family} | ${row.method} | ${row.angle.toFixed(2)}° (${row.worstAngle.toFixed(2)}°) | ${row.angleLimit.toFixed(2)}° | ${row.map.toFixed(4)} | ${row.mapLimit.toFixed(4)} | ${row.anglesAtLimit}/${row.scans} | ${row.mapsAtLimit}/${row.scans} | ${row.assumptions.join(", ")} |`,
    );
  }
}
if (given.json) console.log(JSON.stringify(all, null, 1));
console.error(`${all.length} rows in ${((Date.now() - began) / 1000).toFixed(0)} s`);
