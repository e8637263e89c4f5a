/**
 * Projects a point onto the probability simplex in place: the nearest p with p ≥ 0 and Σp = 1.
 *
 * @param point  k values, finite
 * @see Held, Wolfe & Crowder, Math. Program. 6 (1974) 62; Condat, Math. Program. 158 (2016) 575, algorithm 1
 * @example
 * const p = Float64Array.of(1, 1, -3);
 * projectOntoSimplex(p); // p = [0.5, 0.5, 0]
 */
export function projectOntoSimplex(point: Float64Array): void {
  // Typed arrays sort by number.
  const descending = point.slice().sort().reverse();
  let sum = 0;
  let threshold = 0;
  for (let i = 0; i < descending.length; i++) {
    sum += descending[i];
    const candidate = (sum - 1) / (i + 1);
    if (descending[i] <= candidate) break;
    threshold = candidate;
  }
  for (let i = 0; i < point.length; i++) point[i] = Math.max(0, point[i] - threshold);
}
