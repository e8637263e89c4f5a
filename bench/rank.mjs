// Measures the suggested number of components on scans with known truth: node bench/rank.mjs [--seeds N] [--doses a,b] [--json]
// Prints the table of docs/accuracy.md. Every dose sees 2 to 6 components; reflections shared, pure positions, vacuum and intensities are drawn.
import { parseArgs } from "node:util";
import { node, program, root } from "../scripts/step.mjs";

const { values: given } = parseArgs({
  options: {
    seeds: { type: "string", default: "4" },
    doses: { type: "string", default: "200,500,1000,2000,5000,20000,50000" },
    json: { type: "boolean", default: false },
  },
});

node("compile", program("@typescript/native", "tsc"), "-p", `${root}/bench/tsconfig.json`);
const { syntheticScan, usual } = await import("../dist/test/accuracy/synthetic-scan.js");
const { suggestRank } = await import("../dist/src/learn/rank.js");
const { nmfErrors } = await import("../dist/src/learn/nmf-errors.js");
const { svd } = await import("../dist/src/learn/svd.js");
const { random } = await import("../dist/src/algebra/random.js");

const criteria = ["suggested", "marchenkoPastur", "parallelAnalysis", "splitHalf", "elbow", "nmf"];
const found = [];
for (const dose of given.doses.split(",").map(Number)) {
  for (const components of [2, 3, 4, 5, 6]) {
    for (let seed = 1; seed <= Number(given.seeds); seed++) {
      const kind = { ...usual, components, dose, ...drawn(random(seed, dose + components)) };
      const { scan } = syntheticScan(kind, seed);
      const plain = await svd(scan, { components: 20, seed });
      const errors = nmfErrors(plain, { components: 8, seed });
      const began = performance.now();
      const { suggested, votes } = await suggestRank(scan, { svd: plain, nmfErrors: errors, seed });
      const row = { ...kind, seed, seconds: (performance.now() - began) / 1000, suggested, ...votes };
      found.push(row);
      if (suggested !== components) console.error(JSON.stringify(row));
    }
  }
}

if (given.json) console.log(JSON.stringify(found, null, 1));
else {
  console.log(`| counts a pattern | scans | ${criteria.join(" | ")} |\n|---|---|${"---|".repeat(criteria.length)}`);
  for (const dose of new Set(found.map((row) => row.dose))) {
    const rows = found.filter((row) => row.dose === dose);
    const right = criteria.map((name) => {
      const share = rows.filter((row) => row[name] === row.components).length / rows.length;
      return `${(100 * share).toFixed(0)} %`;
    });
    console.log(`| ${dose} | ${rows.length} | ${right.join(" | ")} |`);
  }
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
