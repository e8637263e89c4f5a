import type { Analysis } from "../analyse/analysis.ts";
import { resultFiles } from "../results/files.ts";
import type { Watch } from "../scan/source.ts";
import { packingThread } from "./packing-thread.ts";
import { rasteriseThreads } from "./rasterise-threads.ts";
import { writeFiles } from "./write-files.ts";

/**
 * Writes everything that a run leaves into a folder that exists: some threads draw and one packs HDF5, meanwhile.
 *
 * @throws AbortError  signal was aborted; what was written so far stays
 */
export async function writeResults(folder: string, analysis: Analysis, watch: Watch = {}): Promise<void> {
  watch.onProgress?.("report", 0);
  // Not started before: beside a scan that is held in memory they would add to the most that is taken.
  const [drawing, packing] = [rasteriseThreads(), packingThread()];
  try {
    await writeFiles(folder, await resultFiles(analysis, { rasterise: drawing.rasterise, pack: packing.pack }), watch);
  } finally {
    await Promise.all([drawing.close(), packing.close()]);
  }
}
