import { FormatError, UnsupportedError } from "../scan/errors.ts";
import type { PatternSource, Watch } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { FolderSink, Format, OpenOptions, Sink } from "./format.ts";
import {
  isBlo,
  isDm,
  isEmpad,
  isHdf5,
  isMib,
  isMrc,
  isNpy,
  isNpz,
  isSeq,
  isSer,
  isTiff,
  isTvips,
  isZarr,
} from "./recognise.ts";

/** The formats that are read, in the order in which they are asked. What reads or writes one is loaded when a file needs it. */
export const formats: readonly Format[] = [
  {
    name: "blo",
    describes: "NanoMEGAS block file (.blo)",
    extension: ".blo",
    recognise: (_, head) => isBlo(head),
    open: async (...file) => (await import("./blo.ts")).openBlo(...file),
    write: async (...scan) => (await import("./blo.ts")).writeBlo(...scan),
  },
  {
    name: "npy",
    describes: "NumPy array (.npy)",
    extension: ".npy",
    recognise: (_, head) => isNpy(head),
    open: async (...file) => (await import("./npy.ts")).openNpy(...file),
    write: async (...scan) => (await import("./npy.ts")).writeNpy(...scan),
  },
  {
    name: "npz",
    describes: "NumPy archive (.npz, .prz)",
    extension: ".npz",
    recognise: (_, head) => isNpz(head),
    open: async (...file) => (await import("./npz.ts")).openNpz(...file),
  },
  {
    name: "zarr",
    describes: "Zarr (.zspy, .zarr; a folder or a zip archive)",
    extension: ".zarr",
    recognise: isZarr,
    open: async (...file) => (await import("./zarr.ts")).openZarr(...file),
  },
  {
    name: "hdf5",
    describes: "HDF5 with a 4-D dataset (.hspy, .h5, .hdf5, .emd, .nxs, .app5)",
    extension: ".hspy",
    recognise: isHdf5,
    open: async (...file) => (await import("./hdf5.ts")).openHdf5Scan(...file),
    write: async (...scan) => (await import("./hspy.ts")).writeHspy(...scan),
  },
  {
    name: "mib",
    describes: "Merlin recording (.mib with .hdr)",
    extension: ".mib",
    recognise: (_, head) => isMib(head),
    open: async (...file) => (await import("./mib.ts")).openMib(...file),
  },
  {
    name: "dm",
    describes: "DigitalMicrograph (.dm3, .dm4)",
    extension: ".dm4",
    recognise: (_, head) => isDm(head),
    open: async (...file) => (await import("./dm.ts")).openDm(...file),
  },
  {
    name: "ser",
    describes: "FEI TIA series (.ser)",
    extension: ".ser",
    recognise: (_, head) => isSer(head),
    open: async (...file) => (await import("./ser.ts")).openSer(...file),
  },
  {
    name: "tiff",
    describes: "TIFF or BigTIFF stack (.tif)",
    extension: ".tif",
    recognise: (_, head) => isTiff(head),
    open: async (...file) => (await import("./tiff.ts")).openTiff(...file),
    write: async (...scan) => (await import("./tiff-writer.ts")).writeTiff(...scan),
  },
  {
    name: "mrc",
    describes: "MRC stack (.mrc)",
    extension: ".mrc",
    recognise: (_, head) => isMrc(head),
    open: async (...file) => (await import("./mrc.ts")).openMrc(...file),
  },
  {
    name: "seq",
    describes: "Norpix sequence (.seq)",
    extension: ".seq",
    recognise: (_, head) => isSeq(head),
    open: async (...file) => (await import("./seq.ts")).openSeq(...file),
  },
  {
    name: "tvips",
    describes: "TVIPS recording (.tvips)",
    extension: ".tvips",
    recognise: (_, head) => isTvips(head),
    open: async (...file) => (await import("./tvips.ts")).openTvips(...file),
  },
  {
    name: "empad",
    describes: "EMPAD recording (.raw with .xml)",
    extension: ".raw",
    recognise: isEmpad,
    open: async (...file) => (await import("./empad.ts")).openEmpad(...file),
  },
];

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
  const source = options.raw
    ? (await import("./raw.ts")).openRaw(bytes, options.raw, options)
    : await recognised(bytes).open(bytes, options);
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

const folderWriters = {
  ".zspy": async () => (await import("./zarr-folder.ts")).writeZspy,
  ".zarr": async () => (await import("./zarr-folder.ts")).writeZarr,
};

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
  await (await writer())(source, folder, watch);
}

const folderWriterFor = (name: string) =>
  Object.entries(folderWriters).find(([ending]) => name.toLowerCase().endsWith(ending))?.[1];

const hex = (bytes: Uint8Array): string => Array.from(bytes, (byte) => byte.toString(16).padStart(2, "0")).join(" ");
