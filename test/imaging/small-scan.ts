import { onReference } from "../../src/engines/reference.ts";
import type { PatternSource } from "../../src/scan/source.ts";
import { uncalibratedAxes } from "../../src/scan/source.ts";

/** A 3×4 scan of 5×6 patterns, u16; small enough that a test can compute everything by hand. */
export const positions = [3, 4] as const;
export const pixels = [5, 6] as const;

export function smallSource(value: (position: number, pixel: number) => number): PatternSource {
  const data = new Uint16Array(12 * 30);
  for (let i = 0; i < data.length; i++) data[i] = value(Math.floor(i / 30), i % 30);
  const bytes = new Uint8Array(data.buffer);
  return {
    name: "small",
    format: "array",
    positions,
    pixels,
    dtype: "u16",
    axes: uncalibratedAxes,
    metadata: {},
    descriptor: { kind: "array" },
    read: async (first, count, into) => into.set(bytes.subarray(first * 60, (first + count) * 60)),
    close: () => {},
  };
}

/** Values that no symmetry hides a mistake behind. */
export const uneven = (position: number, pixel: number): number =>
  ((position * 37 + pixel * 11) % 23) + (pixel === 8 ? 100 : 0);

export const smallScan = () => onReference(smallSource(uneven));
