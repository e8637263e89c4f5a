import type { Patterns } from "../scan/scan.ts";

/**
 * A disk for a first bright-field image: a tenth of the detector's shorter side wide, about its brightest part. The main job takes the direct
 * beam instead, where alignment found it.
 *
 * @param mean  the mean pattern, one
 * @returns centre and radius, px
 * @example
 * const { centre, radius } = brightFieldDisk(await meanPattern(scan));
 */
export function brightFieldDisk(mean: Patterns): {
  readonly centre: readonly [row: number, column: number];
  readonly radius: number;
} {
  const [rows, columns] = mean.size;
  const radius = Math.max(1, Math.min(rows, columns) / 20);
  let best = Number.NEGATIVE_INFINITY;
  let centre: readonly [number, number] = [(rows - 1) / 2, (columns - 1) / 2];
  const reach = Math.ceil(radius);
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      for (let y = Math.max(0, r - reach); y <= Math.min(rows - 1, r + reach); y++) {
        for (let x = Math.max(0, c - reach); x <= Math.min(columns - 1, c + reach); x++)
          sum += mean.values[y * columns + x];
      }
      if (sum > best) [best, centre] = [sum, [r, c]];
    }
  }
  return { centre, radius };
}
