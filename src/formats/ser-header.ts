import { FormatError, ShapeError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import type { Bytes } from "./bytes.ts";
import type { StoredNumber } from "./stored-numbers.ts";
import type { RecordedAxis } from "./units.ts";

/** One dimension of the series, with the unit that the file writes. */
export interface SerDimension extends RecordedAxis {
  readonly size: number;
}

export interface SerHeader {
  readonly total: number;
  /** How many images were recorded before the series stopped. */
  readonly valid: number;
  /** Where that count stands. */
  readonly countOffset: number;
  /** Fastest first. */
  readonly dimensions: readonly SerDimension[];
  /** Where each recorded image starts. */
  readonly offsets: Float64Array;
}

/** What stands before the pixels of one image. */
export interface SerElement {
  readonly pixels: Size;
  readonly type: number;
  readonly stored: StoredNumber;
  readonly x: RecordedAxis;
  readonly y: RecordedAxis;
}

export const elementBytes = 50;
const firstBytes = 26;
const mostDimensions = 16;
const longestText = 4096;

/**
 * Reads the header of a .ser (little-endian throughout) and the table of where its images start.
 *
 * @throws FormatError       damaged, or longer than the file
 * @throws UnsupportedError  a version other than 0x0210 and 0x0220
 * @throws ShapeError        a series of spectra
 */
export function readHeader(bytes: Bytes): SerHeader {
  const damaged = (what: string, offset: number): FormatError =>
    new FormatError(`${bytes.name}: ${what} at byte ${offset}; the file is damaged or truncated`, {
      file: bytes.name,
      offset,
    });
  if (bytes.size < firstBytes + 8)
    throw damaged(`expected a header of ${firstBytes + 8} bytes, found the end`, bytes.size);
  const view = viewOf(bytes, 0, firstBytes + 8);
  const version = view.getUint16(4, true);
  if (version !== 0x0210 && version !== 0x0220) {
    throw new UnsupportedError(
      `${bytes.name}: expected .ser version 0x0210 or 0x0220, found 0x${version.toString(16)}`,
      {
        feature: `.ser version 0x${version.toString(16)}`,
      },
    );
  }
  const contents = view.getUint32(6, true);
  if (contents === 0x4120) {
    throw new ShapeError(`${bytes.name}: found a series of spectra; expected a series of diffraction patterns`, {
      expected: "images",
      got: "spectra",
    });
  }
  if (contents !== 0x4122) throw damaged(`expected images (0x4122), found type 0x${contents.toString(16)}`, 6);
  const total = view.getUint32(14, true);
  const valid = view.getUint32(18, true);
  if (valid > total) throw damaged(`expected at most ${total} recorded images, found ${valid}`, 18);
  const wide = version === 0x0220;
  const table = wide ? long(view, 22) : view.getUint32(22, true);
  const width = wide ? 8 : 4;
  if (!(table + 2 * width * total <= bytes.size))
    throw damaged(`expected a table of ${total} images, found the end`, bytes.size);

  let at = 22 + width;
  const count = view.getUint32(at, true);
  if (count > mostDimensions) throw damaged(`expected at most ${mostDimensions} dimensions, found ${count}`, at);
  at += 4;
  const text = (): string => {
    if (at + 4 > bytes.size) throw damaged("expected a text, found the end", bytes.size);
    const length = viewOf(bytes, at, 4).getUint32(0, true);
    if (length > longestText || at + 4 + length > bytes.size)
      throw damaged(`expected a text, found ${length} bytes`, at);
    at += 4 + length;
    return new TextDecoder("latin1").decode(bytes.read(at - length, length));
  };
  const dimensions = Array.from({ length: count }, (): SerDimension => {
    if (at + 24 > bytes.size) throw damaged("expected a dimension, found the end", bytes.size);
    const dimension = viewOf(bytes, at, 24);
    at += 24;
    const [name, unit] = [text(), text()];
    return { size: dimension.getUint32(0, true), name, unit, ...calibration(dimension, 4) };
  });

  const entries = viewOf(bytes, table, width * valid);
  const offsets = Float64Array.from({ length: valid }, (_, index) =>
    wide ? long(entries, 8 * index) : entries.getUint32(4 * index, true),
  );
  const outside = offsets.findIndex((offset) => !(offset >= firstBytes && offset + elementBytes <= bytes.size));
  if (outside >= 0) {
    throw damaged(
      `expected image ${outside} in the file, found it at byte ${offsets[outside]}`,
      table + outside * width,
    );
  }
  return { total, valid, countOffset: 18, dimensions, offsets };
}

/** Value of index i = offset + (i − element) · delta. */
function calibration(view: DataView, at: number): RecordedAxis {
  const delta = view.getFloat64(at + 8, true);
  return { step: delta, origin: view.getFloat64(at, true) - view.getInt32(at + 16, true) * delta };
}

const kinds: Readonly<Record<number, readonly [StoredNumber["kind"], StoredNumber["bytes"]]>> = {
  1: ["unsigned", 1],
  2: ["unsigned", 2],
  3: ["unsigned", 4],
  4: ["signed", 1],
  5: ["signed", 2],
  6: ["signed", 4],
  7: ["float", 4],
  8: ["float", 8],
};

/**
 * Reads what stands before the pixels of the image at byte `offset`.
 *
 * @throws FormatError       not a type of numbers, or no pixels
 * @throws UnsupportedError  complex numbers
 */
export function readElement(bytes: Bytes, head: Uint8Array, offset: number): SerElement {
  const view = new DataView(head.buffer, head.byteOffset, elementBytes);
  const type = view.getUint16(40, true);
  const pixels: Size = [view.getUint32(46, true), view.getUint32(42, true)];
  const [kind, width] = kinds[type] ?? [];
  if (type === 9 || type === 10) {
    throw new UnsupportedError(
      `${bytes.name}: expected real numbers, found complex ones (type ${type}) at byte ${offset}`,
      {
        feature: "complex numbers in .ser",
      },
    );
  }
  if (kind === undefined || width === undefined || area(pixels) === 0 || !Number.isSafeInteger(area(pixels) * width)) {
    throw new FormatError(
      `${bytes.name}: expected the header of an image, found type ${type} and ${pixels.join("×")} pixels at byte ${offset}; the file is damaged`,
      { file: bytes.name, offset },
    );
  }
  return {
    pixels,
    type,
    stored: { kind, bytes: width, bigEndian: false },
    x: calibration(view, 0),
    y: calibration(view, 20),
  };
}

function viewOf(bytes: Bytes, offset: number, length: number): DataView {
  const { buffer, byteOffset, byteLength } = bytes.read(offset, length);
  return new DataView(buffer, byteOffset, byteLength);
}

/** A 64-bit integer; NaN where it is not exact, so that every comparison with it fails. */
function long(view: DataView, at: number): number {
  const value = view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}
