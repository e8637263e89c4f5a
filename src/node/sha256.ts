import { createHash } from "node:crypto";
import { open, readdir, stat } from "node:fs/promises";
import { join, relative, sep } from "node:path";
import type { Watch } from "../scan/source.ts";

/**
 * SHA-256 of a file in hexadecimal, and its size: how a recipe knows its scan again.
 *
 * Of a folder (a Zarr hierarchy), of each file in it in the order of their names: its path, a zero byte, its content.
 */
export async function sha256(
  path: string,
  { signal, onProgress }: Watch = {},
): Promise<{ sha256: string; bytes: number }> {
  const parts = (await stat(path)).isDirectory() ? await filesIn(path) : [{ path, name: "" }];
  let size = 0;
  for (const part of parts) size += (await stat(part.path)).size;
  const hash = createHash("sha256");
  let bytes = 0;
  // Always the same block: touching fresh memory takes longer than the hash.
  const block = new Uint8Array(2 ** 20);
  for (const part of parts) {
    if (part.name !== "") hash.update(`${part.name}\0`);
    const file = await open(part.path);
    try {
      for (;;) {
        signal?.throwIfAborted();
        const { bytesRead } = await file.read(block);
        if (bytesRead === 0) break;
        hash.update(block.subarray(0, bytesRead));
        bytes += bytesRead;
        onProgress?.("checksum", bytes / Math.max(1, size));
      }
    } finally {
      await file.close();
    }
  }
  return { sha256: hash.digest("hex"), bytes };
}

/** Every file below a folder, by its path with forward slashes, which are in the same order on every system. */
async function filesIn(folder: string): Promise<{ path: string; name: string }[]> {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((path) => ({ path, name: relative(folder, path).split(sep).join("/") }))
    .toSorted((a, b) => (a.name < b.name ? -1 : 1));
}
