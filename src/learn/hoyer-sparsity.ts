import { type Fit, nonNegativeFit } from "./fits.ts";

/**
 * Hoyer's sparsity (√n − ‖x‖₁/‖x‖₂) ÷ (√n − 1): 0 where all values are the same, 1 where only one is not 0.
 *
 * @param values  n ≥ 2 values, not all 0
 * @see Hoyer, J. Mach. Learn. Res. 5 (2004) 1457, section 3.1
 * @example
 * hoyerSparsity(Float64Array.of(0, 3, 0, 4)); // (2 − 7/5) ÷ 1 = 0.6
 */
export function hoyerSparsity(values: Float32Array | Float64Array): number {
  let [sum, squares] = [0, 0];
  for (const value of values) {
    sum += Math.abs(value);
    squares += value * value;
  }
  const root = Math.sqrt(values.length);
  return (root - sum / Math.sqrt(squares)) / (root - 1);
}

/**
 * The nearest point ≥ 0 of the given sparsity, in place; zeros where that is nearest.
 *
 * It is the point's part above one threshold, scaled; the threshold follows from sorted values in closed form, so the sparsity is
 * attained to rounding. Of equal values the first counts as the largest, where that must be decided.
 *
 * @param point     n ≥ 2 values, finite
 * @param sparsity  above 0, below 1
 * @see Hoyer (2004), section 3.2 (the projection); Thom & Palm, J. Mach. Learn. Res. 14 (2013) 1091, theorem 3 (as one threshold)
 * @example
 * const point = Float64Array.of(1, 2, 3, 4);
 * projectOntoSparsity(point, 0.6);
 */
export function projectOntoSparsity(point: Float64Array, sparsity: number): void {
  const root = Math.sqrt(point.length);
  const wanted = root - sparsity * (root - 1);
  const above = part(point, wanted) ?? part(slanted(point), wanted)!;
  let [squares, along] = [0, 0];
  for (let x = 0; x < point.length; x++) {
    squares += above[x] * above[x];
    along += above[x] * point[x];
  }
  const scale = Math.max(0, along / squares);
  for (let x = 0; x < point.length; x++) point[x] = scale * above[x];
}

/** (x − τ)₊ with ‖·‖₁ = `wanted` · ‖·‖₂; undefined where equal values leave no such τ. */
function part(point: Float64Array, wanted: number): Float64Array | undefined {
  const descending = point.slice().sort().reverse();
  // Differences from the largest value: nothing cancels where all lie far from 0.
  const [most, n] = [descending[0], descending.length];
  let [sum, squares] = [0, 0];
  for (let p = 1; p <= n; p++) {
    const value = descending[p - 1] - most;
    sum += value;
    squares += value * value;
    if (p <= wanted * wanted) continue;
    const mean = sum / p;
    const variance = squares / p - mean * mean;
    const threshold = mean - wanted * Math.sqrt(Math.max(0, variance) / (p - wanted * wanted));
    const next = p < n ? descending[p] - most : -Infinity;
    if (threshold < next) continue;
    if (!(threshold < value)) return undefined;
    return point.map((x) => Math.max(0, x - most - threshold));
  }
  return undefined;
}

/** The point with equal values told apart, the first the largest. */
function slanted(point: Float64Array): Float64Array {
  const size = point.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  return point.map((value, x) => value - (1e-9 * size * x) / point.length);
}

/** Rounds over the rows in one fit. */
const ROUNDS = 3;

/**
 * Rows ≥ 0 that each have the given sparsity: one row after another is put where it is best while the others stay.
 * Columns in which nothing was recorded stay 0 and do not count.
 *
 * @see Potluru et al., Int. Conf. Learn. Represent. (2013), arXiv 1301.3527 (block coordinate descent)
 */
export const sparseFit =
  (sparsity: number): Fit =>
  ({ k, gram, targets, values }) => {
    const columns = values.length / k;
    const used = Int32Array.from(
      Array.from({ length: columns }, (_, x) => x).filter((x) => {
        for (let t = 0; t < k; t++) if (targets[t * columns + x] !== 0) return true;
        return false;
      }),
    );
    // One value has no sparsity.
    if (used.length < 2) return nonNegativeFit({ k, gram, targets, values });
    const row = new Float64Array(used.length);
    for (let round = 0; round < ROUNDS; round++) {
      for (let t = 0; t < k; t++) {
        if (!(gram[t * k + t] > 0)) continue;
        for (let i = 0; i < used.length; i++) {
          let target = targets[t * columns + used[i]];
          for (let s = 0; s < k; s++) if (s !== t) target -= gram[t * k + s] * values[s * columns + used[i]];
          row[i] = target / gram[t * k + t];
        }
        projectOntoSparsity(row, sparsity);
        const own = values.subarray(t * columns, (t + 1) * columns).fill(0);
        for (let i = 0; i < used.length; i++) own[used[i]] = row[i];
      }
    }
  };
