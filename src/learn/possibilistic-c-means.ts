import { pow } from "../algebra/elementary.ts";
import { ShapeError } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { alternate } from "./alternate.ts";
import { clustering, coincidentPairs } from "./clustering.ts";
import { fuzzyRule, requireFuzzifier } from "./fuzzy-rule.ts";
import { type ClusteringOptions, loadingSpace, requireSameScan, squaredDistance } from "./loading-space.ts";
import type { MembershipRule } from "./membership-rule.ts";
import { bestOfStarts } from "./prototypes.ts";
import type { Clustering } from "./results.ts";

export interface PossibilisticOptions extends ClusteringOptions {
  /** m > 1, default 2. */
  readonly fuzzifier?: number;
  /** K > 0: η_k = K Σ u^m d² ÷ Σ u^m of the fuzzy cluster, default 1. */
  readonly extent?: number;
}

/** Memberships are typicalities: each 0 … 1, not summing to 1. The objective includes its penalty, Σ η (1 − u)^m. */
export interface PossibilisticClustering extends Clustering {
  /** √η: the distance from each centre at which a typicality is ½. */
  readonly extents: Float64Array;
}

/** Centres nearer than this part of the smallest extent stand for one cluster. */
const SAME_PLACE = 0.1;

/**
 * Possibilistic c-means: how typical each position is of each cluster, whatever the others say.
 * u = 1 / (1 + (d²/η)^(1/(m−1))) minimises Σ u^m d² + Σ_k η_k Σ_i (1 − u)^m.
 *
 * A position far from all centres is typical of none, where fuzzy c-means would share it out. Clusters do not repel each other: two may
 * end at one place (`coincident`), and then there are fewer than were asked for. Starts from fuzzy c-means, whose order it keeps.
 * One read of the scan, for the centres.
 *
 * @param scan  X: positions × pixels
 * @throws ShapeError fuzzifier not above 1, extent not above 0; clusters, dimensions or mask outside their ranges
 * @throws DataError  a loading is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Krishnapuram & Keller, IEEE Trans. Fuzzy Syst. 1 (1993) 98, equations 4, 7 and 9
 * @example
 * const { memberships, coincident } = await possibilisticCMeans(scan, { svd: found, clusters: 3, seed: 1 });
 */
export async function possibilisticCMeans(scan: Scan, options: PossibilisticOptions): Promise<PossibilisticClustering> {
  const { clusters, fuzzifier = 2, extent = 1, maximumIterations = 1000, signal } = options;
  requireFuzzifier("possibilistic c-means", fuzzifier);
  if (!(extent > 0 && Number.isFinite(extent))) {
    throw new ShapeError(`possibilistic c-means: expected an extent above 0, found ${extent}`, {
      expected: "> 0",
      got: extent,
    });
  }
  requireSameScan("possibilistic c-means", scan, options.svd);
  const space = loadingSpace("possibilistic c-means", options, clusters);
  const { fitted, dimensions } = space;
  const fuzzy = fuzzyRule(fuzzifier);
  const start = bestOfStarts("possibilistic c-means", fitted, dimensions, options, alternate(dimensions, fuzzy));
  const etas = meanSquares(fitted, start.centres, dimensions, fuzzy).map((value) => extent * value);
  const rule = possibilisticRule(fuzzifier, etas);
  const found = alternate(dimensions, rule)(fitted, start, { tolerance: 1e-14, maximumIterations, signal });
  const iterations = start.iterations + found.iterations;
  const result = await clustering(scan, space, { found: { ...found, iterations }, fuzzifier, rule });
  options.onProgress?.("possibilistic c-means", 1);
  // Clusters of different extents around one group end near each other, not in one point.
  const coincident = coincidentPairs(found.centres, dimensions, SAME_PLACE ** 2 * Math.min(...etas));
  return Object.freeze({ ...result, coincident, extents: etas.map(Math.sqrt) });
}

/** Σ w d² ÷ Σ w of each cluster. */
function meanSquares(
  points: Float64Array,
  centres: Float64Array,
  dimensions: number,
  rule: MembershipRule,
): Float64Array {
  const clusters = centres.length / dimensions;
  const [squared, u, w, sums, totals] = Array.from({ length: 5 }, () => new Float64Array(clusters));
  for (let i = 0; i * dimensions < points.length; i++) {
    for (let k = 0; k < clusters; k++) squared[k] = squaredDistance(points, i, centres, k, dimensions);
    rule(squared, u, w);
    for (let k = 0; k < clusters; k++) {
      sums[k] += w[k] * squared[k];
      totals[k] += w[k];
    }
  }
  return sums.map((sum, k) => (totals[k] > 0 ? sum / totals[k] : 0));
}

export const possibilisticRule =
  (fuzzifier: number, etas: Float64Array): MembershipRule =>
  (squared, u, w) => {
    let objective = 0;
    for (let k = 0; k < squared.length; k++) {
      const far = squared[k] / etas[k];
      // A cluster without extent has only what lies on its centre.
      if (etas[k] > 0) u[k] = 1 / (1 + (fuzzifier === 2 ? far : pow(far, 1 / (fuzzifier - 1))));
      else u[k] = squared[k] === 0 ? 1 : 0;
      w[k] = fuzzifier === 2 ? u[k] * u[k] : pow(u[k], fuzzifier);
      const left = 1 - u[k];
      objective += w[k] * squared[k] + etas[k] * (fuzzifier === 2 ? left * left : pow(left, fuzzifier));
    }
    return objective;
  };
