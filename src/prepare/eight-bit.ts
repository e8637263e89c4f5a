import { DataError, ShapeError } from "../scan/errors.ts";
import { area } from "../scan/scan.ts";
import { type PatternSource, readPatterns, type SourceDescriptor } from "../scan/source.ts";

/** What becomes of values that eight bits cannot hold. Without either, they are an error. */
export interface EightBitOptions {
  /** 0 … max becomes 0 … 255, rounded. Values beyond are an error unless they are clipped. */
  readonly max?: number;
  /** Values below 0 become 0, values above 255 (or above `max`) become 255, fractions are rounded. */
  readonly clip?: boolean;
}

/**
 * The source with u8 numbers. Nothing is changed unless it is asked for: a value that is not a whole number 0 … 255 is an error
 * that says where it is.
 *
 * @throws ShapeError  max is not a number above 0
 * @throws DataError   on reading: a value that does not fit, NaN included
 * @example
 * const counts = eightBit(source, { max: 4095 });
 */
export function eightBit(source: PatternSource, { max, clip = false }: EightBitOptions = {}): PatternSource {
  if (max !== undefined && !(max > 0 && Number.isFinite(max))) {
    throw new ShapeError(`max: expected a number above 0, found ${max}`, { expected: "> 0", got: max });
  }
  if (source.dtype === "u8" && max === undefined) return source;
  const factor = max === undefined ? 1 : 255 / max;
  const most = max ?? 255;
  const pixels = area(source.pixels);
  const refused = (value: number, index: number, first: number): DataError => {
    const [position, pixel] = [first + Math.floor(index / pixels), index % pixels];
    const place = `position ${position}, pixel ${pixel}`;
    const what = max === undefined && !clip ? "whole numbers 0 … 255" : `numbers 0 … ${most}`;
    const advice = Number.isNaN(value) ? "replace it" : "scale the values (--scale MAX), or cut them off (--clip)";
    return new DataError(`${source.name}: expected ${what} for 8 bits, found ${value} at ${place}; ${advice}`, {
      position,
      pixel,
    });
  };
  return {
    ...source,
    format: "eight-bit",
    dtype: "u8",
    descriptor: { kind: "eight-bit", of: source.descriptor, options: { ...(max !== undefined && { max }), clip } },
    async read(first, count, into) {
      const values = await readPatterns(source, first, count);
      for (let i = 0; i < values.length; i++) {
        const value = values[i]!;
        const fits = value >= 0 && value <= most && (max !== undefined || clip || Number.isInteger(value));
        if (!fits && (!clip || Number.isNaN(value))) throw refused(value, i, first);
        into[i] = Math.round(Math.min(most, Math.max(0, value)) * factor);
      }
    },
    close: () => source.close(),
  };
}

/** Opens what {@link eightBit} described, once its inner source is open. */
export async function openEightBit(
  descriptor: SourceDescriptor,
  openInner: (inner: SourceDescriptor) => Promise<PatternSource>,
): Promise<PatternSource> {
  const { of, options } = descriptor as unknown as { of: SourceDescriptor; options: EightBitOptions };
  return eightBit(await openInner(of), options);
}
