import { median } from "../algebra/median.ts";
import type { Size } from "../scan/scan.ts";

/** Pixels that never tell the truth, by index; looked up while windows are cut out. */
export type BadPixels = ReadonlySet<number>;

/**
 * Finds dead and hot pixels in a mean pattern: single pixels that stand out from all of their neighbours as no spot,
 * however small, can.
 *
 * Hot: more than 25 times the brightest of the 8 neighbours (a Gaussian spot of σ = 0.4 px reaches 23). Dead: nothing,
 * where every neighbour recorded something and the median of them at least 20 counts in all.
 *
 * @param mean   mean pattern over `count` patterns, row-major
 */
export function findBadPixels(mean: Float32Array, size: Size, count: number): BadPixels {
  const [rows, columns] = size;
  const bad = new Set<number>();
  const around = new Float64Array(8);
  const typical = mean.reduce((sum, value) => sum + value, 0) / mean.length;
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      let n = 0;
      for (let dr = -1; dr <= 1; dr++) {
        for (let dc = -1; dc <= 1; dc++) {
          if ((dr === 0 && dc === 0) || r + dr < 0 || r + dr >= rows || c + dc < 0 || c + dc >= columns) continue;
          around[n++] = mean[(r + dr) * columns + c + dc]!;
        }
      }
      const value = mean[r * columns + c]!;
      const neighbours = around.subarray(0, n);
      const brightest = Math.max(...neighbours);
      const hot = value > 25 * Math.max(brightest, 0.02 * typical) && value > 4 * typical;
      const dead = value === 0 && Math.min(...neighbours) > 0 && median(neighbours) * count >= 20;
      if (hot || dead) bad.add(r * columns + c);
    }
  }
  return bad;
}
