import type { FactorSpace } from "./factor-space.ts";

/** Loadings positions × k and factors pixels × k, side by side, and how the descent ended. */
export interface Factorisation {
  readonly loadings: Float64Array;
  readonly factors: Float64Array;
  /** ‖X − L·Fᵀ‖ as the factor space knows it: what lies outside it is counted in full. */
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
}

export interface DescentOptions {
  /** Stop when the squared objective falls by less than this part of itself in one iteration. */
  readonly tolerance: number;
  readonly maximumIterations: number;
  readonly signal?: AbortSignal | undefined;
}

/** Sweeps over the components of one row before the next is taken: nearly free beside the products that they need. */
const INNER_SWEEPS = 4;

/**
 * Non-negative factorisation of A·Vᵀ from given factors: block coordinate descent (HALS) with extrapolated factors,
 * all of it in r dimensions.
 *
 * The loadings of the start follow from its factors. An extrapolation that raises the objective is taken back, so the
 * result is never worse than any iterate. About 4·(positions + pixels)·r·k operations for each iteration.
 *
 * @param start factors, pixels × k, ≥ 0; not changed
 * @see Cichocki & Phan, IEICE Trans. Fundam. E92-A (2009) 708 (HALS); Gillis & Glineur, Neural Comput. 24 (2012) 1085
 *      (inner sweeps); Ang & Gillis, Neural Comput. 31 (2019) 417, algorithm 3 (extrapolation and its steps)
 */
export function descend(space: FactorSpace, start: Float64Array, k: number, options: DescentOptions): Factorisation {
  const { tolerance, maximumIterations, signal } = options;
  const { rank, a, v } = space;
  let kept: Float64Array = start.slice();
  let next: Float64Array = start.slice();
  const ahead = start.slice();
  const loadings = new Float64Array(space.positions * k);
  const ofFactors = side(rank, k);
  const ofLoadings = side(rank, k);
  pass(v, ahead, ahead, 0, side(rank, k), ofFactors, 0);
  let least = Infinity;
  let [reach, most, safe] = [0.5, 1, 0.5];
  let iterations = 0;
  let converged = false;
  let small = 0;
  while (iterations < maximumIterations && !converged) {
    signal?.throwIfAborted();
    // From zeros the first rows need more sweeps than rows that continue.
    pass(a, loadings, loadings, 0, ofFactors, ofLoadings, iterations === 0 ? 10 * INNER_SWEEPS : INNER_SWEEPS);
    next.set(ahead);
    // `kept` is where the last accepted step ended; the pass leaves next + reach·(next − kept) in `ahead`.
    const gained = pass(v, next, kept, iterations === 0 ? 0 : reach, ofLoadings, ofFactors, INNER_SWEEPS, ahead);
    const objective = Math.max(0, space.squaredNorm - gained);
    iterations++;
    if (objective > least) {
      [most, reach] = [safe, reach / 1.5];
      ahead.set(kept);
      pass(v, ahead, ahead, 0, side(rank, k), ofFactors, 0);
      continue;
    }
    // One small step may only mean that the extrapolation has just been taken back.
    small = least - objective <= tolerance * (objective + space.outside) ? small + 1 : 0;
    // Below 10⁻¹⁵ of the norm only rounding is left.
    converged = small === 3 || objective <= 1e-15 * space.squaredNorm;
    least = objective;
    safe = reach;
    most = Math.min(1, most * 1.01);
    reach = Math.min(most, reach * 1.05);
    [kept, next] = [next, kept];
  }
  // The loadings belong to the extrapolated factors: fit them once more to those that are kept.
  pass(v, kept, kept, 0, side(rank, k), ofFactors, 0);
  least = Math.max(0, space.squaredNorm - pass(a, loadings, loadings, 0, ofFactors, ofLoadings, 2 * INNER_SWEEPS));
  return { loadings, factors: kept, objective: Math.sqrt(least + space.outside), iterations, converged };
}

/** Factors that fit given loadings over all pixels of a space; the loadings may cover other positions (a part of the scan). */
export function factorsFor(space: FactorSpace, loadings: Float64Array, of: FactorSpace, k: number): Float64Array {
  const ofLoadings = side(space.rank, k);
  pass(of.a, loadings, loadings, 0, side(space.rank, k), ofLoadings, 0);
  const factors = new Float64Array(space.pixels * k);
  pass(space.v, factors, factors, 0, ofLoadings, side(space.rank, k), 10 * INNER_SWEEPS);
  return factors;
}

/** What one side's values Y tell the other: pointsᵀ·Y as k × r, and YᵀY. */
interface Side {
  readonly rank: number;
  readonly k: number;
  readonly projected: Float64Array;
  readonly gram: Float64Array;
}

const side = (rank: number, k: number): Side => ({
  rank,
  k,
  projected: new Float64Array(k * rank),
  gram: new Float64Array(k * k),
});

/**
 * One pass over the points: improves the rows of Y for the other side held fixed, puts Y + reach·(Y − before), ≥ 0,
 * into `ahead`, and sums up what the other side needs of that.
 *
 * @returns 2⟨points·projectedᵀ, Y⟩ − ⟨gram, YᵀY⟩: by how much the improved Y lowers the squared norm
 */
function pass(
  points: Float64Array,
  y: Float64Array,
  before: Float64Array,
  reach: number,
  from: Side,
  into: Side,
  sweeps: number,
  ahead: Float64Array = y,
): number {
  const { rank, k, projected, gram } = from;
  const rows = y.length / k;
  const target = new Float64Array(k);
  const row = new Float64Array(k);
  const inverse = Float64Array.from({ length: k }, (_, t) => (gram[t * k + t] > 0 ? 1 / gram[t * k + t] : 0));
  const [sums, products] = [into.projected, into.gram];
  sums.fill(0);
  products.fill(0);
  let gained = 0;
  for (let i = 0; i < rows; i++) {
    const point = i * rank;
    const at = i * k;
    if (sweeps > 0) {
      for (let t = 0; t < k; t++) {
        let sum = 0;
        const other = t * rank;
        for (let c = 0; c < rank; c++) sum += points[point + c] * projected[other + c];
        target[t] = sum;
        row[t] = y[at + t];
      }
      improve(row, target, gram, inverse, k, sweeps);
      for (let t = 0; t < k; t++) {
        let half = target[t];
        for (let s = 0; s < t; s++) half -= gram[t * k + s] * row[s];
        gained += row[t] * (2 * half - gram[t * k + t] * row[t]);
        y[at + t] = row[t];
      }
    } else for (let t = 0; t < k; t++) row[t] = y[at + t];
    if (reach > 0) {
      for (let t = 0; t < k; t++) row[t] = Math.max(0, row[t] + reach * (row[t] - before[at + t]));
    }
    for (let t = 0; t < k; t++) {
      const value = row[t];
      ahead[at + t] = value;
      if (value === 0) continue;
      const sum = t * rank;
      for (let c = 0; c < rank; c++) sums[sum + c] += value * points[point + c];
      for (let s = 0; s <= t; s++) products[t * k + s] += value * row[s];
    }
  }
  for (let t = 0; t < k; t++) for (let s = 0; s < t; s++) products[s * k + t] = products[t * k + s];
  return gained;
}

/** Coordinate descent on one row; ends where a sweep moves it by less than 1 % of what the first did (Gillis & Glineur). */
function improve(
  row: Float64Array,
  target: Float64Array,
  gram: Float64Array,
  inverse: Float64Array,
  k: number,
  sweeps: number,
): void {
  let first = 0;
  for (let turn = 0; turn < sweeps; turn++) {
    let moved = 0;
    for (let t = 0; t < k; t++) {
      let slope = target[t];
      const other = t * k;
      for (let s = 0; s < k; s++) slope -= gram[other + s] * row[s];
      const old = row[t];
      const value = old + slope * inverse[t];
      row[t] = value > 0 ? value : 0;
      const step = row[t] - old;
      moved += step < 0 ? -step : step;
    }
    if (turn === 0) first = moved;
    if (moved <= 0.01 * first) break;
  }
}
