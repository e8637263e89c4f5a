import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { dirname, join } from "node:path";
import type { Bytes } from "../formats/bytes.ts";
import type { OpenOptions } from "../formats/format.ts";
import { open } from "../formats/formats.ts";
import type { PatternSource, SourceDescriptor } from "../scan/source.ts";
import { bytesFrom, fileBytes } from "./files.ts";

/**
 * Opens a scan on disk, recognised by its content.
 *
 * @param path     the file
 * @param options  what the file does not say itself: shape, dataset, allowIncomplete
 * @throws FormatError       no such file, no known format, or damaged
 * @throws UnsupportedError  well-formed, but of a kind that cannot be read
 * @throws ShapeError        not a 4-D scan, or `shape` / `dataset` are needed or do not fit
 * @example
 * const source = await openScan("scan.blo");
 * const [rows, columns] = source.positions;
 */
export const openScan = (path: string, options: OpenOptions = {}): Promise<PatternSource> =>
  opened(fileBytes(path), options);

/** Opens the source that a descriptor of kind "file" describes, in another thread or process. */
export const openFileSource = (descriptor: SourceDescriptor): Promise<PatternSource> =>
  opened(bytesFrom(descriptor.locator), descriptor.options as OpenOptions);

async function opened(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  try {
    return await open(bytes, { hdf5Filter, ...options });
  } catch (error) {
    bytes.close();
    throw error;
  }
}

/** A filter plugin from the installed package. */
export function hdf5Filter(file: string): Promise<Uint8Array> {
  const entry = createRequire(import.meta.url).resolve("h5wasm-plugins");
  return readFile(join(dirname(entry), "plugins", file));
}
