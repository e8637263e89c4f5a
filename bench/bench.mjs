// Endmember against its peers, each figure in a pair in one run, alternating.
//
//   npm run bench                              every part but growth, large and app, on 100×100 positions of 144×144 px, two threads each
//   npm run bench -- passes learning           some parts: passes, compressed, learning, clusters, whole, start, fft, growth, large, app
//   npm run bench -- --positions 40x30 --pixels 64x48 --repeats 3 --threads 1 --json
//   npm run bench -- --short                   small and once: that everything runs, not how fast
//
// The scan is made on the fly from a seed. The peers are NumPy, scikit-learn and HyperSpy of a python3; PYTHON=/path/to/python3
// chooses one, default python3. Parts whose peers are not there are measured alone.
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { writeScan } from "./scan-file.mjs";

const { values: given, positionals } = parseArgs({
  allowPositionals: true,
  options: {
    positions: { type: "string" },
    pixels: { type: "string" },
    threads: { type: "string", default: "2" },
    repeats: { type: "string" },
    short: { type: "boolean", default: false },
    json: { type: "boolean", default: false },
  },
});
const size = (text) => text.split(/[x×]/).map(Number);
const all = ["passes", "compressed", "learning", "clusters", "whole", "start", "fft", "growth", "large", "app"];
const parts = positionals.length > 0 ? positionals : all.slice(0, given.short ? 9 : 7);
const unknown = parts.find((part) => !all.includes(part));
if (unknown) throw new Error(`bench: expected some of ${all.join(", ")}; found ${unknown}`);
const options = {
  positions: size(given.positions ?? (given.short ? "12x10" : "100x100")),
  pixels: size(given.pixels ?? (given.short ? "24x20" : "144x144")),
  threads: Number(given.threads),
  repeats: Number(given.repeats ?? (given.short ? 1 : 7)),
  short: given.short,
};

const folder = mkdtempSync(join(tmpdir(), "endmember-bench-"));
const report = { ...options, node: process.version, parts: {} };
try {
  const file = join(folder, "scan.npy");
  writeScan(file, options.positions, options.pixels);
  if (!given.json) {
    const { positions, pixels, threads } = options;
    console.log(
      `${positions.join("×")} positions of ${pixels.join("×")} u8, ${threads} threads, Node ${process.version}\n`,
    );
  }
  for (const part of parts) {
    const { measure } = await import(`./${part}.mjs`);
    const found = await measure({ ...options, file, folder });
    report.parts[part] = found;
    if (!given.json) console.log(`${table(part, found)}\n`);
  }
} finally {
  rmSync(folder, { recursive: true });
}
if (given.json) console.log(JSON.stringify(report, null, 1));

function table(part, { title, columns, rows, notes = [] }) {
  const lines = [`## ${title ?? part}`, "", `| ${columns.join(" | ")} |`, `|${columns.map(() => "---").join("|")}|`];
  for (const row of rows) lines.push(`| ${row.map(cell).join(" | ")} |`);
  return [...lines, "", ...notes].join("\n");
}

/** Medians with their spread; numbers to three digits. */
function cell(value) {
  if (value === undefined || value === null) return "–";
  if (typeof value === "number") return digits(value);
  if (typeof value === "object")
    return value.min === value.max
      ? digits(value.median)
      : `${digits(value.median)} (${digits(value.min)}–${digits(value.max)})`;
  return value;
}

function digits(value) {
  if (value !== 0 && Math.abs(value) < 1e-3) return value.toExponential(1);
  return Math.abs(value) >= 100 ? value.toFixed(0) : String(Number(value.toPrecision(3)));
}
