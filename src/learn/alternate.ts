import { WINDOW } from "../algebra/gram.ts";
import { meanSquare, squaredDistance } from "./loading-space.ts";
import type { MembershipRule } from "./membership-rule.ts";
import { pointBlocks, ROW } from "./point-blocks.ts";
import type { Descend } from "./prototypes.ts";

/**
 * Alternates memberships by a rule and centres c_k = Σ w x ÷ Σ w until the centres stand still; the objective never rises if the rule
 * minimises it for given distances and w are its derivatives with respect to d².
 *
 * A centre that no point draws is moved to the point farthest from all centres. About rows·clusters·dimensions·4 operations an iteration.
 */
export const alternate =
  (n: number, rule: MembershipRule): Descend =>
  (points, from, { tolerance, maximumIterations, signal }) => {
    const centres = from.centres.slice();
    const clusters = centres.length / n;
    // Of each cluster Σ w x and Σ w; its Σ u, and in one row more the objective.
    const bytes = [n * ROW, centres.length * 8, clusters * (n + 1) * 8, (clusters + 1) * 8];
    const { kernels, stride, ones, blocks, squared, u, w, rooms, judge } = pointBlocks(
      points,
      n,
      clusters,
      rule,
      bytes,
    );
    const [difference, centresAt, sumsAt, totalsAt] = rooms;
    const sums = kernels.doubles(sumsAt, clusters * (n + 1));
    const totals = kernels.doubles(totalsAt, clusters + 1);
    const still = tolerance * meanSquare(points, n);
    let iterations = 0;
    let converged = false;
    while (iterations < maximumIterations && !converged) {
      signal?.throwIfAborted();
      sums.fill(0);
      totals.fill(0);
      kernels.doubles(centresAt, centres.length).set(centres);
      for (const block of blocks) {
        for (let k = 0; k < clusters; k++) {
          kernels.differences(block.at, stride, n, block.columns, centresAt + k * n * 8, difference, WINDOW);
          kernels.squaredLengths(difference, WINDOW, n, block.columns, 0, squared + k * ROW);
        }
        judge(block);
        kernels.gram(w, WINDOW, clusters, block.at, stride, n + 1, block.columns, sumsAt, n + 1);
        kernels.gram(u, WINDOW, clusters + 1, block.at + ones, stride, 1, block.columns, totalsAt, 1);
      }
      const alone = Array.from({ length: clusters }, (_, k) => k).find((k) => sums[k * (n + 1) + n] === 0) ?? -1;
      const far = alone >= 0 ? farthest(points, centres, n) : undefined;
      const moved = move(centres, sums, n);
      if (far !== undefined) centres.set(points.subarray(far * n, (far + 1) * n), alone * n);
      iterations++;
      converged = moved <= still && far === undefined;
    }
    const objective = iterations > 0 ? totals[clusters] : Infinity;
    return { centres, objective, iterations, converged, totals: totals.slice(0, clusters) };
  };

/** The point farthest from all centres, if any lies off them. */
function farthest(points: Float64Array, centres: Float64Array, n: number): number | undefined {
  let [found, reach] = [undefined as number | undefined, 0];
  for (let i = 0; i * n < points.length; i++) {
    let nearest = Infinity;
    for (let k = 0; k * n < centres.length; k++) {
      nearest = Math.min(nearest, squaredDistance(points, i, centres, k, n));
    }
    if (nearest > reach) [found, reach] = [i, nearest];
  }
  return found;
}

/** Moves centres to the weighted means; returns the largest squared movement. */
function move(centres: Float64Array, sums: Float64Array, n: number): number {
  let most = 0;
  for (let c = 0, s = 0; c < centres.length; c += n, s += n + 1) {
    const weight = sums[s + n];
    if (!(weight > 0)) continue;
    let squared = 0;
    for (let d = 0; d < n; d++) {
      const value = sums[s + d] / weight;
      squared += (value - centres[c + d]) ** 2;
      centres[c + d] = value;
    }
    if (squared > most) most = squared;
  }
  return most;
}
