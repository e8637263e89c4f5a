import { unzlibSync } from "fflate";
import { adler32 } from "./adler32.ts";

/** Why a block cannot be unpacked; who reads it knows the file and the byte. */
export class TiffBlockError extends Error {}

/** Codes of tag 259 that are read. */
export const codecs: Readonly<Record<number, (packed: Uint8Array, length: number) => Uint8Array>> = {
  5: lzw,
  8: deflated,
  32946: deflated,
  32773: packBits,
};

export const otherCodecs: Readonly<Record<number, string>> = {
  2: "CCITT fax",
  3: "CCITT fax",
  4: "CCITT fax",
  6: "JPEG",
  7: "JPEG",
  34712: "JPEG 2000",
  34887: "LERC",
  34925: "LZMA",
  50000: "Zstandard",
  50001: "WebP",
};

/** zlib (RFC 1950), its Adler-32 included. */
function deflated(packed: Uint8Array, length: number): Uint8Array {
  let unpacked: Uint8Array;
  try {
    // One byte more than promised, so that a stream that is too long is noticed.
    unpacked = unzlibSync(packed, { out: new Uint8Array(length + 1) });
  } catch (error) {
    throw new TiffBlockError("a deflated block that cannot be unpacked", { cause: error });
  }
  if (unpacked.length !== length) throw new TiffBlockError(`a deflated block of ${unpacked.length} bytes`);
  const view = new DataView(packed.buffer, packed.byteOffset, packed.byteLength);
  if (view.getUint32(packed.length - 4) !== adler32(unpacked)) {
    throw new TiffBlockError("a deflated block with another checksum");
  }
  return unpacked;
}

/** TIFF 6.0, section 9: a count of 0 … 127 copies count + 1 bytes, −1 … −127 repeats the next byte 1 − count times. */
function packBits(packed: Uint8Array, length: number): Uint8Array {
  const unpacked = new Uint8Array(length);
  let at = 0;
  let done = 0;
  while (done < length) {
    const count = packed[at++];
    if (count === undefined) throw new TiffBlockError(`a packed block that ends after ${done} of ${length} bytes`);
    if (count === 128) continue;
    const run = count < 128 ? count + 1 : 257 - count;
    const needed = count < 128 ? run : 1;
    if (at + needed > packed.length || done + run > length) {
      throw new TiffBlockError(`a packed block with a run of ${run} bytes at byte ${done} of ${length}`);
    }
    if (count < 128) unpacked.set(packed.subarray(at, at + run), done);
    else unpacked.fill(packed[at]!, done, done + run);
    at += needed;
    done += run;
  }
  return unpacked;
}

const [clear, end, firstFree, tableSize] = [256, 257, 258, 4096];

/** TIFF 6.0, section 13: codes of 9 to 12 bits, most significant bit first, which widen one code early. */
function lzw(packed: Uint8Array, length: number): Uint8Array {
  const unpacked = new Uint8Array(length);
  // The string of a code is that of its prefix and one more byte; single bytes are their own codes.
  const prefix = new Uint16Array(tableSize);
  const suffix = new Uint8Array(tableSize);
  const lengths = new Uint16Array(tableSize).fill(1, 0, 256);
  for (let byte = 0; byte < 256; byte++) suffix[byte] = byte;
  let next = firstFree;
  let width = 9;
  let previous = -1;
  let done = 0;
  let bits = 0;
  let held = 0;
  for (let at = 0; done < length; ) {
    while (held < width) {
      if (at >= packed.length) throw new TiffBlockError(`an LZW block that ends after ${done} of ${length} bytes`);
      bits = ((bits << 8) | packed[at++]!) & 0xffffff;
      held += 8;
    }
    held -= width;
    const code = (bits >> held) & ((1 << width) - 1);
    if (code === end) throw new TiffBlockError(`an LZW block that ends after ${done} of ${length} bytes`);
    if (code === clear) {
      next = firstFree;
      width = 9;
      previous = -1;
      continue;
    }
    if (code > next || (code === next && previous < 0) || (previous < 0 && code > 255)) {
      throw new TiffBlockError(`an LZW code ${code} that is not in the table`);
    }
    // A code that is not there yet is the last string and its own first byte.
    const known = code < next ? code : previous;
    const string = lengths[known]!;
    const total = code < next ? string : string + 1;
    if (done + total > length) throw new TiffBlockError(`an LZW block of more than ${length} bytes`);
    for (let place = done + string - 1, each = known; place >= done; place--) {
      unpacked[place] = suffix[each]!;
      each = prefix[each]!;
    }
    const first = unpacked[done]!;
    if (total > string) unpacked[done + string] = first;
    done += total;
    if (previous >= 0 && next < tableSize) {
      prefix[next] = previous;
      suffix[next] = first;
      lengths[next] = lengths[previous]! + 1;
      next++;
      if (next === (1 << width) - 1 && width < 12) width++;
    }
    previous = code;
  }
  return unpacked;
}

/**
 * Undoes the predictor of one block in place: 2 stores each number as the difference from its left neighbour, 3 stores
 * floats as differences of bytes, most significant bytes of a row first.
 *
 * @param width      bytes per number
 * @param bigEndian  byte order of the file, which the numbers keep
 * @see TIFF 6.0, section 14; Adobe Photoshop TIFF Technical Note 3
 */
export function undoPredictor(
  predictor: number,
  block: Uint8Array,
  columns: number,
  width: number,
  bigEndian: boolean,
): void {
  const row = columns * width;
  for (let start = 0; start < block.length; start += row) {
    const numbers = block.subarray(start, start + row);
    if (predictor === 2) addNeighbours(numbers, width, bigEndian);
    else if (predictor === 3) joinFloats(numbers, width, bigEndian);
  }
}

function addNeighbours(row: Uint8Array, width: number, bigEndian: boolean): void {
  const view = new DataView(row.buffer, row.byteOffset, row.byteLength);
  const little = !bigEndian;
  for (let at = width; at < row.length; at += width) {
    if (width === 1) row[at] = row[at]! + row[at - 1]!;
    else if (width === 2) view.setUint16(at, view.getUint16(at, little) + view.getUint16(at - 2, little), little);
    else if (width === 4) view.setUint32(at, view.getUint32(at, little) + view.getUint32(at - 4, little), little);
    else view.setBigUint64(at, view.getBigUint64(at, little) + view.getBigUint64(at - 8, little), little);
  }
}

function joinFloats(row: Uint8Array, width: number, bigEndian: boolean): void {
  for (let at = 1; at < row.length; at++) row[at] = row[at]! + row[at - 1]!;
  const planes = row.slice();
  const columns = row.length / width;
  for (let column = 0; column < columns; column++) {
    for (let byte = 0; byte < width; byte++) {
      row[column * width + (bigEndian ? byte : width - 1 - byte)] = planes[byte * columns + column]!;
    }
  }
}
