import type { Random } from "../algebra/random.ts";
import { type FactorSpace, sideBySide } from "./factor-space.ts";
import { kMeansPlusPlus } from "./k-means-plus-plus.ts";
import { nndsvd } from "./nndsvd.ts";
import type { Svd } from "./results.ts";
import { successiveProjection } from "./successive-projection.ts";

/**
 * Factors to start a factorisation from, pixels × k each: NNDSVD, NNDSVDa, the patterns of the positions that successive
 * projection takes for pure, then patterns of positions far apart, drawn at random.
 */
export function nmfStarts(svd: Svd, space: FactorSpace, k: number, count: number, random: Random): Float64Array[] {
  // One non-negative factor of a non-negative matrix is unique.
  const wanted = k === 1 ? 1 : count;
  const starts: Float64Array[] = [];
  for (const fill of ["zeros", "mean"] as const) {
    starts.push(sideBySide(nndsvd(svd, { components: k, fill }).factors.values, space.pixels, k));
  }
  // Each singular component gets one more start from its pattern's positions; with fewer pure positions the rest is drawn.
  const pure = successiveProjection(space.a, space.rank, k);
  const far = (taken: number[]): number[] => [
    ...taken,
    ...kMeansPlusPlus(space.a, space.rank, k - taken.length, random),
  ];
  starts.push(patternsAt(space, pure.length < k ? far(pure) : pure, k));
  while (starts.length < wanted) starts.push(patternsAt(space, kMeansPlusPlus(space.a, space.rank, k, random), k));
  return starts.slice(0, wanted);
}

/** Patterns of some positions as the SVD rebuilds them, negative values set to 0. */
export function patternsAt(space: FactorSpace, positions: readonly number[], k: number): Float64Array {
  const { rank, a, v, pixels } = space;
  const factors = new Float64Array(pixels * k);
  for (let j = 0; j < pixels; j++) {
    for (let t = 0; t < positions.length; t++) {
      let sum = 0;
      const position = positions[t] * rank;
      for (let c = 0; c < rank; c++) sum += a[position + c] * v[j * rank + c];
      factors[j * k + t] = Math.max(0, sum);
    }
  }
  return factors;
}
