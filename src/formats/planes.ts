import { area, type Size } from "../scan/scan.ts";
import { bytesPer, typedArray } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import { readAs, type StoredNumber, storedPart, unpack } from "./stored-numbers.ts";

/** A scan stored pixel by pixel: plane i holds the values of pixel i at all positions, both row by row. */
export interface Planes {
  readonly offset: number;
  readonly stored: StoredNumber;
  readonly positions: Size;
  readonly pixels: Size;
}

// Written together they fill cache lines; written one by one, every number costs a line of its own.
const planesAtOnce = 32;

/**
 * Reads patterns from a scan that is stored as images, so that a pattern is scattered over the whole file.
 *
 * Patterns are gathered in bands of as many as fit `bandBytes` (default 128 MiB), each band in one read of the whole file,
 * and requests are served from the band. Reading from first to last costs ⌈size / bandBytes⌉ reads of the file.
 */
export function fromPlanes(
  bytes: Bytes,
  { offset, stored, positions, pixels }: Planes,
  bandBytes = 128 * 2 ** 20,
): (first: number, count: number, into: Uint8Array) => void {
  const dtype = readAs(stored);
  const pattern = area(pixels) * bytesPer[dtype];
  const most = Math.max(1, Math.min(area(positions), Math.floor(bandBytes / pattern)));
  let band = new Uint8Array(0);
  let bandFirst = 0;

  const gather = (first: number): void => {
    const count = Math.min(most, area(positions) - first);
    const stretch = count * bytesPer[dtype];
    const strip = new Uint8Array(planesAtOnce * stretch);
    const planes = typedArray(dtype, strip.buffer);
    const gathered = new Uint8Array(count * pattern);
    const patterns = typedArray(dtype, gathered.buffer);
    for (let pixel = 0; pixel < area(pixels); pixel += planesAtOnce) {
      const these = Math.min(planesAtOnce, area(pixels) - pixel);
      for (let plane = 0; plane < these; plane++) {
        const part = strip.subarray(plane * stretch, (plane + 1) * stretch);
        bytes.readInto(offset + ((pixel + plane) * area(positions) + first) * stored.bytes, storedPart(stored, part));
        unpack(stored, part, bytes.name);
      }
      for (let each = 0, to = pixel; each < count; each++, to += area(pixels)) {
        for (let plane = 0, from = each; plane < these; plane++, from += count) patterns[to + plane] = planes[from]!;
      }
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
