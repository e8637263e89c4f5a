import type { Scan } from "../scan/scan.ts";
import { alternate } from "./alternate.ts";
import { clustering } from "./clustering.ts";
import { type ClusteringOptions, loadingSpace, requireSameScan } from "./loading-space.ts";
import type { MembershipRule } from "./membership-rule.ts";
import { bestOfStarts } from "./prototypes.ts";
import type { Clustering } from "./results.ts";

export type KMeansOptions = ClusteringOptions;

/** The nearest centre takes the whole point; of centres equally near, the first. */
const nearest: MembershipRule = (squared, u, w) => {
  let first = 0;
  for (let k = 1; k < squared.length; k++) if (squared[k] < squared[first]) first = k;
  u.fill(0);
  w.fill(0);
  u[first] = 1;
  w[first] = 1;
  return squared[first];
};

export const nearestRule: MembershipRule = Object.assign(nearest, { kernel: "nearestShares" as const });

/**
 * k-means of the positions in the space of SVD loadings: each position belongs to its nearest centre, Σ min_k ‖x − c_k‖² is least.
 *
 * Memberships are 0 or 1, so positions with two crystals on top of each other are booked to one of them. A start, and a yardstick for
 * the fuzzy methods. Lloyd's iteration from several starts; one read of the scan, for the centres. Clusters by size, largest first.
 *
 * @param scan  X: positions × pixels
 * @throws ShapeError clusters, dimensions or mask outside their ranges
 * @throws DataError  a loading is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Lloyd, IEEE Trans. Inf. Theory 28 (1982) 129; Arthur & Vassilvitskii, Proc. ACM-SIAM SODA (2007) 1027 (starts)
 * @example
 * const { memberships } = await kMeans(scan, { svd: found, clusters: 3, seed: 1 });
 */
export async function kMeans(scan: Scan, options: KMeansOptions): Promise<Clustering> {
  requireSameScan("k-means", scan, options.svd);
  const space = loadingSpace("k-means", options, options.clusters);
  const found = bestOfStarts(
    "k-means",
    space.fitted,
    space.dimensions,
    options,
    alternate(space.dimensions, nearestRule),
  );
  const result = await clustering(scan, space, { found, fuzzifier: 1, rule: nearestRule });
  options.onProgress?.("k-means", 1);
  return Object.freeze(result);
}
