import { bytesPer, typedArray } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { NpyHeader } from "./npy-header.ts";
import { readAs, type StoredNumber, storedPart, unpack } from "./stored-numbers.ts";

/**
 * Reads patterns from an array in Fortran order, where the first index runs fastest: all positions of one pixel lie
 * together (a plane), and a pattern is scattered over the whole file.
 *
 * So patterns are gathered in bands of as many as fit `bandBytes` (default 128 MiB), each band in one read of the whole
 * file, and requests are served from the band. Reading from first to last costs ⌈size / bandBytes⌉ reads of the file.
 */
export function inFortranOrder(
  bytes: Bytes,
  { shape, dataOffset }: NpyHeader,
  stored: StoredNumber,
  bandBytes = 128 * 2 ** 20,
): (first: number, count: number, into: Uint8Array) => void {
  const dtype = readAs(stored);
  const [rows, columns] = [shape.at(-2)!, shape.at(-1)!];
  const pixels = rows * columns;
  const pattern = pixels * bytesPer[dtype];
  const recorded = shape.slice(0, -2);
  const positions = recorded.reduce((product, length) => product * length, 1);
  const most = Math.max(1, Math.min(positions, Math.floor(bandBytes / pattern)));
  let band = new Uint8Array(0);
  let bandFirst = 0;

  // Position p = row · columns + column of the scan lies at row + column · rows of each plane.
  const inPlane = (position: number): number => {
    if (recorded.length < 2) return position;
    const column = position % recorded[1]!;
    return (position - column) / recorded[1]! + column * recorded[0]!;
  };

  const gather = (first: number): void => {
    const places = Float64Array.from({ length: Math.min(most, positions - first) }, (_, index) =>
      inPlane(first + index),
    );
    const low = places.reduce((least, place) => Math.min(least, place));
    const high = places.reduce((greatest, place) => Math.max(greatest, place));
    const stretch = new Uint8Array((high - low + 1) * bytesPer[dtype]);
    const plane = typedArray(dtype, stretch.buffer);
    const gathered = new Uint8Array(places.length * pattern);
    const patterns = typedArray(dtype, gathered.buffer);
    for (let index = 0; index < pixels; index++) {
      bytes.readInto(dataOffset + (index * positions + low) * stored.bytes, storedPart(stored, stretch));
      unpack(stored, stretch, bytes.name);
      const row = index % rows;
      const pixel = row * columns + (index - row) / rows;
      for (let each = 0; each < places.length; each++) patterns[each * pixels + pixel] = plane[places[each]! - low]!;
    }
    band = gathered;
    bandFirst = first;
  };

  return (first, count, into) => {
    for (let done = 0; done < count; ) {
      const position = first + done;
      if (position < bandFirst || (position - bandFirst) * pattern >= band.length) gather(position);
      const from = (position - bandFirst) * pattern;
      const part = band.subarray(from, Math.min(band.length, from + (count - done) * pattern));
      into.set(part, done * pattern);
      done += part.length / pattern;
    }
  };
}
