import type { Bytes } from "../formats/bytes.ts";
import type { OpenOptions } from "../formats/format.ts";
import { open } from "../formats/formats.ts";
import { memoryBytes } from "../formats/memory-bytes.ts";
import { UnsupportedError } from "../scan/errors.ts";
import type { PatternSource, SourceDescriptor } from "../scan/source.ts";
import { blobBytes, blobBytesFrom, type GivenFile, givenFiles } from "./blob-bytes.ts";
import { mainFile } from "./main-file.ts";
import { servedBytes, servedBytesFrom } from "./served-bytes.ts";

/** {@link OpenOptions}, and where this page keeps what formats load when they need it. */
export interface BrowserOpenOptions extends Omit<OpenOptions, "hdf5Filter"> {
  /** Address of a folder with the filter plugins of the package h5wasm-plugins; without it, HDF5 that needs one is refused. */
  readonly plugins?: string;
  /** Of a served file its contents, where the page fetched them as a whole already. */
  readonly whole?: Blob;
}

/**
 * Opens a scan among files that a user gave: one file, a file with its companions, or all files of a folder. In a Web Worker.
 *
 * @throws FormatError       no known format, or damaged
 * @throws UnsupportedError  well-formed, but of a kind that cannot be read
 * @throws ShapeError        not a 4-D scan, or `shape` / `dataset` are needed or do not fit
 */
export function openFiles(
  files: readonly (File | GivenFile)[],
  options: BrowserOpenOptions = {},
): Promise<PatternSource> {
  const given = givenFiles(files);
  const { path, name } = mainFile(given, options.raw !== undefined);
  return opened(blobBytes(path, given, name), options);
}

/**
 * Opens a scan behind an address, in ranges. In a Web Worker.
 *
 * @param url  of the file; of a Zarr folder: of the file in it that marks it (zarr.json, .zgroup, .zarray)
 * @throws as {@link openFiles}
 */
export const openServed = (
  url: string,
  name: string,
  { whole, ...options }: BrowserOpenOptions = {},
): Promise<PatternSource> => opened(servedBytes(url, name, whole), options);

/** Opens the source that a descriptor of kind "file" describes, in another worker. */
export const openFileSource = ({ locator, options, plugins }: SourceDescriptor): Promise<PatternSource> =>
  opened(bytesFrom(locator), { ...(options as OpenOptions), ...(plugins ? { plugins: plugins as string } : {}) });

/** Opens the bytes that a {@link Bytes.locator} names. @throws UnsupportedError unknown kind */
export function bytesFrom(locator: unknown): Bytes {
  const { kind } = locator as { kind?: string };
  if (kind === "blob") return blobBytesFrom(locator);
  if (kind === "served") return servedBytesFrom(locator);
  if (kind === "memory") {
    const { name, contents } = locator as { name: string; contents: Uint8Array };
    return memoryBytes(name, contents);
  }
  throw new UnsupportedError(`expected files, an address or bytes in memory, found a locator of kind ${String(kind)}`, {
    feature: `locator ${String(kind)}`,
  });
}

async function opened(bytes: Bytes, { plugins, ...options }: BrowserOpenOptions): Promise<PatternSource> {
  const hdf5Filter = plugins === undefined ? undefined : (file: string) => plugin(new URL(file, plugins));
  try {
    const source = await open(bytes, { ...options, ...(hdf5Filter && { hdf5Filter }) });
    return plugins === undefined ? source : { ...source, descriptor: { ...source.descriptor, plugins } };
  } catch (error) {
    bytes.close();
    throw error;
  }
}

async function plugin(url: URL): Promise<Uint8Array> {
  const answer = await fetch(url);
  if (answer.ok) return new Uint8Array(await answer.arrayBuffer());
  throw new UnsupportedError(`expected an HDF5 filter at ${url.href}, found status ${answer.status}`, {
    feature: "HDF5 filter",
  });
}
