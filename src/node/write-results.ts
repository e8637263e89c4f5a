import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { Analysis } from "../analyse/analysis.ts";
import { resultFiles } from "../results/files.ts";
import type { Watch } from "../scan/source.ts";
import { nodeRasteriser } from "./resvg.ts";

/**
 * Writes everything that a run leaves into a folder that exists.
 *
 * @throws AbortError  signal was aborted; what was written so far stays
 */
export async function writeResults(
  folder: string,
  analysis: Analysis,
  { signal, onProgress }: Watch = {},
): Promise<void> {
  onProgress?.("report", 0);
  const files = await resultFiles(analysis, { rasterise: await nodeRasteriser() });
  for (const [i, { name, bytes }] of files.entries()) {
    signal?.throwIfAborted();
    const path = join(folder, ...name.split("/"));
    await mkdir(dirname(path), { recursive: true });
    await writeFile(path, bytes, { flush: true });
    onProgress?.("report", (i + 1) / files.length);
  }
}
