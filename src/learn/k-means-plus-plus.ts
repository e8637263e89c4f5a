import type { Random } from "../algebra/random.ts";

/**
 * Points far apart from each other: the first at random, each next with probability proportional to its squared distance
 * from the nearest one taken.
 *
 * @param points  rows × dimensions, row-major
 * @param count   how many
 * @returns indices of the points taken; a point at the place of one already taken only where there is no other
 * @see Arthur & Vassilvitskii, Proc. ACM-SIAM SODA (2007) 1027
 * @example
 * kMeansPlusPlus(Float64Array.of(0, 0, 1, 1), 1, 2, random(1)); // one of the zeros, one of the ones
 */
export function kMeansPlusPlus(points: Float64Array, dimensions: number, count: number, random: Random): number[] {
  const rows = points.length / dimensions;
  const nearest = new Float64Array(rows).fill(Infinity);
  const taken = [random.integer(rows)];
  while (taken.length < count) {
    const last = taken[taken.length - 1] * dimensions;
    let sum = 0;
    for (let i = 0; i < rows; i++) {
      let squared = 0;
      for (let d = 0; d < dimensions; d++) squared += (points[i * dimensions + d] - points[last + d]) ** 2;
      if (squared < nearest[i]) nearest[i] = squared;
      sum += nearest[i];
    }
    let left = random.uniform() * sum;
    let next = random.integer(rows);
    for (let i = 0; i < rows && sum > 0; i++) {
      if (nearest[i] === 0) continue;
      next = i;
      left -= nearest[i];
      if (left < 0) break;
    }
    taken.push(next);
  }
  return taken;
}
