import { ShapeError } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { alternate } from "./alternate.ts";
import { clustering } from "./clustering.ts";
import { type ClusteringOptions, loadingSpace, requireSameScan } from "./loading-space.ts";
import type { MembershipRule } from "./membership-rule.ts";
import { bestOfStarts } from "./prototypes.ts";
import type { Clustering } from "./results.ts";

export interface HighContrastOptions extends ClusteringOptions {
  /** β, 0 (fuzzy c-means with fuzzifier 2) … below 1 (towards k-means), default 0.3. */
  readonly contrast?: number;
}

/**
 * Fuzzy c-means whose memberships reach 0 and 1: minimises Σ [α u² + (1 − α) u] d², Σ_k u_k = 1, α = (1 − β)/(1 + β).
 *
 * A position whose nearest centre is nearer than √β times the next belongs to it alone, so pure regions come out as 1, not as 0.99.
 * Boundaries come out narrower still than with fuzzy c-means (docs/methods/clustering.md). One read of the scan, for the centres.
 * Clusters by total membership, largest first.
 *
 * @param scan  X: positions × pixels
 * @returns     centres are means with the weights α u² + (1 − α) u that drew them; fuzzifier 2
 * @throws ShapeError contrast outside 0 … below 1; clusters, dimensions or mask outside their ranges
 * @throws DataError  a loading is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Rousseeuw, Trauwaert & Kaufman, J. Chemom. 9 (1995) 1 (the idea); Klawonn & Höppner, Proc. IDA (2003) 254 (this form)
 * @example
 * const { memberships } = await highContrastCMeans(scan, { svd: found, clusters: 3, contrast: 0.3, seed: 1 });
 */
export async function highContrastCMeans(scan: Scan, options: HighContrastOptions): Promise<Clustering> {
  const { contrast = 0.3 } = options;
  if (!(contrast >= 0 && contrast < 1)) {
    throw new ShapeError(`high-contrast c-means: expected a contrast from 0 to below 1, found ${contrast}`, {
      expected: "0 ≤ contrast < 1",
      got: contrast,
    });
  }
  requireSameScan("high-contrast c-means", scan, options.svd);
  const space = loadingSpace("high-contrast c-means", options, options.clusters);
  const rule = highContrastRule(contrast, options.clusters);
  const descend = alternate(space.dimensions, rule);
  const found = bestOfStarts("high-contrast c-means", space.fitted, space.dimensions, options, descend);
  const result = await clustering(scan, space, { found, fuzzifier: 2, rule });
  options.onProgress?.("high-contrast c-means", 1);
  return Object.freeze(result);
}

/**
 * u_k = [(1 + (c′ − 1) β) / (D_k Σ_{j ≤ c′} 1/D_j) − β] / (1 − β) of the c′ nearest centres, D = d², c′ the most with all u > 0.
 * From αu² + (1 − α)u by Lagrange's condition.
 */
export function highContrastRule(contrast: number, clusters: number): MembershipRule {
  const alpha = (1 - contrast) / (1 + contrast);
  const order = new Int32Array(Math.max(1, clusters));
  return (squared, u, w) => {
    const c = squared.length;
    for (let k = 0; k < c; k++) {
      let place = k;
      for (; place > 0 && squared[order[place - 1]] > squared[k]; place--) order[place] = order[place - 1];
      order[place] = k;
    }
    u.fill(0);
    const nearest = squared[order[0]];
    let active = 0;
    let sum = 0;
    // Ratios to the nearest centre, so that a point on a centre divides nothing by zero.
    const closeness = (k: number): number => (squared[k] <= nearest ? 1 : nearest / squared[k]);
    while (active < c) {
      const next = closeness(order[active]);
      if ((1 + active * contrast) * next <= contrast * (sum + next)) break;
      sum += next;
      active++;
    }
    const share = (1 + (active - 1) * contrast) / sum;
    let objective = 0;
    w.fill(0);
    for (let a = 0; a < active; a++) {
      const k = order[a];
      u[k] = (share * closeness(k) - contrast) / (1 - contrast);
      w[k] = alpha * u[k] * u[k] + (1 - alpha) * u[k];
      objective += w[k] * squared[k];
    }
    return objective;
  };
}
