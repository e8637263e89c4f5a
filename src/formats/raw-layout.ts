import { ShapeError } from "../scan/errors.ts";
import { bytesPer, type DType } from "../scan/source.ts";

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
