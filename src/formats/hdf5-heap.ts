import { FormatError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";

const signature = [0x47, 0x43, 0x4f, 0x4c, 1]; // "GCOL", version 1
const headerBytes = 16;
const windowBytes = 2 ** 16;

/**
 * Checks a global heap collection, where HDF5 keeps text of variable length, if one starts at that byte.
 *
 * The library walks from object to object by their sizes and never ends where a damaged size leads in a circle, so
 * the same walk is made here first.
 *
 * @throws FormatError an object's size leads out of the collection, or nowhere
 * @see HDF5 File Format Specification 3.0, III.E "Disk Format: Level 1E - Global Heap"
 */
export function checkGlobalHeap(bytes: Bytes, offset: number): void {
  if (offset + headerBytes > bytes.size) return;
  const start = bytes.read(offset, headerBytes);
  if (!signature.every((byte, index) => start[index] === byte)) return;
  const damaged = (at: number, what: string): FormatError =>
    new FormatError(`${bytes.name}: expected text of the HDF5 file at byte ${at}, found ${what}; the file is damaged`, {
      file: bytes.name,
      offset: at,
    });
  const size = sizeAt(start, 8);
  if (size < headerBytes || offset + size > bytes.size) throw damaged(offset, `a collection of ${size} bytes`);
  // Windows, since one object may be as large as the file allows, or a damaged size say so.
  let window = { from: offset, bytes: start };
  for (let at = headerBytes; at + headerBytes <= size; ) {
    if (offset + at + headerBytes > window.from + window.bytes.length) {
      window = { from: offset + at, bytes: bytes.read(offset + at, Math.min(windowBytes, size - at)) };
    }
    const here = offset + at - window.from;
    const index = window.bytes[here]! + 256 * window.bytes[here + 1]!;
    const length = sizeAt(window.bytes, here + 8);
    // Object 0 is the free rest, and its size counts its header; the others are padded to 8 bytes.
    const next = at + (index === 0 ? length : headerBytes + Math.ceil(length / 8) * 8);
    if (next < at + headerBytes || next > size) throw damaged(offset + at, `an object of ${length} bytes`);
    at = next;
  }
}

function sizeAt(bytes: Uint8Array, at: number): number {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  return view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
}
