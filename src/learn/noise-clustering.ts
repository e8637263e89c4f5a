import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, type Scan } from "../scan/scan.ts";
import { alternate } from "./alternate.ts";
import { clustering } from "./clustering.ts";
import { fuzzyRule, requireFuzzifier } from "./fuzzy-rule.ts";
import { type ClusteringOptions, loadingSpace, requireSameScan, squaredDistance } from "./loading-space.ts";
import type { MembershipRule } from "./membership-rule.ts";
import { bestOfStarts } from "./prototypes.ts";
import type { Clustering } from "./results.ts";

export interface NoiseClusteringOptions extends ClusteringOptions {
  /** m > 1, default 2. */
  readonly fuzzifier?: number;
  /** λ > 0: δ² is this part of the mean squared distance of all points from all centres of fuzzy c-means, default 0.25. */
  readonly noise?: number;
}

/** Memberships in the clusters and in the noise sum to 1. */
export interface NoiseClustering extends Clustering {
  /** One image: how little a position belongs to any cluster. */
  readonly noise: Images;
  /** δ: the noise is as far as this from every point. */
  readonly noiseDistance: number;
}

/**
 * Fuzzy c-means with one more cluster, the noise, that is equally far (δ) from every point: minimises Σ u^m d² + Σ u*^m δ².
 *
 * Positions that resemble no centre (interfaces, bad patterns, a rare phase) go to the noise instead of being shared out among all
 * clusters, and hardly move the centres. One read of the scan, for the centres. Clusters by total membership, largest first.
 *
 * @param scan  X: positions × pixels
 * @throws ShapeError fuzzifier not above 1, noise not above 0; clusters, dimensions or mask outside their ranges
 * @throws DataError  a loading is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Davé, Pattern Recognit. Lett. 12 (1991) 657, equations 6 to 10
 * @example
 * const { noise } = await noiseClustering(scan, { svd: found, clusters: 3, seed: 1 });
 */
export async function noiseClustering(scan: Scan, options: NoiseClusteringOptions): Promise<NoiseClustering> {
  const { clusters, fuzzifier = 2, noise = 0.25 } = options;
  requireFuzzifier("noise clustering", fuzzifier);
  if (!(noise > 0 && Number.isFinite(noise))) {
    throw new ShapeError(`noise clustering: expected noise above 0, found ${noise}`, { expected: "> 0", got: noise });
  }
  requireSameScan("noise clustering", scan, options.svd);
  const space = loadingSpace("noise clustering", options, clusters);
  const { fitted, dimensions } = space;
  const half = (from: number): ClusteringOptions => ({
    ...options,
    onProgress: (stage, fraction) => options.onProgress?.(stage, from + 0.5 * fraction),
  });
  const fuzzy = bestOfStarts(
    "noise clustering",
    fitted,
    dimensions,
    half(0),
    alternate(dimensions, fuzzyRule(fuzzifier)),
  );
  let sum = 0;
  const rows = fitted.length / dimensions;
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < clusters; k++) sum += squaredDistance(fitted, i, fuzzy.centres, k, dimensions);
  }
  const noiseSquared = (noise * sum) / (rows * clusters);
  const rule = noiseRule(fuzzifier, noiseSquared, clusters);
  const found = bestOfStarts("noise clustering", fitted, dimensions, half(0.5), alternate(dimensions, rule));
  const result = await clustering(scan, space, { found, fuzzifier, rule });
  const positions = area(scan.positions);
  const left = Float32Array.from(space.shown, (shown, i) => {
    let total = 0;
    for (let k = 0; k < clusters; k++) total += result.memberships.values[k * positions + i];
    return shown ? Math.max(0, 1 - total) : 0;
  });
  options.onProgress?.("noise clustering", 1);
  return Object.freeze({ ...result, noise: images(scan.positions, left), noiseDistance: Math.sqrt(noiseSquared) });
}

/** Fuzzy memberships in the clusters beside a noise at squared distance δ². */
export function noiseRule(fuzzifier: number, noiseSquared: number, clusters: number): MembershipRule {
  const fuzzy = fuzzyRule(fuzzifier);
  const [far, shares, weights] = Array.from({ length: 3 }, () => new Float64Array(clusters + 1));
  return (squared, u, w) => {
    for (let k = 0; k < clusters; k++) far[k] = squared[k];
    far[clusters] = noiseSquared;
    const objective = fuzzy(far, shares, weights);
    for (let k = 0; k < clusters; k++) {
      u[k] = shares[k];
      w[k] = weights[k];
    }
    return objective;
  };
}
