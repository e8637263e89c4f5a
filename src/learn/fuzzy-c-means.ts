import type { Scan } from "../scan/scan.ts";
import { alternate } from "./alternate.ts";
import { clustering } from "./clustering.ts";
import { fuzzyRule, requireFuzzifier } from "./fuzzy-rule.ts";
import { type ClusteringOptions, loadingSpace, requireSameScan } from "./loading-space.ts";
import { bestOfStarts } from "./prototypes.ts";
import type { Clustering } from "./results.ts";

export interface FuzzyCMeansOptions extends ClusteringOptions {
  /** m > 1, default 2. */
  readonly fuzzifier?: number;
}

/**
 * Fuzzy c-means of the positions in the space of SVD loadings: which of a few kinds of pattern a position shows, by degrees.
 *
 * Memberships say how near a position is to each centre compared with the others, not how much of each endmember it holds:
 * boundaries come out narrower than they are (docs/methods/fuzzy-c-means.md).
 * Positions that are masked get no membership and move no centre; without a mask, positions whose loadings are all zero move none.
 * One read of the scan, for the centres. Clusters are ordered by total membership, largest first.
 *
 * @param scan  X: positions × pixels, as it was decomposed or, for centres of recorded patterns, not centred
 * @throws ShapeError clusters, dimensions or fuzzifier outside their ranges
 * @throws DataError  a loading is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Bezdek, Pattern Recognition with Fuzzy Objective Function Algorithms (1981); Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3
 * @example
 * const { memberships, centres } = await fuzzyCMeans(scan, { svd: found, clusters: 3, seed: 1 });
 */
export async function fuzzyCMeans(scan: Scan, options: FuzzyCMeansOptions): Promise<Clustering> {
  const { fuzzifier = 2 } = options;
  requireFuzzifier("fuzzy c-means", fuzzifier);
  requireSameScan("fuzzy c-means", scan, options.svd);
  const space = loadingSpace("fuzzy c-means", options, options.clusters);
  const rule = fuzzyRule(fuzzifier);
  const descend = alternate(space.dimensions, rule);
  const found = bestOfStarts("fuzzy c-means", space.fitted, space.dimensions, options, descend);
  const result = await clustering(scan, space, { found, fuzzifier, rule });
  options.onProgress?.("fuzzy c-means", 1);
  return Object.freeze(result);
}
