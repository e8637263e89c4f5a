import type { Analysis } from "../analyse/analysis.ts";
import { resultFiles } from "../results/files.ts";
import type { Watch } from "../scan/source.ts";
import { packingThread } from "./packing-thread.ts";
import { type RasteriseThreads, rasteriseThreads } from "./rasterise-threads.ts";
import { writeFiles } from "./write-files.ts";

/**
 * Writes everything that a run leaves into a folder that exists: one thread packs HDF5, then some draw, while this one makes the figures.
 *
 * @throws AbortError  signal was aborted; what was written so far stays
 */
export async function writeResults(folder: string, analysis: Analysis, watch: Watch = {}): Promise<void> {
  watch.onProgress?.("report", 0);
  // Not started before: beside a scan that is held in memory they would add to the most that is taken.
  const packing = packingThread();
  const packed = packing.pack(analysis).finally(packing.close);
  const done = packed.catch(() => {}); // said where the files are made
  let drawing: RasteriseThreads | undefined;
  try {
    const files = await resultFiles(analysis, {
      pack: () => packed,
      async rasterise(svg, scale) {
        // One after the other: both at once would take 100 MiB more.
        await done;
        drawing ??= rasteriseThreads();
        return drawing.rasterise(svg, scale);
      },
    });
    await writeFiles(folder, files, watch);
  } finally {
    await Promise.all([packing.close(), drawing?.close()]);
  }
}
