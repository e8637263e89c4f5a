import { createHash } from "node:crypto";
import { createReadStream } from "node:fs";
import { stat } from "node:fs/promises";
import type { Watch } from "../scan/source.ts";

/** SHA-256 of a file in hexadecimal, and its size: how a recipe knows its scan again. */
export async function sha256(
  path: string,
  { signal, onProgress }: Watch = {},
): Promise<{ sha256: string; bytes: number }> {
  const { size } = await stat(path);
  const hash = createHash("sha256");
  let bytes = 0;
  for await (const chunk of createReadStream(path, { highWaterMark: 4 * 2 ** 20, signal })) {
    hash.update(chunk as Uint8Array);
    bytes += (chunk as Uint8Array).length;
    onProgress?.("checksum", bytes / Math.max(1, size));
  }
  return { sha256: hash.digest("hex"), bytes };
}
