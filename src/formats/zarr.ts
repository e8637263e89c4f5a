import { FormatError } from "../scan/errors.ts";
import { bytesPer, type PatternSource } from "../scan/source.ts";
import { blockReader } from "./blocks.ts";
import type { Bytes } from "./bytes.ts";
import { type AxisRole, chooseScan } from "./find-scan.ts";
import type { OpenOptions } from "./format.ts";
import { calibration } from "./recorded-axes.ts";
import { readAs } from "./stored-numbers.ts";
import { type ChunkLayout, chunkLayout, type ZarrArray } from "./zarr-array.ts";
import { readRectangle, zarrChunks } from "./zarr-chunks.ts";
import { besideArray, zarrHierarchy } from "./zarr-hierarchy.ts";
import { folderStore, type ZarrStore, zipStore } from "./zarr-store.ts";

/**
 * Zarr of version 2 and 3, in a folder or a zip archive: HyperSpy's .zspy, or any other writer's.
 *
 * Chunks carry no checksum unless the writer added one, so a byte that changes in a chunk is noticed only if it no longer
 * decodes. A chunk that is not there holds the fill value: writers leave out chunks that hold nothing else.
 *
 * @see Zarr storage specification 2, Zarr core specification 3.1
 */
export async function openZarr(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const store = bytes.read(0, 1)[0] === 0x50 ? zipStore(bytes) : folderStore(bytes);
  const hierarchy = zarrHierarchy(store);
  const { array, layout } = chooseScan(bytes.name, hierarchy.arrays(), options);
  const { roles, positions, pixels, stored, shape } = layout;
  const chunks = chunkLayout(bytes.name, array);
  const decoded = zarrChunks(store, array, chunks);
  const beside = besideArray(hierarchy, array, (vector) => endsOf(store, vector));
  const { axes, metadata } = await calibration(layout, beside);
  const along = (sizes: readonly number[], role: AxisRole): number =>
    sizes[roles.indexOf(role)] ?? (role === "columns" ? sizes[roles.indexOf("stack")]! : 1);
  const pattern = pixels[0] * pixels[1] * bytesPer[readAs(stored)];
  const blocks = blockReader(
    {
      rows: along(shape, "rows"),
      columns: along(shape, "columns"),
      chunkRows: along(chunks.chunk, "rows"),
      chunkColumns: along(chunks.chunk, "columns"),
      pattern,
      fetch: (area, into) => readRectangle(decoded, array, roles, pixels, area, into),
    },
    options.cacheBytes,
  );
  return {
    name: bytes.name,
    format: "zarr",
    positions,
    pixels,
    dtype: readAs(stored),
    axes,
    metadata: {
      dataset: array.path || "/",
      "stored as": storage(chunks),
      ...notStored(store, array, chunks),
      ...metadata,
    },
    descriptor: { kind: "file", locator: bytes.locator, options },
    read: blocks.read,
    close: () => {
      blocks.free();
      decoded.close();
      store.close();
    },
  };
}

function storage({ chunk, codecs, index, perFile }: ChunkLayout): string {
  const packed = codecs.labels.length === 0 ? "uncompressed" : codecs.labels.join(" + ");
  const shards = index ? ` in shards of ${perFile.join("×")} chunks` : "";
  return `chunks of ${chunk.join("×")}, ${packed}${shards}`;
}

const mostCounted = 2 ** 17;

/**
 * How many chunks are not there. Some may be left out by the writer; if all are, the data is somewhere else.
 *
 * @throws FormatError none is there
 */
function notStored(store: ZarrStore, { path, shape }: ZarrArray, { chunk, perFile, key, fill }: ChunkLayout) {
  const { list } = store;
  const files = shape.map((length, axis) => Math.ceil(length / (chunk[axis]! * perFile[axis]!)));
  const expected = files.reduce((product, count) => product * count, 1);
  if (list === undefined || expected > mostCounted) return {};
  const present = new Set<string>();
  const parts = key(files.map(() => 0)).split("/").length;
  const visit = (folder: string, depth: number): void => {
    for (const name of list([path, folder].filter((part) => part !== "").join("/"))) {
      const inner = folder === "" ? name : `${folder}/${name}`;
      if (depth === parts) present.add(inner);
      else if (/^c$|^\d+$/.test(name)) visit(inner, depth + 1);
    }
  };
  visit("", 1);
  const coordinates = files.map(() => 0);
  let missing = 0;
  for (let file = 0; file < expected; file++) {
    let rest = file;
    for (let axis = files.length - 1; axis >= 0; axis--) {
      coordinates[axis] = rest % files[axis]!;
      rest = Math.floor(rest / files[axis]!);
    }
    if (!present.has(key(coordinates))) missing++;
  }
  if (missing === 0) return {};
  if (missing === expected) {
    throw new FormatError(
      `${store.name}: expected chunks of ${path || "the array"} such as ${key(files.map(() => 0))}, found none; was it copied without them?`,
      { file: store.name, object: path },
    );
  }
  return { "chunks not stored": `${missing} of ${expected}, read as ${fill}` };
}

/** The first and last value of a vector. Calibration is a courtesy: a vector that cannot be read gives none. */
async function endsOf(store: ZarrStore, vector: ZarrArray): Promise<readonly [number, number] | undefined> {
  const length = vector.shape[0]!;
  if (vector.stored === undefined || length === 0) return undefined;
  const layout = chunkLayout(store.name, vector);
  const chunks = zarrChunks(store, vector, layout);
  try {
    const at = async (index: number): Promise<number> => {
      const numbers = await chunks.read([Math.floor(index / layout.chunk[0]!)]);
      return numbers?.[index % layout.chunk[0]!] ?? layout.fill;
    };
    return [await at(0), await at(length - 1)];
  } finally {
    chunks.close();
  }
}
