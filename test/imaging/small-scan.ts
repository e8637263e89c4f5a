import { onReference } from "../../src/engines/reference.ts";
import { arraySource } from "../../src/scan/array-source.ts";

/** A 3×4 scan of 5×6 patterns, u16; small enough that a test can compute everything by hand. */
export const positions = [3, 4] as const;
export const pixels = [5, 6] as const;

export function smallSource(value: (position: number, pixel: number) => number) {
  const values = Uint16Array.from({ length: 12 * 30 }, (_, i) => value(Math.floor(i / 30), i % 30));
  return arraySource({ positions, pixels, dtype: "u16", values });
}

/** Values that no symmetry hides a mistake behind. */
export const uneven = (position: number, pixel: number): number =>
  ((position * 37 + pixel * 11) % 23) + (pixel === 8 ? 100 : 0);

export const smallScan = () => onReference(smallSource(uneven));
