import type { Bytes } from "../formats/bytes.ts";
import type { PatternSource, Watch } from "../scan/source.ts";
import { lastPart } from "./blob-bytes.ts";
import { isMarker } from "./main-file.ts";
import { bytesFrom } from "./open-scan.ts";
import { sha256Stream } from "./sha256-stream.ts";

const pieceBytes = 2 ** 22;
/** Up to this the browser's own digest is asked, which is ten times as fast but wants the file in memory as a whole. */
const wholeBytes = 2 ** 29;

/**
 * SHA-256 in hexadecimal of the file behind a scan, and its size: how a recipe knows its scan again. In a Web Worker.
 *
 * Of a folder (a Zarr hierarchy), of each file in it in the order of their names: its path, a zero byte, its content.
 *
 * @param source  from `openFiles` or `openServed`
 * @throws AbortError signal was aborted
 */
export async function sha256(
  source: PatternSource,
  { signal, onProgress }: Watch = {},
): Promise<{ sha256: string; bytes: number }> {
  const { locator } = source.descriptor as { locator?: { path?: string; url?: string } };
  const main = bytesFrom(locator);
  const folder = isMarker(lastPart(locator?.path ?? locator?.url ?? ""));
  const parts = folder ? filesIn(main, "").toSorted((a, b) => (a.name < b.name ? -1 : 1)) : [{ name: "", bytes: main }];
  const size = parts.reduce((sum, { bytes }) => sum + bytes.size, 0);
  // The browser's digest is there on https and on this machine only.
  if (!folder && size <= wholeBytes && globalThis.crypto?.subtle) {
    onProgress?.("checksum", 0);
    const digest = await crypto.subtle.digest("SHA-256", main.read(0, size) as Uint8Array<ArrayBuffer>);
    signal?.throwIfAborted();
    onProgress?.("checksum", 1);
    return { sha256: hex(new Uint8Array(digest)), bytes: size };
  }
  const hash = sha256Stream();
  let done = 0;
  for (const { name, bytes } of parts) {
    if (folder) hash.update(new TextEncoder().encode(`${name}\0`));
    for (let at = 0; at < bytes.size; at += pieceBytes) {
      // Lets the message that cancels through.
      await new Promise((resolve) => setTimeout(resolve, 0));
      signal?.throwIfAborted();
      const piece = bytes.read(at, Math.min(pieceBytes, bytes.size - at));
      hash.update(piece);
      done += piece.length;
      onProgress?.("checksum", done / Math.max(1, size));
    }
    bytes.close();
  }
  return { sha256: hex(hash.digest()), bytes: size };
}

/** Every file below a folder, by its path with forward slashes. */
function filesIn(marker: Bytes, folder: string): { name: string; bytes: Bytes }[] {
  return (marker.list?.(folder) ?? []).flatMap((name) => {
    const path = folder === "" ? name : `${folder}/${name}`;
    const bytes = marker.sibling(path);
    return bytes ? [{ name: path, bytes }] : filesIn(marker, path);
  });
}

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join("");
