import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
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
  for (const part of parts) {
    if (part.name !== "") hash.update(`${part.name}\0`);
    for await (const chunk of createReadStream(part.path, { highWaterMark: 4 * 2 ** 20, signal })) {
      hash.update(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
      onProgress?.("checksum", bytes / Math.max(1, size));
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
