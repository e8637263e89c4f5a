import { cholesky } from "../algebra/cholesky.ts";
import { exp, log } from "../algebra/elementary.ts";
import { WINDOW } from "../algebra/gram.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";
import { ShapeError } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { clustering } from "./clustering.ts";
import { fuzzyRule, requireFuzzifier } from "./fuzzy-rule.ts";
import { type ClusteringOptions, loadingSpace, meanSquare, requireSameScan } from "./loading-space.ts";
import { pointBlocks, ROW } from "./point-blocks.ts";
import { bestOfStarts, type Descend, type Descent } from "./prototypes.ts";
import type { Clustering } from "./results.ts";
import { fromFrame, metricsFromFrame, toFrame, unitFrame } from "./unit-frame.ts";

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
  const all = space.points === space.fitted ? points : toFrame(space.points, frame);
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

type Shapes = (points: Float64Array, at: number, out: Float64Array) => void;

/** Squared distances of one point from all centres: |Rᵀ(z − c)|², A = R Rᵀ. */
function shapes(centres: Float64Array, metrics: Float64Array, n: number): Shapes {
  const clusters = centres.length / n;
  const roots = rootsOf(metrics, n);
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

/** Lower triangles R with A = R Rᵀ, one after another. */
function rootsOf(metrics: Float64Array, n: number): Float64Array {
  const roots = new Float64Array(metrics.length);
  for (let at = 0; at < metrics.length; at += n * n) roots.set(cholesky(metrics.subarray(at, at + n * n), n)!, at);
  return roots;
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
    // Coordinates and the row of ones, whose centre is 0: one product gives Σ w d dᵀ, Σ w d and Σ w, d about the centre before.
    // About 0, sums of squares would cancel in thin clusters.
    const m = n + 1;
    const bytes = [
      m * ROW * clusters,
      m * ROW,
      clusters * m * 8,
      metrics.length * 8,
      clusters * m * m * 8,
      (clusters + 1) * 8,
    ];
    const blocks = pointBlocks(points, n, clusters, fuzzyRule(fuzzifier), bytes);
    const { kernels, stride, squared, u, w, judge } = blocks;
    const [differences, weighted, centresAt, rootsAt, momentsAt, totalsAt] = blocks.rooms;
    const moments = kernels.doubles(momentsAt, clusters * m * m);
    const totals = kernels.doubles(totalsAt, clusters + 1);
    const still = tolerance * meanSquare(points, n);
    const prior = (regularisation * points.length) / n / clusters;
    let objective = Infinity;
    let iterations = 0;
    let converged = false;
    while (iterations < maximumIterations && !converged) {
      signal?.throwIfAborted();
      moments.fill(0);
      totals.fill(0);
      kernels.doubles(rootsAt, metrics.length).set(rootsOf(metrics, n));
      for (let k = 0; k < clusters; k++) {
        kernels
          .doubles(centresAt + k * m * 8, m)
          .fill(0)
          .set(centres.subarray(k * n, (k + 1) * n));
      }
      for (const { at, columns, real } of blocks.blocks) {
        for (let k = 0; k < clusters; k++) {
          const difference = differences + k * m * ROW;
          kernels.differences(at, stride, m, columns, centresAt + k * m * 8, difference, WINDOW);
          kernels.squaredLengths(difference, WINDOW, n, columns, rootsAt + k * n * n * 8, squared + k * ROW);
        }
        judge({ at, columns, real });
        for (let k = 0; k < clusters; k++) {
          const difference = differences + k * m * ROW;
          kernels.weigh(difference, WINDOW, m, columns, w + k * ROW, weighted, WINDOW);
          kernels.gram(weighted, WINDOW, m, difference, WINDOW, m, columns, momentsAt + k * m * m * 8, m);
        }
        kernels.gram(u, WINDOW, clusters + 1, at + blocks.ones, stride, 1, columns, totalsAt, 1);
      }
      objective = prior * traces(metrics, n) + totals[clusters];
      let moved = 0;
      for (let k = 0; k < clusters; k++) {
        const of = moments.subarray(k * m * m, (k + 1) * m * m);
        const weight = of[n * m + n];
        if (!(weight > 0)) continue;
        const step = Float64Array.from({ length: n }, (_, i) => of[n * m + i] / weight);
        const covariance = new Float64Array(n * n);
        for (let i = 0; i < n; i++) {
          for (let j = 0; j <= i; j++) covariance[i * n + j] = of[i * m + j] / weight - step[i] * step[j];
          covariance[i * n + i] = Math.max(0, covariance[i * n + i]) + prior / weight;
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
    return { centres, metrics, objective, iterations, converged, totals: totals.slice(0, clusters) };
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
