import type { Stack } from "../algebra/gram.ts";
import { nonNegativeLeastSquares, nonNegativeScratch } from "../algebra/nnls.ts";

/** One side of a factorisation, to be fitted while the other is held: ½ Σ aᵀGa − aᵀt over its columns a (positions or pixels). */
export interface SideProblem {
  readonly k: number;
  /** G, k × k: inner products of the other side's rows. */
  readonly gram: Float64Array;
  /** t, k × columns. */
  readonly targets: Stack;
  /** a, k × columns: where it starts from, and where the result goes. */
  readonly values: Float64Array;
}

/** Lowers a side's problem in place, within what its constraint allows. Never raises it, so that alternating two fits is monotone. */
export type Fit = (problem: SideProblem) => void;

/** Values ≥ 0: exact non-negative least squares of every column. */
export const nonNegativeFit: Fit = ({ k, gram, targets, values }) => {
  const scratch = nonNegativeScratch(k);
  eachColumn(k, targets, values, (target, out) => nonNegativeLeastSquares(gram, target, k, out, scratch));
};

/** Fits some rows and leaves the others as they are. */
export const holding =
  (held: readonly number[], inner: Fit): Fit =>
  ({ k, gram, targets, values }) => {
    if (held.length === 0) return inner({ k, gram, targets, values });
    const free = Array.from({ length: k }, (_, t) => t).filter((t) => !held.includes(t));
    if (free.length === 0) return;
    const columns = values.length / k;
    const rest = new Float64Array(free.length * columns);
    const own = new Float64Array(free.length * columns);
    free.forEach((t, at) => {
      own.set(values.subarray(t * columns, (t + 1) * columns), at * columns);
      for (let x = 0; x < columns; x++) {
        let target = targets[t * columns + x];
        for (const s of held) target -= gram[t * k + s] * values[s * columns + x];
        rest[at * columns + x] = target;
      }
    });
    const among = Float64Array.from({ length: free.length ** 2 }, (_, at) => {
      const [t, s] = [free[Math.floor(at / free.length)], free[at % free.length]];
      return gram[t * k + s];
    });
    inner({ k: free.length, gram: among, targets: rest, values: own });
    free.forEach((t, at) => {
      values.set(own.subarray(at * columns, (at + 1) * columns), t * columns);
    });
  };

/** Solves every column by itself: `solve` gets its k targets and leaves its k values in `out`. */
export function eachColumn(
  k: number,
  targets: Stack,
  values: Float64Array,
  solve: (target: Float64Array, out: Float64Array) => void,
): void {
  const columns = values.length / k;
  const target = new Float64Array(k);
  const out = new Float64Array(k);
  for (let x = 0; x < columns; x++) {
    for (let t = 0; t < k; t++) target[t] = targets[t * columns + x];
    solve(target, out);
    for (let t = 0; t < k; t++) values[t * columns + x] = out[t];
  }
}
