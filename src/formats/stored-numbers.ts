import { FormatError } from "../scan/errors.ts";
import { bytesPer, type DType } from "../scan/source.ts";

/** How a file stores a number. Patterns leave `formats` as a {@link DType} in little-endian order, which is every machine's that JavaScript engines run on. */
export interface StoredNumber {
  readonly kind: "unsigned" | "signed" | "float" | "boolean";
  readonly bytes: 1 | 2 | 4 | 8;
  readonly bigEndian: boolean;
}

/** The element type that a stored number is read as: booleans as u8, half floats as f32, 64-bit integers as f64. */
export function readAs({ kind, bytes }: StoredNumber): DType {
  if (kind === "boolean") return "u8";
  if (kind === "float") return bytes === 8 ? "f64" : "f32";
  if (bytes === 8) return "f64";
  const sign = kind === "signed" ? "i" : "u";
  return `${sign}${(bytes * 8) as 8 | 16 | 32}`;
}

/** Where in `into` the stored bytes go before {@link unpack}: all of it, or its last half where numbers widen. */
export function storedPart(stored: StoredNumber, into: Uint8Array): Uint8Array {
  const count = into.length / bytesPer[readAs(stored)];
  return into.subarray(into.length - count * stored.bytes);
}

/**
 * Turns stored bytes, which lie in {@link storedPart} of `into`, into numbers of {@link readAs}, in place.
 *
 * @throws FormatError a 64-bit integer that float64 cannot hold exactly (beyond ±2⁵³)
 */
export function unpack(stored: StoredNumber, into: Uint8Array, file: string): void {
  if (stored.bigEndian && stored.bytes > 1) swapBytes(storedPart(stored, into), stored.bytes);
  if (stored.kind === "float" && stored.bytes === 2) widenHalfFloats(into);
  else if (stored.kind !== "float" && stored.bytes === 8) widenIntegers(into, stored.kind === "signed", file);
}

/** Reverses every number. Four bytes at a time where memory allows, which is several times as fast as byte by byte. */
/** Turns round the bytes of every number, in place. */
export function swapBytes(bytes: Uint8Array, width: 2 | 4 | 8 | 1): void {
  let done = 0;
  if (width < 8 && bytes.byteOffset % 4 === 0) {
    const words = new Uint32Array(bytes.buffer, bytes.byteOffset, bytes.length >> 2);
    for (let index = 0; index < words.length; index++) {
      const word = words[index]!;
      const pairs = ((word & 0x00ff00ff) << 8) | ((word >>> 8) & 0x00ff00ff);
      words[index] = width === 2 ? pairs : (pairs << 16) | (pairs >>> 16);
    }
    done = 4 * words.length;
  }
  for (let at = done; at < bytes.length; at += width) {
    for (let low = at, high = at + width - 1; low < high; low++, high--) {
      const byte = bytes[low]!;
      bytes[low] = bytes[high]!;
      bytes[high] = byte;
    }
  }
}

/** The halves lie in the last half of `into`; writing from the front never overtakes reading. */
function widenHalfFloats(into: Uint8Array): void {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  const count = into.length / 4;
  for (let index = 0; index < count; index++) {
    view.setFloat32(4 * index, halfFloat(view.getUint16(2 * (count + index), true)), true);
  }
}

/** IEEE 754 binary16: sign, 5 bits of exponent (bias 15), 10 bits of fraction. */
function halfFloat(bits: number): number {
  const sign = bits & 0x8000 ? -1 : 1;
  const exponent = (bits >> 10) & 0x1f;
  const fraction = bits & 0x3ff;
  if (exponent === 0) return sign * fraction * 2 ** -24;
  if (exponent === 31) return fraction === 0 ? sign * Number.POSITIVE_INFINITY : Number.NaN;
  return sign * (1024 + fraction) * 2 ** (exponent - 25);
}

function widenIntegers(into: Uint8Array, signed: boolean, file: string): void {
  const view = new DataView(into.buffer, into.byteOffset, into.byteLength);
  for (let at = 0; at < into.length; at += 8) {
    const high = signed ? view.getInt32(at + 4, true) : view.getUint32(at + 4, true);
    const value = high * 2 ** 32 + view.getUint32(at, true);
    if (!Number.isSafeInteger(value)) {
      throw new FormatError(
        `${file}: expected 64-bit integers within ±2^53, found about ${value}; convert it to float64`,
        {
          file,
        },
      );
    }
    view.setFloat64(at, value, true);
  }
}
