import { randomBytes } from "node:crypto";
import { existsSync, readdirSync, rmdirSync, rmSync, statSync } from "node:fs";
import { mkdir, rename, rm, rmdir } from "node:fs/promises";
import { basename, dirname, join, resolve } from "node:path";
import { FormatError } from "../scan/errors.ts";

const reasons: Readonly<Record<string, string>> = {
  EACCES: "permission denied",
  EPERM: "permission denied",
  EROFS: "the disk is read-only",
  EEXIST: "a part of its path is a file",
  ENOTDIR: "a part of its path is a file",
  ENOSPC: "no space is left on the disk",
  ENAMETOOLONG: "its name is too long",
};

/** A folder that is not there yet: files are put into `path`, and `finish` gives it its name. */
export interface NewFolder {
  /** Where to write for now: a folder beside the final one, on the same disk. */
  readonly path: string;
  /** Gives the folder its final name. */
  readonly finish: () => Promise<void>;
  /** Removes what was written. */
  readonly discard: () => Promise<void>;
}

/**
 * Begins a folder that is either there whole or not at all. Whatever ends the process, short of killing it outright, removes
 * what was begun; an older folder stays as it was until `finish`.
 *
 * @param path     the folder to be
 * @param marks    files by which an older folder of the same kind is known: only such a folder is replaced
 * @param options  force: replace an older folder, default false
 * @throws FormatError  the folder exists and `force` is not set, or it is something else, or it cannot be made
 * @example
 * const folder = await newFolder("results", ["recipe.json"]);
 * await folder.discard();
 */
export async function newFolder(
  path: string,
  marks: readonly string[],
  { force = false }: { readonly force?: boolean } = {},
): Promise<NewFolder> {
  const target = resolve(path);
  check(path, target, marks, force);
  const temporary = join(dirname(target), `.${basename(target)}.${randomBytes(6).toString("hex")}.part`);
  const made = await mkdir(dirname(target), { recursive: true }).catch(refused);
  await mkdir(temporary).catch(refused);
  const clean = (): void => {
    rmSync(temporary, { recursive: true, force: true });
    if (made !== undefined) removeEmpty(dirname(target), made);
  };
  process.on("exit", clean);

  function refused(error: NodeJS.ErrnoException): never {
    throw new FormatError(
      `${path}: the folder cannot be made: ${reasons[error.code ?? ""] ?? error.message}; choose another with --out`,
      { file: path },
      error,
    );
  }

  return {
    path: temporary,
    async finish() {
      // Somebody may have made it while the work went on.
      check(path, target, marks, force);
      if (existsSync(target)) await replace(temporary, target);
      else await rename(temporary, target);
      process.off("exit", clean);
    },
    async discard() {
      clean();
      process.off("exit", clean);
    },
  };
}

/** Removes folders that were made on the way and hold nothing, from the innermost outwards. */
function removeEmpty(innermost: string, outermost: string): void {
  for (let folder = innermost; folder.length >= outermost.length; folder = dirname(folder)) {
    try {
      rmdirSync(folder);
    } catch {
      return;
    }
  }
}

function check(path: string, target: string, marks: readonly string[], force: boolean): void {
  if (!existsSync(target)) return;
  if (!statSync(target).isDirectory()) {
    throw new FormatError(`${path}: expected a folder or nothing, found a file; choose another name with --out`, {
      file: path,
    });
  }
  const inside = readdirSync(target);
  if (inside.length === 0) return;
  if (!marks.every((name) => inside.includes(name))) {
    throw new FormatError(
      `${path}: expected results of an earlier run (${marks.join(", ")}), found a folder with other files, which is never replaced; choose another with --out`,
      { file: path },
    );
  }
  if (!force) {
    throw new FormatError(`${path}: expected a new folder, found earlier results; --force replaces them`, {
      file: path,
    });
  }
}

async function replace(temporary: string, target: string): Promise<void> {
  if (readdirSync(target).length === 0) {
    await rmdir(target);
    return rename(temporary, target);
  }
  const old = `${temporary}.old`;
  await rename(target, old);
  try {
    await rename(temporary, target);
  } catch (error) {
    await rename(old, target);
    throw error;
  }
  await rm(old, { recursive: true, force: true });
}
