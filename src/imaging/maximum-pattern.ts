import { area, type Patterns, patterns, type Scan } from "../scan/scan.ts";
import { type PatternSource, patternBytes, readPatterns, type Watch } from "../scan/source.ts";

/** Patterns are read in blocks of about this many bytes: large enough to read fast, small beside any scan. */
const blockBytes = 8 * 2 ** 20;

export interface MaximumPatternOptions extends Watch {
  /** The same patterns on an engine, whose threads then take the maximum. */
  readonly scan?: Scan;
}

/**
 * The largest value that each pixel has anywhere in the scan: shows reflections that a few positions only have.
 *
 * A maximum is no matrix product: where the engine does not offer it, the source itself is read, block by block. One read.
 *
 * @param source  where the patterns come from
 * @returns one pattern [counts]; NaN values are passed over, and a pixel that is never a number is NaN
 * @throws FormatError  patterns cannot be read
 * @throws AbortError   signal was aborted
 * @example
 * const brightest = await maximumPattern(source);
 */
export async function maximumPattern(
  source: PatternSource,
  { scan, signal, onProgress }: MaximumPatternOptions = {},
): Promise<Patterns> {
  signal?.throwIfAborted();
  if (scan?.maximum) return scan.maximum();
  const pixels = area(source.pixels);
  const positions = area(source.positions);
  const block = Math.max(1, Math.floor(blockBytes / patternBytes(source)));
  const maximum = new Float32Array(pixels).fill(-Infinity);
  for (let first = 0; first < positions; first += block) {
    signal?.throwIfAborted();
    const count = Math.min(block, positions - first);
    const values = await readPatterns(source, first, count);
    for (let at = 0; at < values.length; at += pixels) {
      for (let pixel = 0; pixel < pixels; pixel++) {
        const value = values[at + pixel];
        // False for NaN, so a value that is not a number is passed over.
        if (value > maximum[pixel]) maximum[pixel] = value;
      }
    }
    onProgress?.("maximum pattern", (first + count) / positions);
  }
  return patterns(
    source.pixels,
    maximum.map((value) => (value === -Infinity ? Number.NaN : value)),
  );
}
