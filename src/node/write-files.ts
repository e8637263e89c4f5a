import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import type { ResultFile } from "../results/files.ts";
import type { Watch } from "../scan/source.ts";

/**
 * Writes files into a folder that exists; "/" in their names are folders in it.
 *
 * @throws AbortError  signal was aborted; what was written so far stays
 * @example
 * await writeFiles(folder, [{ name: "mine/note.txt", bytes: new TextEncoder().encode("seen") }]);
 */
export async function writeFiles(
  folder: string,
  files: readonly ResultFile[],
  { signal, onProgress }: Watch = {},
): Promise<void> {
  let written = 0;
  // At once: each waits for the disk to have it.
  const done = await Promise.allSettled(
    files.map(async ({ name, bytes }) => {
      signal?.throwIfAborted();
      const path = join(folder, ...name.split("/"));
      await mkdir(dirname(path), { recursive: true });
      await writeFile(path, bytes, { flush: true, ...(signal && { signal }) });
      onProgress?.("report", ++written / files.length);
    }),
  );
  for (const end of done) if (end.status === "rejected") throw end.reason;
}
