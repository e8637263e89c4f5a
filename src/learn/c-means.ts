import { type Random, random } from "../algebra/random.ts";
import { ShapeError } from "../scan/errors.ts";
import { kMeansPlusPlus } from "./k-means-plus-plus.ts";
import { successiveProjection } from "./successive-projection.ts";

export interface CMeansOptions {
  /** 1 … number of distinct points. */
  readonly clusters: number;
  /** m > 1: near 1 memberships become crisp, large m makes them even, default 2. */
  readonly fuzzifier?: number;
  readonly starts?: number;
  readonly maximumIterations?: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((stage: string, fraction: number) => void) | undefined;
}

export interface CMeans {
  /** clusters × dimensions. */
  readonly centres: Float64Array;
  /** Σ u^m d². */
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** Squared movement of a centre, in units of the largest coordinate, at which a start is told apart, and the best is done. */
const [ROUGHLY, DONE] = [1e-8, 1e-20];

/**
 * Fuzzy c-means of points: centres c and memberships u ≥ 0, Σ_k u_ik = 1, that minimise J = Σ u_ik^m ‖x_i − c_k‖².
 *
 * Alternates u_ik ∝ d_ik^(−2/(m−1)) and c_k = Σ u^m x ÷ Σ u^m, from several starts: successive projection, k-means++, random points. The
 * start that ends lowest is carried on until its centres stand still. A point on a centre belongs to it alone. J never rises.
 *
 * @param points  rows × dimensions, row-major, finite
 * @returns centres by total membership, largest first
 * @throws ShapeError clusters outside 1 … number of distinct points, or fuzzifier not above 1
 * @see Bezdek, Pattern Recognition with Fuzzy Objective Function Algorithms (1981), theorem 11.1
 * @example
 * const { centres } = cMeans(Float64Array.of(0, 0.1, 5, 5.2), 1, { clusters: 2, seed: 1 });
 */
export function cMeans(points: Float64Array, dimensions: number, options: CMeansOptions): CMeans {
  const { clusters, fuzzifier = 2, starts = 12, maximumIterations = 1000, seed, signal, onProgress } = options;
  check(points, dimensions, clusters, fuzzifier);
  // One length for all: squares neither overflow nor vanish, and tolerances mean the same in any unit.
  const largest = points.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const scaled = points.map((value) => value / largest);
  const draw = random(seed);
  let best: Descent | undefined;
  const count = clusters === 1 ? 1 : starts;
  for (let start = 0; start < count; start++) {
    signal?.throwIfAborted();
    const centres = startCentres(scaled, dimensions, clusters, start, draw);
    const ended = descend(scaled, dimensions, fuzzifier, centres, ROUGHLY, 100);
    if (!best || ended.objective < best.objective) best = ended;
    onProgress?.("fuzzy c-means", (start + 1) / (count + 1));
  }
  signal?.throwIfAborted();
  const found = descend(scaled, dimensions, fuzzifier, best!.centres, DONE, maximumIterations);
  const order = Array.from(found.totals.keys()).sort((a, b) => found.totals[b] - found.totals[a] || a - b);
  const centres = new Float64Array(clusters * dimensions);
  order.forEach((from, to) => {
    for (let d = 0; d < dimensions; d++) centres[to * dimensions + d] = found.centres[from * dimensions + d] * largest;
  });
  return {
    centres,
    objective: found.objective * largest * largest,
    iterations: best!.iterations + found.iterations,
    converged: found.converged,
  };
}

/**
 * Memberships of one point: u_k ∝ d_k^(−2/(m−1)); shared evenly among the centres that it lies on.
 *
 * @param squared  d², one for each centre
 * @param out      u, may be `squared`
 * @returns Σ u^m d²
 */
export function membershipsOf(squared: Float64Array, fuzzifier: number, out: Float64Array): number {
  const clusters = squared.length;
  let nearest = Infinity;
  for (let k = 0; k < clusters; k++) nearest = Math.min(nearest, squared[k]);
  if (nearest <= 1e-290) {
    let on = 0;
    for (let k = 0; k < clusters; k++) if (squared[k] <= 1e-290) on++;
    for (let k = 0; k < clusters; k++) out[k] = squared[k] <= 1e-290 ? 1 / on : 0;
    return 0;
  }
  // Ratios to the nearest centre are at most 1, so that no power overflows.
  const power = 1 / (fuzzifier - 1);
  let sum = 0;
  for (let k = 0; k < clusters; k++) {
    const ratio = nearest / squared[k];
    const closeness = power === 1 ? ratio : ratio ** power;
    out[k] = closeness;
    sum += closeness;
  }
  for (let k = 0; k < clusters; k++) out[k] /= sum;
  // min_u Σ u^m d² = (Σ d^(−2/(m−1)))^(1−m)
  return nearest * sum ** (1 - fuzzifier);
}

interface Descent extends CMeans {
  /** Σ_i u_ik. */
  readonly totals: Float64Array;
}

function descend(
  points: Float64Array,
  dimensions: number,
  fuzzifier: number,
  start: Float64Array,
  tolerance: number,
  maximumIterations: number,
): Descent {
  const clusters = start.length / dimensions;
  const rows = points.length / dimensions;
  const centres = start.slice();
  const sums = new Float64Array(centres.length);
  const weights = new Float64Array(clusters);
  const totals = new Float64Array(clusters);
  const squared = new Float64Array(clusters);
  const u = new Float64Array(clusters);
  let objective = Infinity;
  let iterations = 0;
  let converged = false;
  while (iterations < maximumIterations && !converged) {
    sums.fill(0);
    weights.fill(0);
    totals.fill(0);
    objective = 0;
    for (let i = 0; i < rows; i++) {
      const at = i * dimensions;
      for (let k = 0; k < clusters; k++) {
        let sum = 0;
        for (let d = 0; d < dimensions; d++) {
          const difference = points[at + d] - centres[k * dimensions + d];
          sum += difference * difference;
        }
        squared[k] = sum;
      }
      objective += membershipsOf(squared, fuzzifier, u);
      for (let k = 0; k < clusters; k++) {
        const weight = fuzzifier === 2 ? u[k] * u[k] : u[k] ** fuzzifier;
        totals[k] += u[k];
        weights[k] += weight;
        for (let d = 0; d < dimensions; d++) sums[k * dimensions + d] += weight * points[at + d];
      }
    }
    let moved = 0;
    for (let k = 0; k < clusters; k++) {
      let squaredMove = 0;
      for (let d = 0; d < dimensions && weights[k] > 0; d++) {
        const c = k * dimensions + d;
        const value = sums[c] / weights[k];
        squaredMove += (value - centres[c]) ** 2;
        centres[c] = value;
      }
      moved = Math.max(moved, squaredMove);
    }
    iterations++;
    converged = moved <= tolerance;
  }
  return { centres, objective, iterations, converged, totals };
}

/** First successive projection, then k-means++ and random points by turns. */
function startCentres(
  points: Float64Array,
  dimensions: number,
  clusters: number,
  start: number,
  draw: Random,
): Float64Array {
  const pure = start === 0 ? successiveProjection(points, dimensions, clusters) : [];
  const rows = points.length / dimensions;
  const missing = clusters - pure.length;
  const drawn =
    start % 2 === 0
      ? Array.from({ length: missing }, () => draw.integer(rows))
      : kMeansPlusPlus(points, dimensions, missing, draw);
  const centres = new Float64Array(clusters * dimensions);
  [...pure, ...drawn].forEach((row, k) => {
    // Two starts at the same place would stay together for ever: a slight move, the same for every seed, parts them.
    for (let d = 0; d < dimensions; d++)
      centres[k * dimensions + d] = points[row * dimensions + d] + 1e-7 * Math.sin(1 + k * 7 + d);
  });
  return centres;
}

function check(points: Float64Array, dimensions: number, clusters: number, fuzzifier: number): void {
  if (!(fuzzifier > 1 && Number.isFinite(fuzzifier))) {
    throw new ShapeError(`fuzzy c-means: expected a fuzzifier above 1, found ${fuzzifier}`, {
      expected: "> 1",
      got: fuzzifier,
    });
  }
  const rows = points.length / dimensions;
  const wanted = Number.isInteger(clusters) && clusters >= 1;
  const distinct: number[] = [];
  for (let i = 0; i < rows && wanted && distinct.length < clusters; i++) {
    const known = distinct.some((j) => {
      for (let d = 0; d < dimensions; d++) if (points[i * dimensions + d] !== points[j * dimensions + d]) return false;
      return true;
    });
    if (!known) distinct.push(i);
  }
  if (!wanted || distinct.length < clusters) {
    const most = wanted ? distinct.length : rows;
    throw new ShapeError(
      `fuzzy c-means: expected clusters from 1 to ${most} (the number of different points), found ${clusters}`,
      { expected: [1, most], got: clusters },
    );
  }
}
