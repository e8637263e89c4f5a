import { closeSync, existsSync, fstatSync, openSync, readSync } from "node:fs";
import { basename, dirname, resolve, sep } from "node:path";
import type { Bytes } from "../formats/bytes.ts";
import { memoryBytes } from "../formats/memory-bytes.ts";
import { FormatError, UnsupportedError } from "../scan/errors.ts";

// One read of the operating system returns at most 2 GiB − 4 KiB.
const mostPerRead = 2 ** 30;

/**
 * A file on disk, opened for reading. Reads go straight into the caller's memory.
 *
 * @throws FormatError there is no such file, it is a folder, or it may not be read
 */
export function fileBytes(path: string): Bytes {
  const absolute = resolve(path);
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
      const beside = resolve(dirname(absolute), relative);
      return beside.startsWith(dirname(absolute) + sep) && existsSync(beside) ? fileBytes(beside) : undefined;
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

function opened(absolute: string, path: string): number {
  try {
    return openSync(absolute, "r");
  } catch (error) {
    const reasons: Record<string, string> = {
      ENOENT: "expected a file, found none; check the path",
      EACCES: "may not be read; check its permissions",
      EPERM: "may not be read; check its permissions",
      ENOTDIR: "expected a file, found none; a part of the path is not a folder",
      EISDIR: "expected a file, found a folder",
    };
    const code = (error as NodeJS.ErrnoException).code ?? "";
    const reason = reasons[code] ?? `cannot be opened: ${error instanceof Error ? error.message : String(error)}`;
    throw new FormatError(`${path}: ${reason}`, { file: basename(absolute) }, error);
  }
}
