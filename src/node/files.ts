import { closeSync, existsSync, fstatSync, openSync, readdirSync, readSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Bytes } from "../formats/bytes.ts";
import { memoryBytes } from "../formats/memory-bytes.ts";
import { FormatError, UnsupportedError } from "../scan/errors.ts";

// One read of the operating system returns at most 2 GiB − 4 KiB.
const mostPerRead = 2 ** 30;

// What a folder holds that is a scan: Zarr of version 3 and 2.
const markers = ["zarr.json", ".zgroup", ".zarray"];

/**
 * A file on disk, opened for reading. Reads go straight into the caller's memory. A folder that is a Zarr hierarchy is
 * opened as the file that marks it as one, with all others beside it.
 *
 * @throws FormatError there is no such file, it is another folder, or it may not be read
 */
export function fileBytes(path: string): Bytes {
  const absolute = resolve(path);
  const folder = isFolder(absolute);
  const marker = folder ? markers.map((name) => join(absolute, name)).find((name) => existsSync(name)) : undefined;
  if (marker !== undefined) {
    return { ...fileBytes(marker), name: basename(absolute), locator: { kind: "path", path: absolute } };
  }
  if (folder) {
    throw new FormatError(
      `${path}: expected a file, found a folder that is not a Zarr hierarchy (no ${markers.join(", ")} in it)`,
      {
        file: basename(absolute),
      },
    );
  }
  const name = basename(absolute);
  let descriptor = opened(absolute, path);
  const stats = fstatSync(descriptor);
  if (!stats.isFile()) {
    closeSync(descriptor);
    throw new FormatError(`${path}: expected a file, found ${stats.isDirectory() ? "a folder" : "something else"}`, {
      file: name,
    });
  }
  const { size } = stats;

  const inside = (relative: string): string | undefined => {
    const beside = resolve(dirname(absolute), relative);
    const within = dirname(absolute);
    return beside === within || beside.startsWith(within.endsWith(sep) ? within : within + sep) ? beside : undefined;
  };
  const readInto = (offset: number, into: Uint8Array): void => {
    if (descriptor < 0)
      throw new FormatError(`${name}: the file was closed before it was read`, { file: name, offset });
    for (let done = 0; done < into.length; ) {
      const found = readSync(descriptor, into, done, Math.min(mostPerRead, into.length - done), offset + done);
      if (found === 0) {
        throw new FormatError(
          `${name}: expected ${into.length} bytes at byte ${offset}, but the file ends at byte ${offset + done}: ` +
            "it is truncated, or changed while it was read",
          { file: name, offset: offset + done },
        );
      }
      done += found;
    }
  };
  return {
    name,
    size,
    locator: { kind: "path", path: absolute },
    read: (offset, length) => {
      if (offset < 0 || length < 0 || offset + length > size) {
        throw new FormatError(
          `${name}: expected ${length} bytes at byte ${offset}, but the file ends at byte ${size}; it is truncated`,
          { file: name, offset },
        );
      }
      const bytes = new Uint8Array(length);
      readInto(offset, bytes);
      return bytes;
    },
    readInto,
    sibling: (relative) => {
      const beside = inside(relative);
      return beside !== undefined && isThere(beside) ? fileBytes(beside) : undefined;
    },
    list: (relative) => {
      const beside = inside(relative);
      return beside !== undefined && isFolder(beside) ? readdirSync(beside) : [];
    },
    close: () => {
      if (descriptor >= 0) closeSync(descriptor);
      descriptor = -1;
    },
  };
}

/** Opens the bytes that a {@link Bytes.locator} names, in another thread or process. @throws UnsupportedError unknown kind */
export function bytesFrom(locator: unknown): Bytes {
  const { kind, path, name, contents } = locator as {
    kind?: string;
    path?: string;
    name?: string;
    contents?: Uint8Array;
  };
  if (kind === "path" && path !== undefined) return fileBytes(path);
  if (kind === "memory" && contents !== undefined) return memoryBytes(name ?? "memory", contents);
  throw new UnsupportedError(`expected a path or bytes in memory, found a locator of kind ${String(kind)}`, {
    feature: `locator ${String(kind)}`,
  });
}

function isFolder(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false })?.isDirectory() ?? false;
  } catch {
    return false; // what is wrong with the path shows when it is opened
  }
}

/** A file that is there but may not be looked at is not the same as none: to Zarr, a chunk that is not there is zeros. */
function isThere(path: string): boolean {
  try {
    return statSync(path, { throwIfNoEntry: false }) !== undefined;
  } catch (error) {
    throw unreadable(path, path, error);
  }
}

function opened(absolute: string, path: string): number {
  try {
    return openSync(absolute, "r");
  } catch (error) {
    throw unreadable(absolute, path, error);
  }
}

function unreadable(absolute: string, path: string, error: unknown): FormatError {
  const reasons: Record<string, string> = {
    ENOENT: "expected a file, found none; check the path",
    EACCES: "may not be read; check its permissions",
    EPERM: "may not be read; check its permissions",
    ENOTDIR: "expected a file, found none; a part of the path is not a folder",
    EISDIR: "expected a file, found a folder",
  };
  const code = (error as NodeJS.ErrnoException).code ?? "";
  const reason = reasons[code] ?? `cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
  return new FormatError(`${path}: ${reason}`, { file: basename(absolute) }, error);
}
