import { randomBytes } from "node:crypto";
import { existsSync } from "node:fs";
import { link, open, rename, rm } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import type { Sink } from "../formats/format.ts";
import { FormatError } from "../scan/errors.ts";

/** Options of {@link writeBeside}. */
export interface WriteOptions {
  /** Replace a file that is already there, default false. */
  readonly force?: boolean;
}

/**
 * Writes a file that is either there whole or not at all: first under a temporary name in the same folder, then
 * flushed to the disk and renamed. Whatever fails, the temporary file is removed and an older file stays as it was.
 *
 * @throws FormatError the file exists and `force` is not set, or the folder cannot be written
 * @example
 * await writeBeside("scan.npy", (sink) => write(source, "scan.npy", sink));
 */
export async function writeBeside(
  path: string,
  writer: (sink: Sink) => void | Promise<void>,
  { force = false }: WriteOptions = {},
): Promise<void> {
  const target = resolve(path);
  if (!force && existsSync(target)) throw exists(path);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.part`);
  const file = await open(temporary, "wx").catch((error: unknown) => {
    const { code, message } = error as NodeJS.ErrnoException;
    const why = code === "ENOENT" ? `the folder ${dirname(target)} does not exist; make it first` : message;
    throw new FormatError(`${path}: cannot be written: ${why}`, { file: basename(path) }, error);
  });
  try {
    try {
      await writer({
        write: async (bytes) => {
          for (let done = 0; done < bytes.length; ) {
            done += (await file.write(bytes, done, Math.min(2 ** 30, bytes.length - done))).bytesWritten;
          }
        },
        patch: async (offset, bytes) => {
          await file.write(bytes, 0, bytes.length, offset);
        },
      });
      await file.sync();
    } finally {
      await file.close();
    }
    if (force) await rename(temporary, target);
    else await linkAs(temporary, target, path);
  } catch (error) {
    await rm(temporary, { force: true });
    throw error;
  }
}

/** Gives the file its name unless another took it meanwhile, which a rename would overwrite. */
async function linkAs(temporary: string, target: string, path: string): Promise<void> {
  try {
    await link(temporary, target);
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException;
    if (code === "EEXIST") throw exists(path);
    // File systems without hard links (exFAT, some network shares).
    if (existsSync(target)) throw exists(path);
    return rename(temporary, target);
  }
  await rm(temporary);
}

const exists = (path: string): FormatError =>
  new FormatError(
    `${path}: expected a new file, found one that exists; choose another name, or force it to be replaced`,
    {
      file: basename(path),
    },
  );
