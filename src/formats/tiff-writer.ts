import { area } from "../scan/scan.ts";
import { type Axis, bytesPer, type PatternSource, patternBytes, type Watch } from "../scan/source.ts";
import { ascii } from "./ascii.ts";
import type { Sink } from "./format.ts";
import { littleEndian } from "./little-endian.ts";
import { eachSlab } from "./slabs.ts";

// Where 32-bit offsets end.
const classicBytes = 2 ** 32 - 1;
const perWrite = 4096;

type Entry = readonly [tag: number, type: 2 | 3 | 4 | 5 | 16, count: number, value: number | Uint8Array];

/**
 * Writes the scan as a stack of uncompressed pages, one pattern a page: first all page directories, then all patterns, one
 * behind the other. Beyond 4 GiB it is a BigTIFF.
 *
 * What ImageJ can hold (u8, u16, f32 below 4 GiB) is an ImageJ hyperstack of frames = scan rows and slices = scan columns; the
 * rest carries its shape as tifffile reads it. Either description keeps the axes, and where the scan came from, for this library.
 */
export async function writeTiff(source: PatternSource, sink: Sink, watch: Watch = {}): Promise<void> {
  const pages = area(source.positions);
  const big = area(source.positions) * (patternBytes(source) + 400) + 2 ** 20 > classicBytes;
  const description = describe(source, big);
  // The texts stand behind the header, the directories behind them; the first has a few entries more than the others.
  const start = big ? 16 : 8;
  const directory = (page: number, address: number, data: number): Uint8Array => {
    const entries = page === 0 ? firstEntries(source, description, start, big) : pageEntries(source);
    const at: Entry = [273, big ? 16 : 4, 1, data + page * patternBytes(source)];
    const sorted = [...entries, at].sort(([a], [b]) => a - b);
    const bytes = directoryBytes(sorted.length, big);
    const next = page + 1 < pages ? address + bytes : 0;
    return packed(sorted, next, big);
  };
  const texts = littleEndian(description, ...resolutions(source));
  const first = Math.ceil((start + texts.length) / 16) * 16;
  const [firstBytes, otherBytes] = [directory(0, 0, 0).length, directory(1, 0, 0).length];
  const data = Math.ceil((first + firstBytes + (pages - 1) * otherBytes) / 16) * 16;

  await sink.write(littleEndian(header(first, big), texts, new Uint8Array(first - start - texts.length)));
  for (let page = 0; page < pages; page += perWrite) {
    watch.signal?.throwIfAborted();
    const some = Array.from({ length: Math.min(perWrite, pages - page) }, (_, i) => {
      const address = page + i === 0 ? first : first + firstBytes + (page + i - 1) * otherBytes;
      return directory(page + i, address, data);
    });
    await sink.write(littleEndian(...some));
  }
  await sink.write(new Uint8Array(data - first - firstBytes - (pages - 1) * otherBytes));
  await eachSlab(source, watch, "writing", (_first, _count, slab) => sink.write(slab));
}

const header = (first: number, big: boolean): Uint8Array =>
  big ? littleEndian([2, 0x4949], [2, 43], [2, 8], [2, 0], [8, first]) : littleEndian([2, 0x4949], [2, 42], [4, first]);

const directoryBytes = (entries: number, big: boolean): number => (big ? 16 + 20 * entries : 6 + 12 * entries);

function packed(entries: readonly Entry[], next: number, big: boolean): Uint8Array {
  const wide = big ? 8 : 4;
  const fields = entries.flatMap(([tag, type, count, value]) => {
    const head = [
      [2, tag],
      [2, type],
      [wide, count],
    ] as const;
    const inside = value instanceof Uint8Array ? value : littleEndian([wide, value]);
    return [...head, inside];
  });
  return littleEndian([big ? 8 : 2, entries.length], ...fields, [wide, next]);
}

/** What every page says, but for where its numbers are. */
function pageEntries({ pixels, dtype }: PatternSource): Entry[] {
  const [rows, columns] = pixels;
  const bytes = bytesPer[dtype];
  return [
    [256, 4, 1, columns],
    [257, 4, 1, rows],
    [258, 3, 1, 8 * bytes],
    [259, 3, 1, 1], // not compressed
    [262, 3, 1, 1], // 0 is black
    [277, 3, 1, 1],
    [278, 4, 1, rows],
    [279, 4, 1, rows * columns * bytes],
    [339, 3, 1, { u: 1, i: 2, f: 3 }[dtype[0] as "u" | "i" | "f"]],
  ];
}

/** What only the first page says: the description, and for ImageJ pixels per unit along x and y. */
function firstEntries(source: PatternSource, description: Uint8Array, start: number, big: boolean): Entry[] {
  const behind = start + description.length;
  // A BigTIFF's entries are wide enough to hold a ratio.
  const [x, y] = big ? resolutions(source) : [behind, behind + 8];
  return [
    ...pageEntries(source),
    [270, 2, description.length, start],
    [282, 5, 1, x!],
    [283, 5, 1, y!],
    [296, 3, 1, 1], // of no unit of TIFF's own
  ];
}

const resolutions = ({ axes }: PatternSource): Uint8Array[] => [ratio(axes.pixels[1].step), ratio(axes.pixels[0].step)];

/** 1/step as two whole numbers of 32 bits, as precise as they can be. */
function ratio(step: number): Uint8Array {
  const per = Math.abs(1 / step);
  if (!(per > 2 ** -31 && per < 2 ** 32)) return littleEndian([4, 1], [4, 1]);
  const below = Math.max(1, Math.floor((2 ** 32 - 1) / Math.max(1, per)));
  return littleEndian([4, Math.min(2 ** 32 - 1, Math.round(per * below))], [4, below]);
}

/** The description in ASCII, an even number of bytes with its end. */
function describe(source: PatternSource, big: boolean): Uint8Array {
  const { positions, pixels, dtype, axes, metadata } = source;
  const [rows, columns] = positions;
  const known = JSON.stringify({ positions, axes, metadata });
  const imageJ = !big && ["u8", "u16", "f32"].includes(dtype);
  const { step, unit } = axes.pixels[1];
  const lines = [
    "ImageJ=1.53",
    `images=${rows * columns}`,
    `slices=${columns}`,
    `frames=${rows}`,
    "hyperstack=true",
    "mode=grayscale",
    "loop=false",
    ...(unit === "px" && step === 1 ? [] : [`unit=${unit}`]),
    `endmember=${known}`,
  ];
  const shape = JSON.stringify({ shape: [...positions, ...pixels] });
  const text = imageJ ? `${lines.join("\n")}\n` : `${shape.slice(0, -1)}, "endmember": ${known}}`;
  const plain = ascii(text);
  return new TextEncoder().encode(plain.padEnd(plain.length + 1 + ((plain.length + 1) % 2), "\0"));
}

/** The scan size and the axes that {@link writeTiff} left in a description, if it did. */
export function ownDescription(json: unknown): Partial<Pick<PatternSource, "positions" | "axes">> {
  const { axes, positions: size } = (json ?? {}) as {
    positions?: unknown;
    axes?: { positions?: unknown; pixels?: unknown };
  };
  const pair = (both: unknown): readonly [Axis, Axis] | undefined =>
    Array.isArray(both) && both.length === 2 && both.every(isAxis) ? [both[0], both[1]] : undefined;
  const [positions, pixels] = [pair(axes?.positions), pair(axes?.pixels)];
  const known = Array.isArray(size) && size.length === 2 && size.every((n) => Number.isSafeInteger(n) && n > 0);
  return {
    ...(known && { positions: [size[0], size[1]] as const }),
    ...(positions && pixels && { axes: { positions, pixels } }),
  };
}

const isAxis = (axis: Partial<Axis> | null): axis is Axis =>
  typeof axis?.name === "string" &&
  typeof axis.unit === "string" &&
  Number.isFinite(axis.step) &&
  Number.isFinite(axis.origin);
