import { FormatError, ShapeError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type DType, type PatternSource, uncalibratedAxes, type Watch } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions, Sink } from "./format.ts";
import { inFortranOrder } from "./npy-fortran.ts";
import { type NpyHeader, readHeader } from "./npy-header.ts";
import { npyMagic } from "./recognise.ts";
import { eachSlab } from "./slabs.ts";
import { readAs, type StoredNumber, storedPart, unpack } from "./stored-numbers.ts";

/**
 * NumPy's .npy: one array, C or Fortran order, any integer, float or boolean type in either byte order.
 *
 * A 4-D array is (scan rows, scan columns, rows, columns); a 3-D stack needs `shape`. Object arrays are pickles, which run
 * code when loaded: they are refused, never unpickled.
 *
 * @see NEP 1, "A Simple File Format for NumPy Arrays", versions 1.0 to 3.0
 */
export async function openNpy(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const header = readHeader(bytes);
  const { positions, pixels } = scanShape(bytes.name, header.shape, options.shape);
  const stored = storedNumber(bytes.name, header.type);
  const dtype = readAs(stored);
  const count = area(positions);
  const storedPattern = area(pixels) * stored.bytes;
  const present = Math.floor((bytes.size - header.dataOffset) / storedPattern);
  const missing = Math.max(0, count - present);
  if (missing > 0 && !(options.allowIncomplete && !header.fortranOrder)) {
    throw new FormatError(
      `${bytes.name}: expected ${count} patterns of ${storedPattern} bytes, found ${present}: the file is truncated` +
        (header.fortranOrder ? "" : "; allow incomplete files to read the rest as zeros"),
      { file: bytes.name, offset: bytes.size },
    );
  }

  const inCOrder = (first: number, patterns: number, into: Uint8Array): void => {
    const there = Math.max(0, Math.min(patterns, present - first));
    const found = into.subarray(0, (into.length / patterns) * there);
    if (there > 0) bytes.readInto(header.dataOffset + first * storedPattern, storedPart(stored, found));
    unpack(stored, found, bytes.name);
    into.fill(0, found.length);
  };
  const fortran = header.fortranOrder && inFortranOrder(bytes, header, stored, options.cacheBytes);
  return {
    name: bytes.name,
    format: "npy",
    positions,
    pixels,
    dtype,
    axes: uncalibratedAxes,
    metadata: {
      "stored as": `${header.type}, ${header.fortranOrder ? "Fortran" : "C"} order, ${header.shape.join("×")}`,
      ...(missing > 0 ? { "missing patterns": missing } : {}),
    },
    descriptor: { kind: "file", locator: bytes.locator, options },
    read: async (first, patterns, into) => {
      if (patterns === 0) return;
      if (fortran) fortran(first, patterns, into);
      else inCOrder(first, patterns, into);
    },
    close: () => bytes.close(),
  };
}

/** What the array's shape means as a scan. */
function scanShape(
  file: string,
  shape: NpyHeader["shape"],
  wanted: Size | undefined,
): { positions: Size; pixels: Size } {
  const found = `${file}: found an array of ${shape.length === 0 ? "no dimensions" : shape.join("×")}`;
  if (shape.length < 2 || shape.length > 4 || (shape.length === 2 && wanted === undefined)) {
    const what = shape.length === 2 ? "one pattern or image, not a scan; --shape 1x1 opens it" : "not a 4-D scan";
    throw new ShapeError(`${found}, expected rows×columns×rows×columns: it is ${what}`, {
      expected: "4-D",
      got: shape,
    });
  }
  if (shape.some((length) => length === 0)) {
    throw new ShapeError(`${found}, which holds nothing; expected every length to be at least 1`, {
      expected: "≥ 1",
      got: shape,
    });
  }
  const pixels: Size = [shape.at(-2)!, shape.at(-1)!];
  const recorded = shape.slice(0, -2);
  const count = recorded.reduce((product, length) => product * length, 1);
  if (wanted === undefined) {
    if (recorded.length === 2) return { positions: [recorded[0]!, recorded[1]!], pixels };
    throw new ShapeError(`${found}, a stack of ${count} patterns; say how the scan was laid out, with --shape RxC`, {
      expected: "--shape RxC",
      got: shape,
    });
  }
  if (area(wanted) !== count) {
    throw new ShapeError(`${found}: --shape ${wanted.join("x")} is ${area(wanted)} positions, expected ${count}`, {
      expected: count,
      got: wanted,
    });
  }
  return { positions: wanted, pixels };
}

/** A NumPy type string such as "<u2". */
function storedNumber(file: string, type: string): StoredNumber {
  const match = /^([<>|=])?([a-zA-Z?])(\d*)$/.exec(type);
  const [, order, letter, width] = match ?? [];
  const bytes = letter === "?" ? 1 : Number(width);
  const kind = { u: "unsigned", i: "signed", f: "float", b: "boolean", "?": "boolean" }[letter ?? ""] as
    | StoredNumber["kind"]
    | undefined;
  const known =
    kind === "boolean" ? bytes === 1 : kind === "float" ? [2, 4, 8].includes(bytes) : [1, 2, 4, 8].includes(bytes);
  if (kind === undefined || !known) {
    throw new UnsupportedError(
      `${file}: expected integers, floats up to 64 bit or booleans, found NumPy type '${type}'`,
      {
        feature: `NumPy type ${type}`,
      },
    );
  }
  return { kind, bytes: bytes as StoredNumber["bytes"], bigEndian: order === ">" };
}

const typeStrings: Readonly<Record<DType, string>> = {
  u8: "|u1",
  i8: "|i1",
  u16: "<u2",
  i16: "<i2",
  u32: "<u4",
  i32: "<i4",
  f32: "<f4",
  f64: "<f8",
}; // prettier

/** Writes version 1.0, C order, little-endian. Axes and metadata have no place in the format. */
export async function writeNpy(source: PatternSource, sink: Sink, watch: Watch = {}): Promise<void> {
  await sink.write(npyHeader(source.dtype, [...source.positions, ...source.pixels]));
  await eachSlab(source, watch, "writing", (_first, _count, slab) => sink.write(slab));
}

/** The bytes before the data of a C-ordered .npy. The data start at a multiple of 64, as NumPy writes it. */
export function npyHeader(dtype: DType, shape: readonly number[]): Uint8Array {
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const text = `{'descr': '${typeStrings[dtype]}', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + text.length + 1) / 64) * 64 - 10;
  const header = new Uint8Array(10 + length);
  header.set([...npyMagic, 1, 0, length & 0xff, length >> 8]);
  header.set(new TextEncoder().encode(`${text.padEnd(length - 1)}\n`), 10);
  return header;
}
