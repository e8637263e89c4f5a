// Compressed scans: the first read decodes, in the workers; what is kept makes later reads as fast as those of a plain file.
import { readdirSync, statSync } from "node:fs";
import { join } from "node:path";
import { onThreads, openScan, writeScan } from "../dist/src/node.js";
import { spread, timed, times } from "./pairs.mjs";

export async function measure({ file, folder, threads, repeats, pixels }) {
  const ones = {
    kind: "patterns",
    count: 1,
    size: pixels,
    values: new Float32Array(pixels[0] * pixels[1]).fill(1),
  };
  const rows = [];
  const sums = [];
  for (const ending of [".npy", ".hspy", ".zspy"]) {
    const path = ending === ".npy" ? file : join(folder, `scan${ending}`);
    if (path !== file) {
      const plain = await openScan(file);
      await writeScan(plain, path);
      plain.close();
    }
    const [first, later] = [[], []];
    for (let i = 0; i < Math.min(repeats, 3); i++) {
      const scan = await onThreads(await openScan(path), { threads, memory: 2 ** 34 });
      try {
        let seen;
        const read = async () => {
          seen = await scan.toImages(ones);
        };
        first.push(await timed(read));
        for (let again = 0; again < 3; again++) later.push(await timed(read));
        sums.push(seen.values.reduce((sum, value) => sum + value, 0));
      } finally {
        await scan.close();
      }
    }
    rows.push([ending, bytesOf(path) / 2 ** 20, times(spread(first), 1), times(spread(later), 1)]);
  }
  if (new Set(sums).size !== 1) throw new Error(`bench: expected equal sums of all files, found ${sums.join(", ")}`);
  return {
    title: "Compressed scans",
    columns: ["file", "MiB", "first read, ms", "later reads, ms"],
    rows,
    notes: ["A read is a virtual image of all pixels (k = 1), with what was decoded kept in memory."],
  };
}

const bytesOf = (path) => (statSync(path).isDirectory() ? folderBytes(path) : statSync(path).size);

function folderBytes(path) {
  return readdirSync(path, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .reduce((sum, entry) => sum + statSync(join(entry.parentPath ?? entry.path, entry.name)).size, 0);
}
