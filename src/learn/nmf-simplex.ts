import type { Scan } from "../scan/scan.ts";
import { eachColumn, type Fit, nonNegativeFit } from "./fits.ts";
import { type Sum, simplexLeastSquares } from "./fully-constrained-least-squares.ts";
import type { Nmf } from "./results.ts";
import { type SimplexNmfOptions, simplexGround, simplexNmf } from "./simplex-ground.ts";

export type { SimplexNmfOptions } from "./simplex-ground.ts";

/**
 * Non-negative matrix factorisation whose maps are parts of a position: min ‖X − LᵀF‖, L, F ≥ 0, Σₖ lₖ = 1 (or ≤ 1).
 *
 * Every pattern is then a whole one, direct beam included, and nothing shared can be booked to one component alone. Needs vacuum as a
 * component and a beam of constant current; "at most one" allows positions that lost intensity.
 * Pixels are weighted by 1 ÷ √(mean counts), which evens out counting noise. The sum alone does not make patterns unique where no position is pure: it starts from corners picked among the positions, averaged over
 * neighbours, and stays near them; {@link nmfVolume} adds what chooses. Costs two SVDs and two reads a sweep. The objective never rises.
 * Ordered by contribution; loadings are not scaled. A position without counts has loadings 0.
 *
 * @param scan  X: positions × pixels, counts, ≥ 0
 * @returns     see {@link Nmf}; factors in counts; `objective` is the weighted norm that is minimised
 * @throws ShapeError components outside 1 … min(positions, pixels), or more than the scan spans
 * @throws DataError  a value of X is not finite, a position or pixel sums to less than 0
 * @throws AbortError signal was aborted; nothing is returned
 * @see Kannan et al., Adv. Struct. Chem. Imaging 4 (2018) 6; Heinz & Chang, IEEE Trans. Geosci. Remote Sens. 39 (2001) 529
 * @example
 * const { loadings, factors } = await nmfSimplex(scan, { components: 3, seed: 1 });
 */
export async function nmfSimplex(scan: Scan, options: SimplexNmfOptions): Promise<Nmf> {
  const method = "sum-to-one nmf";
  const ground = await simplexGround(method, scan, options);
  const fits = { loadings: simplexFit(options.sum ?? "one"), factors: nonNegativeFit };
  return simplexNmf(method, ground, ground, fits, options);
}

/** Columns ≥ 0 that sum to 1, or to at most 1; columns in which nothing was recorded are 0. */
export const simplexFit =
  (sum: Exclude<Sum, "free">): Fit =>
  ({ k, gram, targets, values }) => {
    const solve = simplexLeastSquares(gram, k, sum);
    eachColumn(k, targets, values, (target, out) => {
      if (target.some((value) => value !== 0)) solve(target, out);
      else out.fill(0);
    });
  };
