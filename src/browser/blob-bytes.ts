import type { Bytes } from "../formats/bytes.ts";
import { FormatError } from "../scan/errors.ts";
import { pagedBytes } from "./paged-bytes.ts";

// Only workers have it, and the TypeScript library of the DOM describes a page.
declare const FileReaderSync: new () => { readAsArrayBuffer(blob: Blob): ArrayBuffer };

/** A file that the user gave, and where it lay in the folder that was given, if one was: "scan.zspy/Experiments/.zgroup". */
export interface GivenFile {
  readonly path: string;
  readonly blob: Blob;
}

/**
 * Files of a drop or a file dialog, with the paths that a dropped folder gave them. Made before they are posted to a worker: on the way,
 * a file loses the folder that it came from.
 */
export const givenFiles = (files: readonly (File | GivenFile)[]): GivenFile[] =>
  files.map((file) => (file instanceof File ? { path: file.webkitRelativePath || file.name, blob: file } : file));

/**
 * One of the files that a user gave, read in slices, never whole. Only in a Web Worker: synchronous reading is there alone.
 * Files beside it are those that were given with it.
 *
 * @param path   which of the files
 * @param given  all that were given together
 * @param name   what messages call it, default: the last part of its path
 * @throws FormatError no file of that path was given
 */
export function blobBytes(path: string, given: readonly GivenFile[], name = lastPart(path)): Bytes {
  const files = new Map(given.map((file) => [normalised(file.path), file]));
  return oneOf(path, { given, files, folders: undefined }, name);
}

interface Gift {
  readonly given: readonly GivenFile[];
  readonly files: ReadonlyMap<string, GivenFile>;
  /** Names in each folder, once somebody asks. */
  folders: ReadonlyMap<string, readonly string[]> | undefined;
}

function oneOf(path: string, gift: Gift, name: string): Bytes {
  const file = gift.files.get(path);
  if (!file) throw new FormatError(`${name}: expected a file, found none among those that were opened`, { file: name });
  const { blob } = file;
  const beside = (relative: string): string => normalised(`${parent(path)}/${relative}`);
  return pagedBytes({
    name,
    size: blob.size,
    locator: { kind: "blob", path, given: gift.given, name },
    fetch: (offset, length) => slice(blob, offset, length, name),
    sibling: (relative) => {
      const other = beside(relative);
      return gift.files.has(other) ? oneOf(other, gift, lastPart(other)) : undefined;
    },
    list: (relative) => {
      gift.folders ??= foldersOf([...gift.files.keys()]);
      return gift.folders.get(beside(relative)) ?? [];
    },
  });
}

/** Bytes of a blob, synchronously. @throws FormatError it cannot be read any more */
export function slice(blob: Blob, offset: number, length: number, name: string): Uint8Array {
  try {
    return new Uint8Array(new FileReaderSync().readAsArrayBuffer(blob.slice(offset, offset + length)));
  } catch (error) {
    throw new FormatError(
      `${name}: cannot be read any more: it was changed, moved or may not be read; open it again`,
      { file: name, offset },
      error,
    );
  }
}

/** Opens the bytes that a locator of kind "blob" names, in another worker. */
export function blobBytesFrom(locator: unknown): Bytes {
  const { path, given, name } = locator as { path: string; given: readonly GivenFile[]; name: string };
  return blobBytes(path, given, name);
}

function foldersOf(paths: readonly string[]): Map<string, readonly string[]> {
  const folders = new Map<string, Set<string>>();
  for (const path of paths) {
    const parts = path.split("/");
    for (const [depth, part] of parts.entries()) {
      const folder = parts.slice(0, depth).join("/");
      const names = folders.get(folder) ?? new Set();
      folders.set(folder, names.add(part));
    }
  }
  return new Map([...folders].map(([folder, names]) => [folder, [...names].sort()]));
}

/** Without empty parts, "." and ".."; above the top there is nothing. */
function normalised(path: string): string {
  const parts: string[] = [];
  for (const part of path.split("/")) {
    if (part === "..") parts.pop();
    else if (part !== "" && part !== ".") parts.push(part);
  }
  return parts.join("/");
}

const parent = (path: string): string => path.slice(0, Math.max(0, path.lastIndexOf("/")));
export const lastPart = (path: string): string => path.slice(path.lastIndexOf("/") + 1);
