import { mkdir, writeFile } from "node:fs/promises";
import { dirname, join } from "node:path";
import { isFolderName, write, writeFolder } from "../formats/formats.ts";
import { area } from "../scan/scan.ts";
import { type PatternSource, patternBytes, type Watch } from "../scan/source.ts";
import { newFolder } from "./folder.ts";
import { expectSpace } from "./free-space.ts";
import { type WriteOptions, writeBeside } from "./write.ts";

/** Files by which a folder that holds a scan is known: only such a folder is ever replaced. */
const marks = { ".zspy": ".zgroup", ".zarr": "zarr.json" } as const;

/**
 * Writes a scan in the format that the path's ending asks for, whole or not at all: beside its place first, then renamed.
 *
 * @throws UnsupportedError  no such format, or it cannot hold this scan
 * @throws FormatError       something is there and `force` is not set, or nothing can be written there, for instance because the disk is too full
 * @example
 * await writeScan(source, "scan.zspy");
 */
export async function writeScan(
  source: PatternSource,
  path: string,
  { force = false, ...watch }: WriteOptions & Watch = {},
): Promise<void> {
  if (!isFolderName(path)) {
    // Folders are compressed: how large they get is not known before.
    await expectSpace(path, area(source.positions) * patternBytes(source));
    return writeBeside(path, (sink) => write(source, path, sink, watch), { force });
  }
  const mark = marks[path.slice(-5).toLowerCase() as keyof typeof marks];
  const folder = await newFolder(path, [mark], { force });
  try {
    const made = new Set<string>();
    const file = async (inside: string, bytes: Uint8Array): Promise<void> => {
      const target = join(folder.path, ...inside.split("/"));
      const parent = dirname(target);
      if (!made.has(parent)) await mkdir(parent, { recursive: true });
      made.add(parent);
      await writeFile(target, bytes, { flush: true });
    };
    await writeFolder(source, path, { file }, watch);
    await folder.finish();
  } catch (error) {
    await folder.discard();
    throw error;
  }
}
