import { area, images, type Scan } from "../scan/scan.ts";
import { type LoadingSpace, meanSquare, squaredDistance } from "./loading-space.ts";
import type { MembershipRule } from "./membership-rule.ts";
import type { Descent } from "./prototypes.ts";
import { reproject } from "./reproject.ts";
import type { Clustering } from "./results.ts";
import { validity } from "./validity.ts";

export interface Clustered {
  readonly found: Descent;
  readonly fuzzifier: number;
  readonly rule: MembershipRule;
  /** d² of a position to every centre, default Euclidean. */
  readonly distances?: (position: number, out: Float64Array) => void;
}

/** Centres nearer than this part of the root mean square distance of the points from their mean are one. */
const SAME_PLACE = 1e-3;

/**
 * What a descent in the loading space means for the scan: memberships of all positions that are shown, 0 elsewhere, and the means of the
 * recorded patterns with the weights that drew the centres. One read of the scan.
 */
export async function clustering(scan: Scan, space: LoadingSpace, clustered: Clustered): Promise<Clustering> {
  const { found, fuzzifier, rule } = clustered;
  const { dimensions, points, fitted, shown, used } = space;
  const clusters = found.centres.length / dimensions;
  const positions = area(scan.positions);
  const memberships = new Float32Array(clusters * positions);
  const weights = new Float32Array(clusters * positions);
  const [squared, u, w] = Array.from({ length: 3 }, () => new Float64Array(clusters));
  const euclidean = (position: number, out: Float64Array): void => {
    for (let k = 0; k < clusters; k++) out[k] = squaredDistance(points, position, found.centres, k, dimensions);
  };
  const distances = clustered.distances ?? euclidean;
  const draws = new Uint8Array(positions);
  for (const position of used) draws[position] = 1;
  for (let i = 0; i < positions; i++) {
    if (!shown[i]) continue;
    distances(i, squared);
    rule(squared, u, w);
    for (let k = 0; k < clusters; k++) {
      memberships[k * positions + i] = u[k];
      if (draws[i]) weights[k * positions + i] = w[k];
    }
  }
  const indices = validity({
    points: fitted,
    dimensions,
    centres: found.centres,
    memberships(row, out) {
      for (let k = 0; k < clusters; k++) out[k] = memberships[k * positions + used[row]];
    },
    fuzzifier,
  });
  return {
    clusters,
    fuzzifier,
    memberships: images(scan.positions, memberships),
    centres: await reproject(scan, images(scan.positions, weights), 1),
    loadingCentres: found.centres,
    objective: found.objective,
    iterations: found.iterations,
    converged: found.converged,
    partitionCoefficient: indices.partitionCoefficient,
    validity: indices,
    coincident: coincidentPairs(found.centres, dimensions, SAME_PLACE ** 2 * meanSquare(fitted, dimensions)),
  };
}

/** Pairs of centres whose squared distance is at most `near`. */
export function coincidentPairs(centres: Float64Array, dimensions: number, near: number): [number, number][] {
  const clusters = centres.length / dimensions;
  const pairs: [number, number][] = [];
  for (let i = 0; i < clusters; i++) {
    for (let j = i + 1; j < clusters; j++) {
      if (squaredDistance(centres, i, centres, j, dimensions) <= near) pairs.push([i, j]);
    }
  }
  return pairs;
}
