import type { Scan } from "../scan/scan.ts";
import { constrainedNmf } from "./constrained-nmf.ts";
import { exactSweeps } from "./exact-sweeps.ts";
import { orderedPairs } from "./factor-pairs.ts";
import { countOf, type Fixed, fixedFits, fixedStart, requireFixed } from "./fixed-components.ts";
import {
  type NmfOptions as FamilyOptions,
  fromStarts,
  MARGIN,
  nmfSpace,
  nothing,
  requireComponents,
  spanningSvd,
} from "./nmf-space.ts";
import type { Nmf } from "./results.ts";

export type { Fixed } from "./fixed-components.ts";
export { nmfErrors } from "./nmf-errors.ts";

export interface NmfOptions extends FamilyOptions {
  /** Patterns or maps that are known: they come first, bit for bit, and the rest is learned beside them. */
  readonly fixed?: Fixed;
}

/**
 * Non-negative matrix factorisation X ≈ loadingsᵀ · factors, all values ≥ 0, least squares.
 *
 * Diffraction patterns add up, so factors can be read as patterns; but they are not unique, and with a beam that all patterns
 * share they need not be those of phases (docs/methods/nmf.md).
 * Many starts converge where the SVD keeps X, in r ≪ pixels dimensions; the best goes on over X itself by exact alternating
 * non-negative least squares, one read a sweep, so the result and its objective are of the data, not of the SVD.
 * With `fixed` parts the sweeps hold them (two reads each); masked pixels of a fixed pattern must be 0, as they are in X.
 * Components are ordered by contribution ‖loading‖·‖factor‖, largest first; each loading has maximum 1; a component that X has
 * no use for is zero in both.
 *
 * @param scan  X: positions × pixels, counts, ≥ 0
 * @returns     see {@link Nmf}; `iterations` are those of the best start and the sweeps
 * @throws ShapeError components outside 1 … min(positions, pixels); fixed parts of another size, negative or too many
 * @throws DataError  a value of X is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Lee & Seung, Nature 401 (1999) 788; Kim & Park, SIAM J. Sci. Comput. 33 (2011) 3261 (alternating least squares)
 * @example
 * const { loadings, factors } = await nmf(scan, { components: 3, seed: 1 });
 */
export async function nmf(scan: Scan, options: NmfOptions): Promise<Nmf> {
  const { components: k, seed, sweeps = 4, tolerance = 1e-6, fixed, signal, onProgress } = options;
  if (fixed) requireFixed("nmf", scan, fixed, k);
  requireComponents("nmf", scan, k);
  // What rises above the noise is exact; noise need not converge, since sweeps over X itself follow.
  const coarse = { width: 4 * Math.ceil((k + MARGIN) / 8), maximumReads: 6 };
  const found = options.svd ?? (await spanningSvd(scan, options, coarse));
  const ground = await nmfSpace("nmf", scan, { ...options, svd: found });
  if (ground.space.rank === 0) return nothing(scan, k);
  const ended = fromStarts(ground, options);
  const best = ended[0];
  if (fixed && countOf(fixed) > 0) {
    const start = fixedStart(fixed, best, k);
    const constrained = { method: "nmf", start, fits: fixedFits(fixed), ordering: { held: countOf(fixed) } };
    return constrainedNmf(scan, ground, constrained, options);
  }
  const refined = await exactSweeps(scan, Float32Array.from(best.factors), ground.found.total, {
    sweeps,
    tolerance,
    seed,
    signal,
  });
  onProgress?.("nmf", 1);
  return Object.freeze({
    ...orderedPairs(scan, refined.loadings, refined.factors),
    components: k,
    objective: refined.objective,
    iterations: best.iterations + refined.sweeps,
    converged: refined.converged,
    starts: Object.freeze(ended.map(({ objective }) => objective)),
  });
}
