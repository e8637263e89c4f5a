import { gunzipSync, unzlibSync } from "fflate";
import { adler32 } from "./adler32.ts";
import { crc32 } from "./crc32.ts";

// Deflate codes at most 258 bytes in 2 bits.
const mostRatio = 1032;

/** Unpacks a zlib stream (RFC 1950) to exactly `size` bytes and compares its checksum. @throws RangeError damaged */
export function zlibChunk(chunk: Uint8Array, size: number): Uint8Array {
  const unpacked = inflated(unzlibSync, chunk, size);
  const expected = bigEndian(chunk, chunk.length - 4);
  if (adler32(unpacked) !== expected) throw new RangeError("a zlib stream whose checksum is wrong");
  return unpacked;
}

/** Unpacks a gzip member (RFC 1952) to exactly `size` bytes and compares its checksum and length. @throws RangeError damaged */
export function gzipChunk(chunk: Uint8Array, size: number): Uint8Array {
  const unpacked = inflated(gunzipSync, chunk, size);
  const view = new DataView(chunk.buffer, chunk.byteOffset + chunk.length - 8, 8);
  if (crc32(unpacked) !== view.getUint32(0, true)) throw new RangeError("a gzip stream whose checksum is wrong");
  if (view.getUint32(4, true) !== size % 2 ** 32) throw new RangeError("a gzip stream whose length is wrong");
  return unpacked;
}

function inflated(
  inflate: (chunk: Uint8Array, options: { out: Uint8Array }) => Uint8Array,
  chunk: Uint8Array,
  size: number,
): Uint8Array {
  if (chunk.length < 6) throw new RangeError(`a deflated stream of only ${chunk.length} bytes`);
  if (size > mostRatio * chunk.length) throw new RangeError(`${size} bytes promised by ${chunk.length} deflated ones`);
  // What exceeds the room given is dropped without a word: one byte more shows that there was more.
  const room = new Uint8Array(size + 1);
  let unpacked: Uint8Array;
  try {
    unpacked = inflate(chunk, { out: room });
  } catch (error) {
    throw new RangeError(
      `a deflated stream that cannot be unpacked (${error instanceof Error ? error.message : error})`,
      {
        cause: error,
      },
    );
  }
  if (unpacked.length !== size) {
    const found = unpacked.length > size ? "more" : `${unpacked.length}`;
    throw new RangeError(`a deflated stream of ${found} bytes, not ${size}`);
  }
  return room.subarray(0, size);
}

const bigEndian = (bytes: Uint8Array, at: number): number =>
  new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, false);
