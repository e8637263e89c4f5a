/**
 * Bytes of one file, however they are kept: a file on disk, a File in a browser's worker, an array in memory.
 * Reading is synchronous: formats are opened and read where synchronous reading exists (Node, or a Web Worker).
 */
export interface Bytes {
  /** The file's name, for messages. */
  readonly name: string;
  /** Length in bytes. */
  readonly size: number;
  /**
   * Plain data by which another worker opens the same bytes: `{ kind: "path", path }`, `{ kind: "blob", blob }` …
   */
  readonly locator: unknown;
  /** A copy of bytes offset … offset+length−1. @throws FormatError the range is not inside the file */
  read(offset: number, length: number): Uint8Array;
  /** Fills `into` from offset on: the way for bulk data, no copy in between. @throws FormatError likewise */
  readInto(offset: number, into: Uint8Array): void;
  /** The file of that relative path beside this one (a header, a chunk of a folder store), or undefined. */
  sibling(path: string): Bytes | undefined;
  /** Names in the folder of that relative path beside this file ("" is this one's); absent where folders cannot be listed. */
  readonly list?: (folder: string) => readonly string[];
  close(): void;
}
