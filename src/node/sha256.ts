import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { readdir, stat } from "node:fs/promises";
import { join, sep } from "node:path";
import type { Watch } from "../scan/source.ts";

const highWaterMark = 4 * 2 ** 20;

/**
 * SHA-256 of a file in hexadecimal, and its size: how a recipe knows its scan again. Of a folder, that of all its files in
 * the order of their paths, each as its path, a zero byte and its contents.
 */
export async function sha256(
  path: string,
  { signal, onProgress }: Watch = {},
): Promise<{ sha256: string; bytes: number }> {
  const files = await filesOf(path);
  const sizes = await Promise.all(files.map(async ({ full }) => (await stat(full)).size));
  const size = sizes.reduce((sum, each) => sum + each, 0);
  const hash = createHash("sha256");
  let bytes = 0;
  for (const { full, inside } of files) {
    if (inside !== "") hash.update(`${inside}\0`);
    for await (const chunk of createReadStream(full, { highWaterMark, signal })) {
      hash.update(chunk as Uint8Array);
      bytes += (chunk as Uint8Array).length;
      onProgress?.("checksum", bytes / Math.max(1, size));
    }
  }
  return { sha256: hash.digest("hex"), bytes };
}

async function filesOf(path: string): Promise<readonly { readonly full: string; readonly inside: string }[]> {
  if (!(await stat(path)).isDirectory()) return [{ full: path, inside: "" }];
  const entries = await readdir(path, { recursive: true, withFileTypes: true });
  return entries
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath ?? entry.path, entry.name))
    .map((full) => ({ full, inside: full.slice(join(path, sep).length).split(sep).join("/") }))
    .sort((a, b) => (a.inside < b.inside ? -1 : 1));
}
