import type { Analysis } from "../analyse/analysis.ts";
import { resultFiles } from "../results/files.ts";
import type { Watch } from "../scan/source.ts";
import { rasteriseThreads } from "./rasterise-threads.ts";
import { writeFiles } from "./write-files.ts";

/**
 * Writes everything that a run leaves into a folder that exists.
 *
 * @throws AbortError  signal was aborted; what was written so far stays
 */
export async function writeResults(folder: string, analysis: Analysis, watch: Watch = {}): Promise<void> {
  watch.onProgress?.("report", 0);
  const drawing = rasteriseThreads();
  try {
    await writeFiles(folder, await resultFiles(analysis, drawing), watch);
  } finally {
    await drawing.close();
  }
}
