import { log } from "../algebra/elementary.ts";
/**
 * Number of components before the elbow of a scree plot: the value farthest from the straight line between the first and the
 * last logarithm is the first that belongs to the tail.
 *
 * The distance is that of HyperSpy, whose `number_significant_components` is one more and so counts the first value of the
 * noise as a component (12 of 12 scans with known truth).
 *
 * @param explained  ratios of the total, largest first
 * @param most       look at this many values after the first, default 20
 * @returns 1 … explained.length
 * @see Satopää et al., ICDCS Workshops (2011) 166
 * @example
 * elbow(Float64Array.of(0.9, 0.05, 0.001, 0.0009, 0.0008)); // 2
 */
export function elbow(explained: Float64Array, most = 20): number {
  const last = Math.min(most, explained.length - 1);
  const height = (k: number): number => log(Math.max(explained[k], 1e-30));
  let farthest = 0;
  let largest = 0;
  for (let k = 0; k < last; k++) {
    // Twice the area of the triangle; only its order matters. Below the line: the tail bends away under the chord.
    const distance = last * (height(0) - height(k)) + k * (height(last) - height(0));
    if (distance > largest) {
      largest = distance;
      farthest = k;
    }
  }
  return Math.max(1, farthest);
}
