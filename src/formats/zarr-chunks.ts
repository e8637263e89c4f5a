import { FormatError, UnsupportedError } from "../scan/errors.ts";
import { bytesPer, type NumericArray, typedArray } from "../scan/source.ts";
import type { Rectangle } from "./blocks.ts";
import type { Bytes } from "./bytes.ts";
import type { AxisRole } from "./find-scan.ts";
import { readAs, type StoredNumber, storedPart, unpack } from "./stored-numbers.ts";
import { copyStrided, type Stride } from "./strided.ts";
import type { ChunkLayout, ZarrArray } from "./zarr-array.ts";
import type { ZarrStore } from "./zarr-store.ts";

const mostChunkBytes = 2 ** 30;
const mostOpenShards = 4;

/** Reads decoded chunks of an array. */
export interface ZarrChunks {
  readonly chunk: readonly number[];
  readonly fill: number;
  /** The numbers of a chunk in the order of `axes`, or undefined where it is not stored and all its numbers are the fill value. */
  read(coordinates: readonly number[]): Promise<NumericArray | undefined>;
  /** Distance in numbers between neighbours along each axis, in a decoded chunk. */
  readonly strides: readonly number[];
  close(): void;
}

/** @throws UnsupportedError a chunk is larger than 1 GiB */
export function zarrChunks(store: ZarrStore, array: ZarrArray, layout: ChunkLayout): ZarrChunks {
  const { chunk, axes, codecs, fill, perFile, key, index } = layout;
  const stored = array.stored!;
  const count = chunk.reduce((product, length) => product * length, 1);
  if (count * 8 > mostChunkBytes * bytesPer[readAs(stored)]) {
    throw new UnsupportedError(
      `${store.name}: expected chunks of at most 1 GiB in ${array.path || "the array"}, found ${chunk.join("×")}; write it with smaller chunks`,
      { feature: "chunks larger than 1 GiB" },
    );
  }
  const strides: number[] = [];
  let stride = 1;
  for (const axis of axes.toReversed()) {
    strides[axis] = stride;
    stride *= chunk[axis]!;
  }
  const place = (file: string): string => (array.path === "" ? file : `${array.path}/${file}`);
  const shards = index && openShards(store, perFile, index);

  const packed = async (coordinates: readonly number[]): Promise<{ at: string; bytes: Uint8Array } | undefined> => {
    const file = place(key(coordinates.map((each, axis) => Math.floor(each / perFile[axis]!))));
    if (shards !== undefined) return shards.read(file, coordinates);
    const bytes = store.open(file);
    if (bytes === undefined) return undefined;
    try {
      return { at: file, bytes: bytes.read(0, bytes.size) };
    } finally {
      bytes.close();
    }
  };

  return {
    chunk,
    fill,
    strides,
    read: async (coordinates) => {
      const found = await packed(coordinates);
      if (found === undefined) return undefined;
      const bytes = await orDamaged(store, found.at, () => codecs.decode(found.bytes, count * stored.bytes));
      return numbersIn(bytes, stored, `${store.name}: ${found.at}`);
    },
    close: () => shards?.close(),
  };
}

/** Stored bytes as numbers: the same memory where nothing has to change. */
function numbersIn(bytes: Uint8Array, stored: StoredNumber, name: string): NumericArray {
  const dtype = readAs(stored);
  const count = bytes.length / stored.bytes;
  const aligned = bytes.byteOffset % bytesPer[dtype] === 0 && bytes.buffer instanceof ArrayBuffer;
  if (bytesPer[dtype] === stored.bytes && !stored.bigEndian && aligned && !widens(stored)) {
    return typedArray(dtype, bytes.buffer, bytes.byteOffset, count);
  }
  const into = new Uint8Array(count * bytesPer[dtype]);
  storedPart(stored, into).set(bytes);
  unpack(stored, into, name);
  return typedArray(dtype, into.buffer);
}

/** 64-bit integers become float64 of the same length. */
const widens = ({ kind, bytes }: StoredNumber): boolean => kind !== "float" && bytes === 8;

interface OpenShard {
  readonly bytes: Bytes;
  readonly entries: DataView;
}

/** Files that hold many chunks and an index of them: pairs of offset and length (u64), all ones for a chunk not stored. */
function openShards(
  store: ZarrStore,
  perFile: readonly number[],
  { codecs, atEnd }: NonNullable<ChunkLayout["index"]>,
) {
  const count = perFile.reduce((product, each) => product * each, 1);
  const open = new Map<string, OpenShard | undefined>();

  const shard = async (file: string): Promise<OpenShard | undefined> => {
    if (open.has(file)) return open.get(file);
    const bytes = store.open(file);
    const found = bytes && { bytes, entries: await indexOf(file, bytes) };
    for (const [other, its] of open) {
      if (open.size < mostOpenShards) break;
      its?.bytes.close();
      open.delete(other);
    }
    open.set(file, found);
    return found;
  };
  const indexOf = async (file: string, bytes: Bytes): Promise<DataView> => {
    try {
      return await orDamaged(store, file, async () => {
        // Only checksums may follow, 4 bytes each.
        const length = 16 * count + 4 * codecs.labels.length;
        if (!(length <= bytes.size)) throw new RangeError(`a shard of ${bytes.size} bytes with an index of ${length}`);
        const index = await codecs.decode(bytes.read(atEnd ? bytes.size - length : 0, length), 16 * count);
        return new DataView(index.buffer, index.byteOffset, index.byteLength);
      });
    } catch (error) {
      bytes.close();
      throw error;
    }
  };
  return {
    read: async (file: string, coordinates: readonly number[]) => {
      const found = await shard(file);
      if (found === undefined) return undefined;
      const slot = coordinates.reduce((at, each, axis) => at * perFile[axis]! + (each % perFile[axis]!), 0);
      const [offset, length] = [
        found.entries.getBigUint64(16 * slot, true),
        found.entries.getBigUint64(16 * slot + 8, true),
      ];
      if (offset === 2n ** 64n - 1n && length === 2n ** 64n - 1n) return undefined;
      const at = `${file}, chunk ${coordinates.join(",")}`;
      if (offset + length > BigInt(found.bytes.size)) {
        throw new FormatError(
          `${store.name}: expected ${at} inside its shard, found ${length} bytes at byte ${offset}; the file is damaged`,
          {
            file: store.name,
            object: file,
          },
        );
      }
      return { at, bytes: found.bytes.read(Number(offset), Number(length)) };
    },
    close: () => {
      for (const its of open.values()) its?.bytes.close();
      open.clear();
    },
  };
}

async function orDamaged<Result>(store: ZarrStore, at: string, work: () => Promise<Result>): Promise<Result> {
  try {
    return await work();
  } catch (error) {
    if (!(error instanceof RangeError)) throw error;
    throw new FormatError(
      `${store.name}: expected ${at} to be a chunk of the array, found ${error.message}; the file is damaged`,
      {
        file: store.name,
        object: at,
      },
      error,
    );
  }
}

/** Fills `into` with the patterns of a rectangle, from all chunks that touch it. */
export async function readRectangle(
  chunks: ZarrChunks,
  { shape, stored }: ZarrArray,
  roles: readonly AxisRole[],
  pixels: readonly [number, number],
  area: Rectangle,
  into: Uint8Array,
): Promise<void> {
  const dtype = readAs(stored!);
  const target = typedArray(dtype, into.buffer, into.byteOffset, into.length / bytesPer[dtype]);
  const pattern = pixels[0] * pixels[1];
  const spans: Readonly<Record<AxisRole, readonly [first: number, end: number, stride: number]>> = {
    rows: [area.row, area.row + area.rows, area.columns * pattern],
    columns: [area.column, area.column + area.columns, pattern],
    stack: [area.column, area.column + area.columns, pattern],
    pixelRows: [0, pixels[0], pixels[1]],
    pixelColumns: [0, pixels[1], 1],
    one: [0, 1, 0],
  };
  const ranges = roles.map((role, axis) => {
    const [first, end, stride] = spans[role];
    const length = chunks.chunk[axis]!;
    return {
      first,
      end: Math.min(end, shape[axis]!),
      stride,
      length,
      from: Math.floor(first / length),
      to: Math.floor((end - 1) / length),
    };
  });
  const coordinates = ranges.map(({ from }) => from);
  for (;;) {
    const numbers = await chunks.read(coordinates);
    let [sourceAt, targetAt] = [0, 0];
    const axes: Stride[] = ranges.map(({ first, end, stride, length }, axis) => {
      const start = coordinates[axis]! * length;
      const low = Math.max(first, start);
      sourceAt += (low - start) * chunks.strides[axis]!;
      targetAt += (low - first) * stride;
      return {
        count: Math.min(end, start + length) - low,
        source: numbers ? chunks.strides[axis]! : 0,
        target: stride,
      };
    });
    if (numbers !== undefined) copyStrided(numbers, sourceAt, target, targetAt, axes);
    else copyStrided(filled(target, chunks.fill), 0, target, targetAt, axes);
    let axis = ranges.length - 1;
    while (axis >= 0 && coordinates[axis] === ranges[axis]!.to) coordinates[axis] = ranges[axis--]!.from;
    if (axis < 0) return;
    coordinates[axis]!++;
  }
}

/** One number of the same type, to be copied to everywhere. */
function filled(like: NumericArray, value: number): NumericArray {
  const one = like.slice(0, 1);
  one[0] = value;
  return one;
}
