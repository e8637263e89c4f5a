// Passes over a scan in memory against NumPy's products of float32.
import { closeSync, openSync, readSync } from "node:fs";
import { onThreads, openScan } from "../dist/src/node.js";
import { inPairs, timed } from "./pairs.mjs";
import { hasPeer, peer } from "./peer.mjs";
import { seeded } from "./scan-file.mjs";

export async function measure({ file, positions, pixels, threads, repeats }) {
  const scan = await onThreads(await openScan(file), { threads, memory: 2 ** 34 });
  const numpy = hasPeer("numpy") ? await peer(threads, "passes", file) : undefined;
  let peak = 0;
  const random = seeded(1);
  const operands = new Map();
  const operand = (kind, k) => {
    const size = kind === "patterns" ? pixels : positions;
    const values = () => Float32Array.from({ length: k * size[0] * size[1] }, random);
    if (!operands.has(kind + k)) operands.set(kind + k, { kind, count: k, size, values: values() });
    return operands.get(kind + k);
  };
  const work = {
    toImages: (k) => scan.toImages(operand("patterns", k)),
    toPatterns: (k) => scan.toPatterns(operand("images", k)),
    sweep: (k) => scan.sweep(operand("patterns", k), []),
    coarse: (k) => scan.coarse().sweep(operand("patterns", k), []),
  };
  const ours = (name, k) => timed(() => work[name](k));
  const rows = [];
  const add = (what, { ours, theirs, ratio }) => rows.push([what, ours, theirs, ratio]);
  for (const [name, k] of [
    ["toImages", 16],
    ["toPatterns", 16],
    ["sweep", 16],
    ["toImages", 1],
    ["toPatterns", 1],
  ]) {
    const theirs = async () => {
      const { seconds, peakMiB } = await numpy.ask(name, { k });
      peak = peakMiB;
      return seconds * 1e3;
    };
    add(`\`${name}\`, k = ${k}`, await inPairs(repeats, () => ours(name, k), numpy && theirs));
  }
  add(
    "coarse sweep against the sweep in full, k = 16",
    await inPairs(
      repeats,
      () => ours("coarse", 16),
      () => ours("sweep", 16),
    ),
  );
  add(
    "one fused read against the two products, k = 16",
    await inPairs(
      repeats,
      () => ours("sweep", 16),
      async () => (await ours("toImages", 16)) + (await ours("toPatterns", 16)),
    ),
  );
  add(
    "virtual image (k = 1) against reading the file from the page cache",
    await inPairs(
      repeats,
      () => ours("toImages", 1),
      () => timed(() => readOnce(file)),
    ),
  );
  numpy?.close();
  await scan.close();
  const own = process.resourceUsage().maxRSS / 1024;
  return {
    title: "Passes over the data",
    columns: ["work", "endmember, ms", "peer, ms", "times as fast"],
    rows,
    notes: [
      `Peak memory of the process: endmember ${own.toFixed(0)} MiB${numpy ? `, NumPy ${numpy.versions.numpy} ${peak.toFixed(0)} MiB` : ""}.`,
    ],
  };
}

const buffer = Buffer.alloc(8 * 2 ** 20);
export function readOnce(file) {
  const descriptor = openSync(file, "r");
  while (readSync(descriptor, buffer, 0, buffer.length, null) > 0);
  closeSync(descriptor);
}
