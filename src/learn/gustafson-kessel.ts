import { cholesky } from "../algebra/cholesky.ts";
import { exp, log } from "../algebra/elementary.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";
import { ShapeError } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { clustering } from "./clustering.ts";
import { fuzzyRule, requireFuzzifier } from "./fuzzy-rule.ts";
import { type ClusteringOptions, loadingSpace, meanPoint, meanSquare, requireSameScan } from "./loading-space.ts";
import { bestOfStarts, type Descend, type Descent } from "./prototypes.ts";
import type { Clustering } from "./results.ts";

export interface GustafsonKesselOptions extends ClusteringOptions {
  /** m > 1, default 2. */
  readonly fuzzifier?: number;
  /** γ, 10⁻⁸ … 10⁸: every cluster is given the covariance of all points with the weight of γ · positions ÷ clusters, default 10⁻⁶. */
  readonly regularisation?: number;
}

export interface GustafsonKessel extends Clustering {
  /** A_k, clusters × dimensions × dimensions: d² = (x − c)ᵀA(x − c); det A = 1 where the points vary in all dimensions. */
  readonly metrics: Float64Array;
}

/**
 * Gustafson–Kessel clusters of the positions in the space of SVD loadings: fuzzy c-means in which every cluster has a shape of its own,
 * d² = (x − c)ᵀA(x − c), A = det(S)^(1/p) S⁻¹ with S the fuzzy covariance of the cluster.
 *
 * Elongated clusters (a crystal that bends, a film that thickens) stay one. Nothing keeps a cluster from being the row of mixed
 * positions between two crystals: its objective may be lowest there (docs/methods/gustafson-kessel.md).
 * Computed where the points have unit covariance, so neither rotating nor rescaling the loadings changes memberships. Directions in which
 * the points do not vary are left out, and S ← S + γ (positions ÷ clusters ÷ Σ u^m) S₀, S₀ of all points: lines, planes and duplicates are no
 * trouble. So J + γ (positions ÷ clusters) Σ tr(A S₀) never rises. One read of the scan, for the centres.
 * Clusters by total membership, largest first.
 *
 * @param scan  X: positions × pixels
 * @returns     objective J = Σ u^m d²; loading centres and metrics in the units of the loadings; `coincident` compares centres only
 * @throws ShapeError fuzzifier not above 1; regularisation, clusters, dimensions or mask outside their ranges
 * @throws DataError  a loading is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Gustafson & Kessel, Proc. IEEE CDC (1979) 761; Babuška, van der Veen & Kaymak, Proc. FUZZ-IEEE (2002) 1081 (covariances)
 * @example
 * const { memberships, metrics } = await gustafsonKessel(scan, { svd: found, clusters: 3, seed: 1 });
 */
export async function gustafsonKessel(scan: Scan, options: GustafsonKesselOptions): Promise<GustafsonKessel> {
  const { clusters, fuzzifier = 2, regularisation = 1e-6 } = options;
  requireFuzzifier("Gustafson–Kessel", fuzzifier);
  if (!(regularisation >= 1e-8 && regularisation <= 1e8)) {
    throw new ShapeError(`Gustafson–Kessel: expected a regularisation from 1e-8 to 1e8, found ${regularisation}`, {
      expected: [1e-8, 1e8],
      got: regularisation,
    });
  }
  requireSameScan("Gustafson–Kessel", scan, options.svd);
  const space = loadingSpace("Gustafson–Kessel", options, clusters);
  const frame = unitFrame(space.fitted, space.dimensions);
  const { rank } = frame;
  const points = toFrame(space.fitted, frame);
  const found = bestOfStarts(
    "Gustafson–Kessel",
    points,
    rank,
    options,
    alternateShapes(rank, fuzzifier, regularisation),
  );
  const all = toFrame(space.points, frame);
  const metrics = found.metrics!;
  const distances = shapes(found.centres, metrics, rank);
  const penalty = ((regularisation * space.used.length) / clusters) * traces(metrics, rank);
  const result = await clustering(scan, space, {
    found: { ...found, centres: fromFrame(found.centres, frame), objective: (found.objective - penalty) * frame.unit },
    fuzzifier,
    rule: fuzzyRule(fuzzifier),
    distances: (position, out) => distances(all, position * rank, out),
  });
  options.onProgress?.("Gustafson–Kessel", 1);
  return Object.freeze({ ...result, metrics: metricsFromFrame(metrics, frame) });
}

/** Coordinates in which the points have mean 0 and unit covariance: z = T (x − mean). */
interface UnitFrame {
  readonly dimensions: number;
  /** Directions in which the points vary. */
  readonly rank: number;
  readonly mean: Float64Array;
  /** T, rank × dimensions. */
  readonly to: Float64Array;
  /** T⁺, dimensions × rank. */
  readonly from: Float64Array;
  /** det(covariance)^(1/rank): a squared distance here, in units of the loadings. */
  readonly unit: number;
}

function unitFrame(points: Float64Array, dimensions: number): UnitFrame {
  const rows = points.length / dimensions;
  const mean = meanPoint(points, dimensions);
  const covariance = new Float64Array(dimensions * dimensions);
  let largest = 0;
  for (let at = 0; at < points.length; at += dimensions) {
    for (let i = 0; i < dimensions; i++) {
      largest = Math.max(largest, Math.abs(points[at + i]));
      for (let j = 0; j < dimensions; j++) {
        covariance[i * dimensions + j] += ((points[at + i] - mean[i]) * (points[at + j] - mean[j])) / rows;
      }
    }
  }
  const { values, vectors } = symmetricEigen(covariance, dimensions);
  // Loadings come rounded to float32: what varies less than that does not vary.
  const least = Math.max(1e-12 * values[0], 1e-14 * largest * largest);
  let rank = 0;
  while (rank < dimensions && values[rank] > least) rank++;
  if (rank === 0) rank = 1;
  const to = new Float64Array(rank * dimensions);
  const from = new Float64Array(dimensions * rank);
  let logarithms = 0;
  for (let r = 0; r < rank; r++) {
    const spread = values[r] > 0 ? Math.sqrt(values[r]) : 1;
    logarithms += 2 * log(spread);
    for (let d = 0; d < dimensions; d++) {
      to[r * dimensions + d] = vectors[r * dimensions + d] / spread;
      from[d * rank + r] = vectors[r * dimensions + d] * spread;
    }
  }
  return { dimensions, rank, mean, to, from, unit: exp(logarithms / rank) };
}

function toFrame(points: Float64Array, { dimensions, rank, mean, to }: UnitFrame): Float64Array {
  const rows = points.length / dimensions;
  const result = new Float64Array(rows * rank);
  for (let i = 0; i < rows; i++) {
    for (let r = 0; r < rank; r++) {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += to[r * dimensions + d] * (points[i * dimensions + d] - mean[d]);
      result[i * rank + r] = sum;
    }
  }
  return result;
}

function fromFrame(points: Float64Array, { dimensions, rank, mean, from }: UnitFrame): Float64Array {
  const rows = points.length / rank;
  const result = new Float64Array(rows * dimensions);
  for (let i = 0; i < result.length; i++) {
    const [row, d] = [Math.floor(i / dimensions), i % dimensions];
    let sum = mean[d];
    for (let r = 0; r < rank; r++) sum += from[d * rank + r] * points[row * rank + r];
    result[i] = sum;
  }
  return result;
}

/** unit · Tᵀ A T. */
function metricsFromFrame(metrics: Float64Array, { dimensions, rank, to, unit }: UnitFrame): Float64Array {
  const result = new Float64Array((metrics.length / (rank * rank)) * dimensions * dimensions);
  for (let i = 0; i < result.length; i++) {
    const k = Math.floor(i / (dimensions * dimensions));
    const [a, b] = [Math.floor(i / dimensions) % dimensions, i % dimensions];
    let sum = 0;
    for (let r = 0; r < rank; r++) {
      for (let s = 0; s < rank; s++) {
        sum += to[r * dimensions + a] * metrics[(k * rank + r) * rank + s] * to[s * dimensions + b];
      }
    }
    result[i] = unit * sum;
  }
  return result;
}

type Shapes = (points: Float64Array, at: number, out: Float64Array) => void;

/** Squared distances of one point from all centres: |Rᵀ(z − c)|², A = R Rᵀ. */
function shapes(centres: Float64Array, metrics: Float64Array, n: number): Shapes {
  const clusters = centres.length / n;
  const roots = new Float64Array(metrics.length);
  for (let k = 0; k < clusters; k++) roots.set(cholesky(metrics.subarray(k * n * n, (k + 1) * n * n), n)!, k * n * n);
  const difference = new Float64Array(n);
  return (points, at, out) => {
    for (let k = 0; k < clusters; k++) {
      const root = k * n * n;
      for (let j = 0; j < n; j++) difference[j] = points[at + j] - centres[k * n + j];
      let sum = 0;
      for (let i = 0; i < n; i++) {
        let along = 0;
        for (let j = i; j < n; j++) along += roots[root + j * n + i] * difference[j];
        sum += along * along;
      }
      out[k] = sum;
    }
  };
}

/** Σ_k tr A_k. */
function traces(metrics: Float64Array, n: number): number {
  let sum = 0;
  for (let at = 0; at < metrics.length; at += n * n) for (let i = 0; i < n; i++) sum += metrics[at + i * n + i];
  return sum;
}

/** Alternates memberships, centres and metrics; each step minimises the same objective for the others held fixed. */
export const alternateShapes =
  (n: number, fuzzifier: number, regularisation: number): Descend =>
  (points, start, { tolerance, maximumIterations, signal }): Descent => {
    const centres = start.centres.slice();
    const clusters = centres.length / n;
    const metrics = start.metrics?.slice() ?? unitMetrics(clusters, n);
    const rule = fuzzyRule(fuzzifier);
    const [weights, totals, squared, u, w] = Array.from({ length: 5 }, () => new Float64Array(clusters));
    const [sums, scatter] = [new Float64Array(clusters * n), new Float64Array(clusters * n * n)];
    const still = tolerance * meanSquare(points, n);
    const prior = (regularisation * points.length) / n / clusters;
    let objective = Infinity;
    let iterations = 0;
    let converged = false;
    while (iterations < maximumIterations && !converged) {
      signal?.throwIfAborted();
      for (const total of [sums, scatter, weights, totals]) total.fill(0);
      objective = prior * traces(metrics, n);
      const distances = shapes(centres, metrics, n);
      for (let at = 0; at < points.length; at += n) {
        distances(points, at, squared);
        objective += rule(squared, u, w);
        for (let k = 0; k < clusters; k++) {
          const weight = w[k];
          totals[k] += u[k];
          weights[k] += weight;
          // About the centre before: sums of squares about 0 would cancel in thin clusters.
          for (let i = 0, c = k * n; i < n; i++) {
            const weighted = weight * (points[at + i] - centres[c + i]);
            sums[c + i] += weighted;
            for (let j = 0; j <= i; j++) scatter[(c + i) * n + j] += weighted * (points[at + j] - centres[c + j]);
          }
        }
      }
      let moved = 0;
      for (let k = 0; k < clusters; k++) {
        if (!(weights[k] > 0)) continue;
        const step = sums.subarray(k * n, (k + 1) * n).map((sum) => sum / weights[k]);
        const covariance = scatter.subarray(k * n * n, (k + 1) * n * n).map((sum) => sum / weights[k]);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) covariance[i * n + j] -= step[i] * step[j];
          covariance[i * n + i] = Math.max(0, covariance[i * n + i]) + prior / weights[k];
        }
        metricOf(covariance, n, metrics.subarray(k * n * n, (k + 1) * n * n));
        let squares = 0;
        for (let i = 0; i < n; i++) {
          centres[k * n + i] += step[i];
          squares += step[i] * step[i];
        }
        moved = Math.max(moved, squares);
      }
      iterations++;
      converged = moved <= still;
    }
    return { centres, metrics, objective, iterations, converged, totals };
  };

function unitMetrics(clusters: number, n: number): Float64Array {
  return Float64Array.from({ length: clusters * n * n }, (_, i) => (Math.floor(i / n) % n === i % n ? 1 : 0));
}

/** A = det(S)^(1/n) S⁻¹, from the lower triangle of S. */
function metricOf(covariance: Float64Array, n: number, out: Float64Array): void {
  const full = covariance.map(
    (_, i) => covariance[Math.max(Math.floor(i / n), i % n) * n + Math.min(Math.floor(i / n), i % n)],
  );
  const { values, vectors } = symmetricEigen(full, n);
  let logarithms = 0;
  for (let r = 0; r < n; r++) logarithms += log(Math.max(values[r], 1e-14 * values[0]));
  const scale = exp(logarithms / n);
  out.fill(0);
  for (let r = 0; r < n; r++) {
    const inverse = scale / Math.max(values[r], 1e-14 * values[0]);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < n; j++) out[i * n + j] += inverse * vectors[r * n + i] * vectors[r * n + j];
    }
  }
}
