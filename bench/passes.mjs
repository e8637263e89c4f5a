// The passes over a scan, each in a pair with NumPy/OpenBLAS float32 (data in memory) in one run, alternating.
//
//   npm run bench -- [--positions 100x100] [--pixels 144x144] [--threads 2] [--repeats 7] [--json]
//
// The scan is made on the fly from a seed: u8 counts, three spot patterns, Poisson-like noise. The peer needs a python3 with
// NumPy: PYTHON=/path/to/python3 chooses one, default python3.
import { spawn } from "node:child_process";
import { closeSync, mkdtempSync, openSync, readSync, rmSync, writeSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { parseArgs } from "node:util";
import { onThreads, openScan } from "../dist/src/node.js";

const { values: options } = parseArgs({
  options: {
    positions: { type: "string", default: "100x100" },
    pixels: { type: "string", default: "144x144" },
    threads: { type: "string", default: "2" },
    repeats: { type: "string", default: "7" },
    json: { type: "boolean", default: false },
  },
});
const size = (text) => text.split(/[x×]/).map(Number);
const [positions, pixels] = [size(options.positions), size(options.pixels)];
const [n, p] = [positions[0] * positions[1], pixels[0] * pixels[1]];
const repeats = Number(options.repeats);

const folder = mkdtempSync(join(tmpdir(), "endmember-bench-"));
const file = join(folder, "scan.npy");
writeNpy(file);

const source = await openScan(file, {});
const scan = await onThreads(source, { threads: Number(options.threads), memory: 2 ** 34 });
const python = spawn(process.env.PYTHON ?? "python3", [new URL("passes.py", import.meta.url).pathname, n, p, file], {
  env: { ...process.env, OPENBLAS_NUM_THREADS: options.threads, OMP_NUM_THREADS: options.threads },
  stdio: ["pipe", "pipe", "inherit"],
});
const lines = createInterface({ input: python.stdout })[Symbol.asyncIterator]();
const numpy = JSON.parse((await lines.next()).value).numpy;
let numpyPeak = 0;
const peer = async (name, k) => {
  python.stdin.write(`${name} ${k}\n`);
  const { seconds, peakMiB } = JSON.parse((await lines.next()).value);
  numpyPeak = peakMiB;
  return seconds * 1e3;
};

const random = seeded(1);
const stack = (kind, count, size) => ({
  kind,
  count,
  size,
  values: Float32Array.from({ length: count * size[0] * size[1] }, random),
});
const ours = {
  toImages: (k) => scan.toImages(operand("patterns", k)),
  toPatterns: (k) => scan.toPatterns(operand("images", k)),
  sweep: (k) => scan.sweep(operand("patterns", k), []),
};
const operands = new Map();
function operand(kind, k) {
  const key = kind + k;
  if (!operands.has(key)) operands.set(key, stack(kind, k, kind === "patterns" ? pixels : positions));
  return operands.get(key);
}
const timed = async (work) => {
  const start = performance.now();
  await work();
  return performance.now() - start;
};
const buffer = Buffer.alloc(8 * 2 ** 20);
const readOnce = () => {
  const descriptor = openSync(file, "r");
  while (readSync(descriptor, buffer, 0, buffer.length, null) > 0);
  closeSync(descriptor);
};

const rows = [];
for (const [name, k] of [
  ["toImages", 16],
  ["toPatterns", 16],
  ["sweep", 16],
  ["toImages", 1],
  ["toPatterns", 1],
]) {
  await ours[name](k);
  await peer(name, k);
  const pairs = [];
  for (let i = 0; i < repeats; i++) pairs.push([await timed(() => ours[name](k)), await peer(name, k)]);
  rows.push({ work: `${name}, k = ${k}`, ...summary(pairs) });
}
const fused = [];
const virtual = [];
for (let i = 0; i < repeats; i++) {
  fused.push([
    await timed(() => ours.sweep(16)),
    (await timed(() => ours.toImages(16))) + (await timed(() => ours.toPatterns(16))),
  ]);
  virtual.push([await timed(() => ours.toImages(1)), await timed(readOnce)]);
}
rows.push({ work: "one fused read against the two products, k = 16", ...summary(fused) });
rows.push({ work: "virtual image (k = 1) against reading the file from the page cache", ...summary(virtual) });
python.stdin.end();
await scan.close();
const peak = process.resourceUsage().maxRSS / 1024;
rmSync(folder, { recursive: true });

const report = {
  positions,
  pixels,
  dtype: "u8",
  threads: Number(options.threads),
  node: process.version,
  numpy,
  rows,
  peakMiB: { endmember: Math.round(peak), numpy: Math.round(numpyPeak) },
};
if (options.json) console.log(JSON.stringify(report, null, 1));
else {
  console.log(
    `${positions.join("×")} positions of ${pixels.join("×")} u8, ${options.threads} threads, Node ${process.version}, NumPy ${numpy}`,
  );
  console.log(
    "| work | endmember, ms (min–max) | peer, ms (min–max) | ratio, median of pairs (min–max) |\n|---|---|---|---|",
  );
  for (const { work, a, b, ratio } of rows)
    console.log(`| ${work} | ${text(a, 0)} | ${text(b, 0)} | ${text(ratio, 2)} |`);
  console.log(`peak memory of the process: endmember ${Math.round(peak)} MiB, NumPy ${Math.round(numpyPeak)} MiB`);
}

function summary(pairs) {
  const of = (values) => {
    const sorted = [...values].sort((x, y) => x - y);
    return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1) };
  };
  return { a: of(pairs.map(([a]) => a)), b: of(pairs.map(([, b]) => b)), ratio: of(pairs.map(([a, b]) => a / b)) };
}

function text({ median, min, max }, digits) {
  return `${median.toFixed(digits)} (${min.toFixed(digits)}–${max.toFixed(digits)})`;
}

/** Three patterns of spots, each in a third of the scan with overlap, on a background; counts with noise. */
function writeNpy(path) {
  const shape = [...positions, ...pixels];
  const text = `{'descr': '|u1', 'fortran_order': False, 'shape': (${shape.join(", ")}), }`;
  const header = `${text.padEnd(117, " ")}\n`;
  const file = openSync(path, "w");
  writeSync(file, Buffer.from([0x93, ...Buffer.from("NUMPY"), 1, 0, 118, 0]));
  writeSync(file, Buffer.from(header, "latin1"));
  const data = new Uint8Array(p);
  const random = seeded(7);
  const patterns = Array.from({ length: 3 }, () => {
    const pattern = new Float32Array(p).fill(2);
    for (let spot = 0; spot < 24; spot++) {
      const [r0, c0, height] = [random() * pixels[0], random() * pixels[1], 20 + 120 * random()];
      for (let r = 0; r < pixels[0]; r++)
        for (let c = 0; c < pixels[1]; c++)
          pattern[r * pixels[1] + c] += height * Math.exp(-((r - r0) ** 2 + (c - c0) ** 2) / 8);
    }
    return pattern;
  });
  for (let i = 0; i < n; i++) {
    const x = (3 * (i % positions[1])) / positions[1];
    const weights = [0, 1, 2].map((k) => Math.max(0, 1 - Math.abs(x - k - 0.5)));
    const sum = weights[0] + weights[1] + weights[2];
    for (let j = 0; j < p; j++) {
      const mean = (weights[0] * patterns[0][j] + weights[1] * patterns[1][j] + weights[2] * patterns[2][j]) / sum;
      const noise = (random() + random() + random() + random() - 2) * Math.sqrt(3 * mean);
      data[j] = Math.max(0, Math.min(255, Math.round(mean + noise)));
    }
    writeSync(file, data);
  }
  closeSync(file);
}

function seeded(seed) {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
