import { FormatError, UnsupportedError } from "../scan/errors.ts";
import type { PatternSource, Watch } from "../scan/source.ts";
import { blo } from "./blo.ts";
import type { Bytes } from "./bytes.ts";
import { dm } from "./dm.ts";
import { empad } from "./empad.ts";
import type { FolderSink, Format, OpenOptions, Sink } from "./format.ts";
import { hdf5 } from "./hdf5.ts";
import { mib } from "./mib.ts";
import { mrc } from "./mrc.ts";
import { npy } from "./npy.ts";
import { npz } from "./npz.ts";
import { openRaw } from "./raw.ts";
import { seq } from "./seq.ts";
import { ser } from "./ser.ts";
import { tiff } from "./tiff.ts";
import { tvips } from "./tvips.ts";
import { zarr } from "./zarr.ts";
import { writeZarr, writeZspy } from "./zarr-folder.ts";

/** The formats that are read, in the order in which they are asked. */
export const formats: readonly Format[] = [blo, npy, npz, zarr, hdf5, mib, dm, ser, tiff, mrc, seq, tvips, empad];

/**
 * Opens a scan, recognised by what the file contains, not by its name.
 *
 * @param bytes    the file
 * @param options  what the file does not say itself
 * @returns the scan's patterns, in the detector's dtype, with axes and units
 * @throws FormatError       no known format, or a damaged file (says where)
 * @throws UnsupportedError  well-formed, but of a kind that cannot be read
 * @throws ShapeError        not a 4-D scan, or `shape` / `dataset` are needed or do not fit
 */
export async function open(bytes: Bytes, options: OpenOptions = {}): Promise<PatternSource> {
  const { hdf5Filter: _, ...plain } = options;
  const source = options.raw ? openRaw(bytes, options.raw, options) : await recognised(bytes).open(bytes, options);
  return untilClosed({ ...source, descriptor: { kind: "file", locator: bytes.locator, options: plain } });
}

function recognised(bytes: Bytes): Format {
  const head = bytes.read(0, Math.min(4096, bytes.size));
  const format = formats.find((candidate) => candidate.recognise(bytes, head));
  if (format !== undefined) return format;
  const known = formats.map((each) => each.describes).join("; ");
  const found = head.length === 0 ? "an empty file" : `the first bytes ${hex(head.subarray(0, 8))}`;
  throw new FormatError(
    `${bytes.name}: expected one of (${known}), found ${found}; convert it to one of these, or describe its bytes with --raw`,
    { file: bytes.name, offset: 0 },
  );
}

/** What a format may rely on: `close` is called once, and nothing is read afterwards. */
function untilClosed(source: PatternSource): PatternSource {
  let open = true;
  return {
    ...source,
    read: async (first, count, into) => {
      if (!open) throw new FormatError(`${source.name}: the file was closed before it was read`, { file: source.name });
      await source.read(first, count, into);
    },
    close: () => {
      if (open) source.close();
      open = false;
    },
  };
}

/** The format that writes files of that name. @throws UnsupportedError none does */
export function writerFor(fileName: string): Format & Required<Pick<Format, "write">> {
  const writers = formats.filter((each): each is Format & Required<Pick<Format, "write">> => each.write !== undefined);
  const name = fileName.toLowerCase().replace(/\.tiff$/, ".tif");
  const format = writers.find((each) => name.endsWith(each.extension));
  if (format === undefined) {
    const endings = writers.map((each) => each.extension).join(", ");
    throw new UnsupportedError(`${fileName}: expected a name that ends in one of ${endings}`, {
      feature: "writing this format",
    });
  }
  return format;
}

/** Writes a scan in the format that the file name's ending asks for. @throws UnsupportedError that format cannot hold it */
export async function write(source: PatternSource, fileName: string, sink: Sink, watch: Watch = {}): Promise<void> {
  await writerFor(fileName).write(source, sink, watch);
}

const folderWriters = { ".zspy": writeZspy, ".zarr": writeZarr };

/** Whether a scan of that name is written as a folder, by {@link writeFolder}. */
export const isFolderName = (name: string): boolean => folderWriterFor(name) !== undefined;

/** Writes a scan as the folder that the name's ending asks for: .zspy or .zarr. @throws UnsupportedError another ending */
export async function writeFolder(
  source: PatternSource,
  name: string,
  folder: FolderSink,
  watch: Watch = {},
): Promise<void> {
  const writer = folderWriterFor(name);
  if (writer === undefined) {
    throw new UnsupportedError(`${name}: expected a name that ends in ${Object.keys(folderWriters).join(" or ")}`, {
      feature: "writing this format",
    });
  }
  await writer(source, folder, watch);
}

const folderWriterFor = (name: string) =>
  Object.entries(folderWriters).find(([ending]) => name.toLowerCase().endsWith(ending))?.[1];

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
