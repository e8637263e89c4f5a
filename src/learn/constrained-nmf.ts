import { area, type Scan } from "../scan/scan.ts";
import { alternateInSpace, alternateOverScan, type Fits, type PairStart } from "./alternating-fits.ts";
import { type Ordering, orderedPairs } from "./factor-pairs.ts";
import type { NmfOptions, NmfSpace } from "./nmf-space.ts";
import type { Nmf } from "./results.ts";

export interface ConstrainedNmf {
  /** For messages. */
  readonly method: string;
  readonly start: PairStart;
  readonly fits: Fits;
  readonly ordering?: Ordering;
  /** Factors in counts, where X was weighted. */
  readonly counts?: (factors: Float32Array) => Float32Array;
  /** Most iterations where the SVD keeps X, default 500. */
  readonly maximumIterations?: number;
}

/** A factorisation under constraints: where the SVD keeps X until it stands still, then over X itself. */
export async function constrainedNmf(
  scan: Scan,
  { found, space }: NmfSpace,
  { method, start, fits, ordering, counts, maximumIterations = 500 }: ConstrainedNmf,
  { seed, sweeps = 4, tolerance = 1e-6, signal, onProgress }: Omit<NmfOptions, "svd">,
): Promise<Nmf> {
  const k = start.factors.length / area(scan.pixels);
  const settled = alternateInSpace(space, start, k, fits, { tolerance: 0.1 * tolerance, maximumIterations, signal });
  onProgress?.(method, 0.8);
  const swept = await alternateOverScan(method, scan, settled, fits, found.total, { tolerance, sweeps, seed, signal });
  onProgress?.(method, 1);
  return Object.freeze({
    ...orderedPairs(scan, swept.loadings, counts ? counts(swept.factors) : swept.factors, ordering),
    components: k,
    objective: swept.objective,
    iterations: settled.iterations + swept.sweeps,
    converged: swept.converged,
    starts: Object.freeze([settled.objective]),
  });
}
