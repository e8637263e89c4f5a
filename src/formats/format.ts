import type { Size } from "../scan/scan.ts";
import type { PatternSource, Watch } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { RawLayout } from "./raw-layout.ts";

/** What a user may have to say about a file that the file does not say itself. Plain data, but for `hdf5Filter`. */
export interface OpenOptions {
  /** Scan size, for files that hold one long stack of patterns (`--shape RxC`). */
  readonly shape?: Size;
  /** Path of the dataset, for files that hold several (`--dataset PATH`). */
  readonly dataset?: string;
  /** Read a recording that stopped early: missing patterns read as zeros, and the metadata says how many. */
  readonly allowIncomplete?: boolean;
  /** What plain bytes are (`--raw`); with it, nothing is recognised: see {@link RawLayout}. */
  readonly raw?: RawLayout;
  /** Most bytes that decoded chunks are kept in, default 128 MiB. */
  readonly cacheBytes?: number;
  /** The bytes of an HDF5 filter plugin, by its file name ("libH5Zbshuf.so"). Belongs to the platform, so it is not part of a descriptor. */
  readonly hdf5Filter?: (file: string) => Promise<Uint8Array>;
}

/** Takes bytes in order, first to last: a file that is being written, a download, an array. */
export interface Sink {
  write(bytes: Uint8Array): void | Promise<void>;
  /** Replaces bytes that were written before. Without it, a format that needs it holds the file in memory until it is complete. */
  patch?(offset: number, bytes: Uint8Array): void | Promise<void>;
}

/** Takes whole files, by their path inside a folder: of stores that are folders. */
export interface FolderSink {
  file(path: string, bytes: Uint8Array): void | Promise<void>;
}

/** One file format: a file in this folder, by what it is known in `recognise.ts`, and an entry in `formats.ts`. */
export interface Format {
  /** Short name, as in {@link PatternSource.format}. */
  readonly name: string;
  /** What it is, for help texts and error messages. */
  readonly describes: string;
  /** Ending of the file names that it writes, with the dot. */
  readonly extension: string;
  /** Whether these bytes are of this format, whatever the file is called. `head` holds the first bytes, at most 4096. */
  recognise(bytes: Bytes, head: Uint8Array): boolean;
  /**
   * Opens the file: reads its header, checks it against the file's length, reads no patterns.
   *
   * @throws FormatError       the header is damaged, or promises more than the file holds
   * @throws UnsupportedError  well-formed, but of a kind that cannot be read
   * @throws ShapeError        not a 4-D scan, or `shape` / `dataset` are needed or do not fit
   */
  open(bytes: Bytes, options: OpenOptions): Promise<PatternSource>;
  /** Writes a scan in this format, where it can be written. @throws UnsupportedError the format cannot hold this scan */
  write?(source: PatternSource, sink: Sink, watch?: Watch): Promise<void>;
}
