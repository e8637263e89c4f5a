// Measures the suggested number of components on scans with known truth: node bench/rank.mjs [--seeds N] [--first N] [--doses a,b] [--rows FILE] [--json]
// Prints the table of docs/accuracy.md. Seeds are first … first + N − 1; --rows keeps what was measured and goes on from there. Every dose sees 2 to 6 components; reflections shared, pure positions, vacuum and intensities are drawn.
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { node, program, root } from "../scripts/step.mjs";

const { values: given } = parseArgs({
  options: {
    seeds: { type: "string", default: "4" },
    first: { type: "string", default: "1" },
    rows: { type: "string" },
    doses: { type: "string", default: "200,500,1000,2000,5000,20000,50000" },
    json: { type: "boolean", default: false },
  },
});

const compiled = mkdtempSync(join(tmpdir(), "endmember-rank-"));
process.on("exit", () => rmSync(compiled, { recursive: true, force: true }));
// Apart from dist, so that a build at the same time does not take it away.
node("compile", program("@typescript/native", "tsc"), "-p", `${root}/bench/tsconfig.json`, "--outDir", compiled);
writeFileSync(join(compiled, "package.json"), '{"type":"module"}');
const from = (file) => import(join(compiled, file));
const { syntheticScan, usual } = await from("test/accuracy/synthetic-scan.js");
const { suggestRank } = await from("src/learn/rank.js");
const { nmfErrors } = await from("src/learn/nmf-errors.js");
const { svd } = await from("src/learn/svd.js");
const { random } = await from("src/algebra/random.js");

const criteria = ["suggested", "marchenkoPastur", "parallelAnalysis", "splitHalf", "elbow", "nmf"];
const found = given.rows && existsSync(given.rows) ? lines(readFileSync(given.rows, "utf8")) : [];
const measured = new Set(found.map(keyOf));
const [first, seeds] = [given.first, given.seeds].map(Number);
for (const dose of given.doses.split(",").map(Number)) {
  for (const components of [2, 3, 4, 5, 6]) {
    for (let seed = first; seed < first + seeds; seed++) {
      if (measured.has(keyOf({ dose, components, seed }))) continue;
      const kind = { ...usual, components, dose, ...drawn(random(seed, dose + components)) };
      const { scan } = syntheticScan(kind, seed);
      const plain = await svd(scan, { components: 20, seed });
      const errors = nmfErrors(plain, { components: 8, seed });
      const began = performance.now();
      const { suggested, votes } = await suggestRank(scan, { svd: plain, nmfErrors: errors, seed });
      const row = { ...kind, seed, seconds: (performance.now() - began) / 1000, suggested, ...votes };
      found.push(row);
      if (given.rows) appendFileSync(given.rows, `${JSON.stringify(row)}\n`);
      if (suggested !== components) console.error(JSON.stringify(row));
    }
  }
}

if (given.json) console.log(JSON.stringify(found, null, 1));
else {
  console.log(`| counts a pattern | scans | ${criteria.join(" | ")} |\n|---|---|${"---|".repeat(criteria.length)}`);
  for (const dose of [...new Set(found.map((row) => row.dose))].sort((a, b) => a - b)) {
    const rows = found.filter((row) => row.dose === dose);
    const right = criteria.map((name) => {
      const share = rows.filter((row) => row[name] === row.components).length / rows.length;
      return `${(100 * share).toFixed(0)} %`;
    });
    console.log(`| ${dose} | ${rows.length} | ${right.join(" | ")} |`);
  }
}

function lines(text) {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function keyOf({ dose, components, seed }) {
  return `${dose} ${components} ${seed}`;
}

/** One of each choice, every one as likely. */
function drawn({ integer }) {
  const one = (...choices) => choices[integer(choices.length)];
  return {
    shared: one(0, 0.5, 1),
    pure: one("many", "few", "none"),
    vacuum: one(true, false),
    intensity: one("one", "unequal", "varying"),
  };
}
