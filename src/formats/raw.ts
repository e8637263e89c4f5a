import { FormatError, ShapeError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { bytesPer, type DType, type PatternSource, uncalibratedAxes } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { framesIn, framesSource, plainNumbers } from "./frames.ts";
import type { StoredNumber } from "./stored-numbers.ts";

/** What plain bytes are, said by the user: numbers row by row, without anything between them. */
export interface RawLayout {
  readonly dtype: DType;
  readonly bigEndian: boolean;
  /** Scan rows, scan columns, pattern rows, pattern columns. */
  readonly shape: readonly [number, number, number, number];
  /** Where the first pattern starts [bytes]. */
  readonly offset: number;
}

// NumPy counts bytes where this library counts bits.
const inBytes: Readonly<Record<string, DType>> = {
  u1: "u8",
  i1: "i8",
  u2: "u16",
  i2: "i16",
  u4: "u32",
  i4: "i32",
  f4: "f32",
  f8: "f64",
}; // prettier

/**
 * Reads a description of plain bytes: `DTYPE:ROWSxCOLUMNSxROWSxCOLUMNS[:OFFSET]`.
 *
 * DTYPE is one of u8 i8 u16 i16 u32 i32 f32 f64 (little-endian), or NumPy's "<u2", ">f4", "|u1", where ">" is big-endian.
 *
 * @throws ShapeError the text is not such a description
 * @example
 * parseRaw(">u2:36x40x128x128:512"); // { dtype: "u16", bigEndian: true, shape: [36, 40, 128, 128], offset: 512 }
 */
export function parseRaw(text: string): RawLayout {
  const match = /^\s*([<>|=]?)([uif]\d{1,2}):(\d+)[x×](\d+)[x×](\d+)[x×](\d+)(?::(\d+))?\s*$/i.exec(text);
  const [, order, type = "", ...lengths] = match ?? [];
  const name = type.toLowerCase();
  // After a byte order the name is NumPy's: "<u8" is a 64-bit integer, which no scan is recorded in.
  const dtype = order === "" && name in bytesPer ? (name as DType) : inBytes[name];
  const [rows, columns, height, width] = lengths.slice(0, 4).map(Number) as [number, number, number, number];
  const offset = Number(lengths[4] ?? 0);
  const total = rows * columns * height * width * 8 + offset;
  if (dtype === undefined || !(total > offset) || !Number.isSafeInteger(total)) {
    throw new ShapeError(
      `--raw: expected DTYPE:ROWSxCOLUMNSxROWSxCOLUMNS[:OFFSET], such as u16:36x40x128x128 or >u2:36x40x128x128:512, found "${text}"`,
      { expected: "DTYPE:RxCxrxc[:OFFSET]", got: text },
    );
  }
  return { dtype, bigEndian: order === ">", shape: [rows, columns, height, width], offset };
}

/**
 * Opens plain bytes that the user described. It is never recognised by itself: any bytes could be numbers.
 *
 * A wrong description that fits the file's length cannot be noticed; one that does not fit is an error, but for a
 * trailer shorter than one pattern, which the metadata counts.
 *
 * @throws FormatError  the file holds fewer patterns than described
 * @throws ShapeError   it holds whole patterns more than described
 */
export function openRaw(bytes: Bytes, layout: RawLayout, options: OpenOptions): PatternSource {
  const { dtype, bigEndian, shape, offset } = layout;
  const positions: Size = [shape[0], shape[1]];
  const pixels: Size = [shape[2], shape[3]];
  const lengths = [...shape, offset];
  if (!lengths.every(Number.isSafeInteger) || offset < 0 || !(area(positions) * area(pixels) > 0)) {
    throw new ShapeError(
      `raw: expected lengths of at least 1 and an offset of at least 0, found ${lengths.join(", ")}`,
      {
        expected: "≥ 1",
        got: lengths,
      },
    );
  }
  const stored: StoredNumber = {
    kind: dtype.startsWith("f") ? "float" : dtype.startsWith("i") ? "signed" : "unsigned",
    bytes: bytesPer[dtype] as StoredNumber["bytes"],
    bigEndian,
  };
  const pattern = area(pixels) * stored.bytes;
  const frames = framesIn(bytes, offset, pattern);
  if (frames > area(positions)) {
    throw new ShapeError(
      `${bytes.name}: expected ${area(positions)} patterns of ${pattern} bytes from byte ${offset} on, found ${frames}; ` +
        "describe all of them, or check DTYPE and the lengths",
      { expected: area(positions), got: frames },
    );
  }
  if (frames === 0 || (frames < area(positions) && !options.allowIncomplete)) {
    throw new FormatError(
      `${bytes.name}: expected ${area(positions)} patterns of ${pattern} bytes from byte ${offset} on, found ${frames}; ` +
        "the file is truncated or described wrongly",
      { file: bytes.name, offset: bytes.size },
    );
  }
  const left = bytes.size - offset - frames * pattern;
  return framesSource(bytes, options, {
    format: "raw",
    parts: [{ bytes, offset, frames }],
    stride: pattern,
    frameBytes: pattern,
    pixels,
    ...plainNumbers(stored),
    recorded: positions,
    axes: uncalibratedAxes,
    metadata: {
      "described as": `${bigEndian ? "big-endian " : ""}${dtype}, ${shape.join("×")} from byte ${offset}`,
      ...(left > 0 ? { "bytes left out": left } : {}),
    },
  });
}
