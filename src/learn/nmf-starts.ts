import { combine } from "../algebra/combine.ts";
import type { Random } from "../algebra/random.ts";
import { type FactorSpace, sideBySide, taken } from "./factor-space.ts";
import { kMeansPlusPlus } from "./k-means-plus-plus.ts";
import { nndsvdFactors } from "./nndsvd.ts";
import type { Svd } from "./results.ts";
import { spanningPoints } from "./successive-projection.ts";

/**
 * Factors to start a factorisation from, k × pixels each: NNDSVD, NNDSVDa, the patterns of the positions that successive
 * projection takes for pure, then patterns of positions far apart, drawn at random.
 */
export function nmfStarts(svd: Svd, space: FactorSpace, k: number, count: number, random: Random): Float32Array[] {
  // One non-negative factor of a non-negative matrix is unique.
  const wanted = k === 1 ? 1 : count;
  const starts: Float32Array[] = [];
  for (const fill of ["zeros", "mean"] as const) starts.push(nndsvdFactors(svd, { components: k, fill }).values);
  if (wanted > starts.length) starts.push(purePatterns(space, k, random));
  const points = wanted > starts.length ? sideBySide(space.a, space.rank) : undefined;
  while (points && starts.length < wanted) {
    starts.push(patternsAt(space, kMeansPlusPlus(points, space.rank, k, random)));
  }
  return starts.slice(0, wanted);
}

/**
 * Patterns of the positions that successive projection takes for pure.
 *
 * @param room  for the positions as points, at least as long as `space.a`
 */
export function purePatterns(
  space: FactorSpace,
  k: number,
  random: Random,
  room: Float64Array = new Float64Array(space.a.length),
): Float32Array {
  const pure = spanningPoints(sideBySide(space.a, space.rank, room), space.rank, k);
  // With fewer pure positions than components the rest is drawn.
  const drawn =
    pure.length < k ? kMeansPlusPlus(sideBySide(space.a, space.rank, room), space.rank, k - pure.length, random) : [];
  return patternsAt(space, [...pure, ...drawn]);
}

/** Patterns of some positions as the SVD rebuilds them, negative values set to 0. */
export function patternsAt({ a, v, rank, positions, pixels }: FactorSpace, chosen: readonly number[]): Float32Array {
  const amounts = sideBySide(taken(a, positions, chosen), rank);
  return combine(amounts, v, pixels).map((value) => Math.max(0, value));
}
