import { meanSquare } from "./loading-space.ts";
import type { Descend } from "./prototypes.ts";

/**
 * Memberships u of one point in all clusters, and the weights w with which it draws their centres, from its squared distances.
 * Returns the point's part of the objective. What tells one kind of clustering from another.
 */
export type MembershipRule = (squared: Float64Array, u: Float64Array, w: Float64Array) => number;

/**
 * Alternates memberships by a rule and centres c_k = Σ w x ÷ Σ w until the centres stand still; the objective never rises if the rule
 * minimises it for given distances and w are its derivatives with respect to d².
 *
 * A centre that no point draws is moved to the point farthest from all centres. About rows·clusters·dimensions·4 operations an iteration.
 */
export const alternate =
  (dimensions: number, rule: MembershipRule): Descend =>
  (points, from, { tolerance, maximumIterations, signal }) => {
    const centres = from.centres.slice();
    const clusters = centres.length / dimensions;
    const sums = new Float64Array(centres.length);
    const [weights, totals, squared, u, w] = Array.from({ length: 5 }, () => new Float64Array(clusters));
    const still = tolerance * meanSquare(points, dimensions);
    let objective = Infinity;
    let iterations = 0;
    let converged = false;
    while (iterations < maximumIterations && !converged) {
      signal?.throwIfAborted();
      for (const total of [sums, weights, totals]) total.fill(0);
      objective = 0;
      let farthest = 0;
      let reach = -1;
      for (let at = 0; at < points.length; at += dimensions) {
        let nearest = Infinity;
        for (let k = 0, c = 0; k < clusters; k++) {
          let sum = 0;
          for (let d = 0; d < dimensions; d++, c++) {
            const difference = points[at + d] - centres[c];
            sum += difference * difference;
          }
          squared[k] = sum;
          if (sum < nearest) nearest = sum;
        }
        if (nearest > reach) {
          reach = nearest;
          farthest = at;
        }
        objective += rule(squared, u, w);
        for (let k = 0, c = 0; k < clusters; k++) {
          const weight = w[k];
          totals[k] += u[k];
          weights[k] += weight;
          for (let d = 0; d < dimensions; d++, c++) sums[c] += weight * points[at + d];
        }
      }
      const moved = move(centres, sums, weights, dimensions);
      const alone = reach > 0 ? weights.indexOf(0) : -1;
      if (alone >= 0) centres.set(points.subarray(farthest, farthest + dimensions), alone * dimensions);
      iterations++;
      converged = moved <= still && alone < 0;
    }
    return { centres, objective, iterations, converged, totals };
  };

/** Moves centres to the weighted means; returns the largest squared movement. */
function move(centres: Float64Array, sums: Float64Array, weights: Float64Array, dimensions: number): number {
  let most = 0;
  for (let k = 0; k < weights.length; k++) {
    if (!(weights[k] > 0)) continue;
    let squared = 0;
    for (let d = 0, c = k * dimensions; d < dimensions; d++, c++) {
      const value = sums[c] / weights[k];
      squared += (value - centres[c]) ** 2;
      centres[c] = value;
    }
    if (squared > most) most = squared;
  }
  return most;
}
