// Time and memory of `endmember analyse` as the scan grows: patterns, pixels, components, threads.
import { rmSync } from "node:fs";
import { join } from "node:path";
import { writeScan } from "./scan-file.mjs";
import { analysed } from "./whole.mjs";

const scans = {
  patterns: [
    [[20, 50], [144, 144], 3],
    [[50, 60], [144, 144], 3],
    [[100, 100], [144, 144], 3],
    [[150, 200], [144, 144], 3],
    [[250, 400], [144, 144], 3],
    [[400, 500], [144, 144], 3],
  ],
  pixels: [
    [[50, 60], [64, 64], 3],
    [[50, 60], [128, 128], 3],
    [[50, 60], [256, 256], 3],
    [[50, 60], [512, 512], 3],
  ],
  components: [2, 4, 8, 12].map((k) => [[60, 80], [144, 144], k]),
};
const small = {
  patterns: [[[8, 9], [20, 24], 3]],
  pixels: [[[8, 9], [24, 30], 3]],
  components: [[[8, 12], [20, 24], 2]],
};

export async function measure({ folder, threads, short }) {
  const rows = [];
  for (const [what, cases] of Object.entries(short ? small : scans)) {
    for (const [positions, pixels, components] of cases) {
      const file = join(folder, "growing.npy");
      writeScan(file, positions, pixels, components);
      const bytes = positions[0] * positions[1] * pixels[0] * pixels[1];
      // One thread alone takes a quarter of an hour for the largest.
      for (const count of what === "patterns" && bytes < 2 ** 30 ? [1, threads] : [threads]) {
        const options = ["--no-align", "--threads", count, "--components", components];
        const { ms, peakMiB, summary } = analysed(file, folder, options);
        const { seconds } = summary;
        rows.push([
          what,
          `${positions.join("×")} × ${pixels.join("×")}, ${components}`,
          bytes / 2 ** 20,
          count,
          ms / 1000,
          seconds.svd,
          seconds.rank,
          seconds.nmf,
          seconds.unmix,
          (seconds.fcm ?? 0) + (seconds.gk ?? 0),
          peakMiB,
          peakMiB - bytes / 2 ** 20,
        ]);
      }
      rmSync(file);
    }
  }
  return {
    title: "Growth",
    columns: [
      "of",
      "scan, components",
      "MiB",
      "threads",
      "all, s",
      "svd",
      "rank",
      "nmf",
      "unmix",
      "clusters",
      "peak, MiB",
      "above the scan, MiB",
    ],
    rows,
  };
}
