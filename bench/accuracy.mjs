// Measures what the methods make of families of scans with known truth; the tables of docs/accuracy.md.
//
//   npm run accuracy -- [--quick] [--seeds N] [--methods unmix,NMF] [--only WORD] [--peers] [--rows FILE] [--json] [--write]
//
// All families with all methods, one scan each, take about 25 minutes on one core; KL NMF, here on plain loops, 18 of them. --quick: a few families, one scan, unmix alone.
// --rows keeps what was measured and goes on from there, also with more methods. --peers adds scikit-learn by a python3 that has it (PYTHON=/path/to/python3 chooses one). --write puts the tables into docs/accuracy.md.
import { execFileSync } from "node:child_process";
import { appendFileSync, existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { node, program, root } from "../scripts/step.mjs";

const { values: given } = parseArgs({
  options: {
    quick: { type: "boolean", default: false },
    peers: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
    write: { type: "boolean", default: false },
    rows: { type: "string" },
    seeds: { type: "string" },
    methods: { type: "string" },
    only: { type: "string", default: "" },
  },
});

const compiled = mkdtempSync(join(tmpdir(), "endmember-accuracy-"));
process.on("exit", () => rmSync(compiled, { recursive: true, force: true }));
// Apart from dist, so that a build at the same time does not take it away.
node("compile", program("@typescript/native", "tsc"), "-p", `${root}/bench/tsconfig.json`, "--outDir", compiled);
writeFileSync(join(compiled, "package.json"), '{"type":"module"}');
const { families, quick } = await import(join(compiled, "test/accuracy/families.js"));
const { measure } = await import(join(compiled, "test/accuracy/measure.js"));
const { methods: known } = await import(join(compiled, "test/accuracy/methods.js"));

const methods = given.methods?.split(",") ?? (given.quick ? ["unmix"] : Object.keys(known));
const seeds = Array.from({ length: Number(given.seeds ?? (given.quick ? 1 : 3)) }, (_, i) => i + 1);
const peers = given.peers ? { "sklearn NMF": peer("nmf"), "sklearn ICA": peer("ica") } : {};

/** Where nothing is pure there is no boundary: undefined, NaN, or null where it was kept in a file. */
const part = (value) => (Number.isFinite(value) ? value.toFixed(2) : "–");

const began = Date.now();
const rows = given.rows && existsSync(given.rows) ? lines(readFileSync(given.rows, "utf8")) : [];
for (const family of (given.quick ? quick : families).filter(({ name }) => name.includes(given.only))) {
  const measured = new Set(rows.filter((row) => row.family === family.name).map(({ method }) => method));
  const missing = methods.filter((method) => !measured.has(method));
  const others = Object.fromEntries(Object.entries(peers).filter(([method]) => !measured.has(method)));
  if (missing.length + Object.keys(others).length === 0) continue;
  const found = await measure(family, missing, seeds, others);
  rows.push(...found);
  if (given.rows) appendFileSync(given.rows, found.map((row) => `${JSON.stringify(row)}\n`).join(""));
  console.error(`${((Date.now() - began) / 1000).toFixed(0)} s: ${family.name}`);
}
const columns = [...methods, ...Object.keys(peers)];
const tables = {
  ...(methods.includes("unmix") && { unmix: unmixTable() }),
  ...(columns.some((method) => method !== "unmix") && {
    patterns: methodTable(
      (row) => `${row.angle.toFixed(2)}°`,
      (row) => `${row.angleLimit.toFixed(2)}°`,
    ),
    maps: methodTable(
      (row) => row.map.toFixed(3),
      (row) => row.mapLimit.toFixed(3),
    ),
    boundaries: methodTable(
      (row) => part(row.width),
      () => "1",
    ),
  }),
};
if (given.json) console.log(JSON.stringify(rows, null, 1));
else for (const table of Object.values(tables)) console.log(`${table}\n`);
if (given.write) write();

function lines(text) {
  return text
    .split("\n")
    .filter(Boolean)
    .map((line) => JSON.parse(line));
}

function unmixTable() {
  const lines = rows
    .filter(({ method }) => method === "unmix")
    .map((row) => [
      row.family,
      `${row.components}: ${row.ranks.join(", ")}`,
      `${row.angle.toFixed(2)}°`,
      `${row.angleLimit.toFixed(2)}°`,
      `${row.worstAngleRatio.toFixed(2)} ×`,
      row.map.toFixed(4),
      row.mapLimit.toFixed(4),
      `${row.worstMapRatio.toFixed(2)} ×`,
      part(row.width),
      `${row.anglesAtLimit}, ${row.mapsAtLimit} of ${row.scans}`,
      row.assumptions.map((code) => `\`${code}\``).join(" "),
    ]);
  return table(
    [
      "scans",
      "components: suggested",
      "patterns",
      "limit",
      "worst",
      "maps",
      "limit",
      "worst",
      "boundary",
      "at limit",
      "it says",
    ],
    lines,
  );
}

function methodTable(cell, limit) {
  const names = [...new Set(rows.map(({ family }) => family))];
  return table(
    ["scans", "limit", ...columns],
    names.map((name) => {
      const own = rows.filter(({ family }) => family === name);
      return [name, limit(own[0]), ...columns.map((method) => cell(own.find((row) => row.method === method)))];
    }),
  );
}

function table(head, lines) {
  return [head, head.map(() => "---"), ...lines].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}

/** Replaces what stands between the markers of each table. */
function write() {
  const page = join(root, "docs/accuracy.md");
  let text = readFileSync(page, "utf8");
  for (const [name, content] of Object.entries(tables)) {
    const marked = new RegExp(`(<!-- ${name}: written by npm run accuracy -->\n)[^]*?(\n<!-- end -->)`);
    if (!marked.test(text))
      throw new Error(`docs/accuracy.md: expected the markers of the table "${name}", found none`);
    text = text.replace(marked, (_, start, end) => `${start}\n${content}\n${end}`);
  }
  writeFileSync(page, text);
}

/** A method of scikit-learn, as HyperSpy calls it, in a process of its own. */
function peer(method) {
  return (counts, { factors, loadings }) => {
    const folder = mkdtempSync(join(tmpdir(), "endmember-peer-"));
    try {
      writeFileSync(join(folder, "counts"), new Uint8Array(Float32Array.from(counts).buffer));
      const [k, n, p] = [factors.count, ...[loadings, factors].map(({ size }) => size[0] * size[1])];
      const script = join(root, "bench/accuracy.py");
      execFileSync(process.env.PYTHON ?? "python3", [script, method, folder, k, n, p].map(String), {
        stdio: "inherit",
      });
      const read = (name) => new Float32Array(new Uint8Array(readFileSync(join(folder, name))).buffer);
      return {
        factors: { ...factors, values: read("factors") },
        loadings: { ...loadings, values: read("loadings") },
        scaled: false,
      };
    } finally {
      rmSync(folder, { recursive: true });
    }
  };
}
