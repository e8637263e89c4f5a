// A file larger than the memory it may take: `endmember analyse --memory` against reading the file.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { timed } from "./pairs.mjs";
import { readOnce } from "./passes.mjs";
import { writeScan } from "./scan-file.mjs";
import { analysed } from "./whole.mjs";

export async function measure({ folder, threads, short }) {
  const file = join(folder, "large.npy");
  const [positions, pixels, memory] = short ? [[20, 30], [24, 20], 0.0001] : [[450, 440], [144, 144], 0.25];
  writeScan(file, positions, pixels);
  const mebibytes = (positions[0] * positions[1] * pixels[0] * pixels[1]) / 2 ** 20;
  const reading = await timed(() => readOnce(file));
  const { ms, peakMiB, summary } = analysed(file, folder, ["--no-align", "--threads", threads, "--memory", memory]);
  rmSync(file);
  const shares = Object.entries(summary.seconds).map(([stage, seconds]) => `${stage} ${seconds.toFixed(1)}`);
  return {
    title: "Larger than memory",
    columns: ["file, MiB", "--memory, GiB", "reading it once, s", "analyse, s", "in reads", "peak, MiB"],
    rows: [[mebibytes, memory, reading / 1e3, ms / 1e3, ms / reading, peakMiB]],
    notes: [`Seconds by stage: ${shares.join(", ")}.`],
  };
}
