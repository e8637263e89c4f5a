import { ShapeError } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { constrainedNmf } from "./constrained-nmf.ts";
import { nonNegativeFit } from "./fits.ts";
import { sparseFit } from "./hoyer-sparsity.ts";
import { fromStarts, type NmfOptions, nmfSpace, nothing } from "./nmf-space.ts";
import type { Nmf } from "./results.ts";

export interface SparseNmfOptions extends NmfOptions {
  /** Hoyer's sparsity that each pattern or map is to have, above 0 (all values the same), below 1 (one value). */
  readonly sparsity: number;
  /** What is to be sparse, default "maps". */
  readonly on?: "patterns" | "maps";
}

/**
 * Non-negative matrix factorisation in which every map (or every pattern) has one given sparsity:
 * min ‖X − LᵀF‖, L, F ≥ 0, (√n − ‖·‖₁/‖·‖₂) ÷ (√n − 1) = `sparsity`.
 *
 * Which of the many factorisations is found becomes a choice: sparse maps keep a component where it belongs, sparse patterns keep spots apart
 * from background. The value is the user's to choose; a wrong one bends the result (docs/methods/nmf.md).
 * Starts from the best plain factorisation; every row is then put, in turn, where it is best for all others, so the objective never rises.
 * Two reads a sweep. Order and scale as {@link nmf}; neither changes a sparsity. Positions and pixels without counts do not enter it.
 *
 * @param scan  X: positions × pixels, counts, ≥ 0
 * @returns     see {@link Nmf}; `starts` holds the objective that was reached where the SVD keeps X
 * @throws ShapeError components outside 1 … min(positions, pixels); sparsity not between 0 and 1
 * @throws DataError  a value of X is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Hoyer, J. Mach. Learn. Res. 5 (2004) 1457; Potluru et al., Int. Conf. Learn. Represent. (2013), arXiv 1301.3527
 * @example
 * const { loadings } = await nmfSparse(scan, { components: 3, sparsity: 0.5, seed: 1 });
 */
export async function nmfSparse(scan: Scan, options: SparseNmfOptions): Promise<Nmf> {
  const { sparsity, on = "maps" } = options;
  if (!(sparsity > 0 && sparsity < 1)) {
    throw new ShapeError(`sparse nmf: expected a sparsity above 0 and below 1, found ${sparsity}`, {
      expected: "0 < sparsity < 1",
      got: sparsity,
    });
  }
  const ground = await nmfSpace("sparse nmf", scan, options);
  if (ground.space.rank === 0) return nothing(scan, options.components);
  const [start] = fromStarts(ground, options);
  const sparse = sparseFit(sparsity);
  const fits =
    on === "maps" ? { loadings: sparse, factors: nonNegativeFit } : { loadings: nonNegativeFit, factors: sparse };
  return constrainedNmf(scan, ground, { method: "sparse nmf", start, fits }, options);
}
