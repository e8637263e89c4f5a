import { readdirSync, statSync } from "node:fs";
import { basename, dirname, join, resolve, sep } from "node:path";
import type { Bytes } from "../formats/bytes.ts";
import type { OpenOptions } from "../formats/format.ts";
import { open } from "../formats/formats.ts";
import { ShapeError } from "../scan/errors.ts";
import { fileBytes } from "./files.ts";
import { hdf5Filter } from "./open-scan.ts";

/** The files that a scan is made of, by their paths beside its first one. */
export interface ScanFiles {
  /** What the scan is called: the name of its file, or of its folder. */
  readonly name: string;
  /** Path of the file to be opened. */
  readonly entry: string;
  /** Where a file of the scan lies on the disk; undefined where it is not one. */
  path(inside: string): string | undefined;
  /** Names in a folder of the scan; undefined where it is not one. */
  list(inside: string): readonly string[] | undefined;
}

/**
 * Finds out which files a scan is made of, by opening it and noting what is asked for: of a file, its companions; of a folder, all in it.
 *
 * @throws as `openScan` does, but for what only the user can say: the scan's shape, or which of several datasets
 */
export async function scanFiles(path: string, options: OpenOptions = {}): Promise<ScanFiles> {
  const absolute = resolve(path);
  const bytes = fileBytes(absolute);
  if (statSync(absolute).isDirectory()) {
    bytes.close();
    const marker = ["zarr.json", ".zgroup", ".zarray"].find((name) => isThere(join(absolute, name)))!;
    return { ...within(absolute, () => true), name: basename(absolute), entry: marker };
  }
  const folder = dirname(absolute);
  const asked = new Set([absolute]);
  const noting = (of: Bytes, at: string): Bytes => ({
    ...of,
    sibling: (name) => {
      const beside = resolve(dirname(at), name);
      const found = of.sibling(name);
      if (found) asked.add(beside);
      return found && noting(found, beside);
    },
  });
  try {
    (await open(noting(bytes, absolute), { hdf5Filter, ...options })).close();
  } catch (error) {
    bytes.close();
    if (!(error instanceof ShapeError)) throw error;
  }
  return { ...within(folder, (file) => asked.has(file)), name: basename(absolute), entry: basename(absolute) };
}

const isThere = (path: string): boolean => statSync(path, { throwIfNoEntry: false }) !== undefined;

function within(folder: string, served: (file: string) => boolean): Pick<ScanFiles, "path" | "list"> {
  const inside = (path: string): string | undefined => {
    const found = resolve(folder, path);
    return found === folder || found.startsWith(folder + sep) ? found : undefined;
  };
  return {
    path: (path) => {
      const found = inside(path);
      return found !== undefined && served(found) ? found : undefined;
    },
    list: (path) => {
      const found = inside(path);
      if (found === undefined || !statSync(found, { throwIfNoEntry: false })?.isDirectory()) return undefined;
      return readdirSync(found).filter((name) => served(join(found, name)));
    },
  };
}
