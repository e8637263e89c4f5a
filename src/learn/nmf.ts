import { random } from "../algebra/random.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, images, patterns, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { expanded, followed, refined } from "./coarse-to-fine.ts";
import type { Factorisation } from "./coordinate-descent.ts";
import { exactSweeps } from "./exact-sweeps.ts";
import { type FactorSpace, factorSpace, thinned } from "./factor-space.ts";
import { nmfStarts } from "./nmf-starts.ts";
import type { Decomposition, Nmf, Svd } from "./results.ts";
import { svd } from "./svd.ts";

export { nmfErrors } from "./nmf-errors.ts";

export interface NmfOptions extends Watch {
  /** 1 … min(positions, pixels). */
  readonly components: number;
  /** Integer for the starts drawn at random. */
  readonly seed: number;
  /** Uncentred SVD of the same scan, with more than `components` components where there are more; computed where absent. */
  readonly svd?: Svd;
  /** How many starts, default 6: NNDSVD, NNDSVDa, successive projection, the rest drawn. */
  readonly starts?: number;
  /** Most exact sweeps over X at the end, each one read, default 4. */
  readonly sweeps?: number;
  /** Converged when the squared objective falls by less than this part of itself, default 10⁻⁶. */
  readonly tolerance?: number;
}

/** Singular components used beyond the wanted ones: they hold what the non-negative factors can reach besides. */
const MARGIN = 4;
/** Starts are told apart on this much of the scan. */
const [START_POSITIONS, START_PIXELS] = [2000, 3000];

/**
 * Non-negative matrix factorisation X ≈ loadingsᵀ · factors, all values ≥ 0, least squares.
 *
 * Diffraction patterns add up, so factors can be read as patterns; but they are not unique, and with a beam that all patterns
 * share they need not be those of phases (docs/methods/nmf.md).
 * Many starts converge where the SVD keeps X, in r ≪ pixels dimensions; the best goes on over X itself by exact alternating
 * non-negative least squares, one read a sweep, so the result and its objective are of the data, not of the SVD.
 * Components are ordered by contribution ‖loading‖·‖factor‖, largest first; each loading has maximum 1; a component that X has
 * no use for is zero in both.
 *
 * @param scan  X: positions × pixels, counts, ≥ 0
 * @returns     see {@link Nmf}; `iterations` are those of the best start and the sweeps
 * @throws ShapeError components outside 1 … min(positions, pixels)
 * @throws DataError  a value of X is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Lee & Seung, Nature 401 (1999) 788; Kim & Park, SIAM J. Sci. Comput. 33 (2011) 3261 (alternating least squares)
 * @example
 * const { loadings, factors } = await nmf(scan, { components: 3, seed: 1 });
 */
export async function nmf(scan: Scan, options: NmfOptions): Promise<Nmf> {
  const { components: k, seed, starts = 6, sweeps = 4, tolerance = 1e-6, signal, onProgress } = options;
  const smaller = Math.min(area(scan.positions), area(scan.pixels));
  if (!(Number.isInteger(k) && k >= 1 && k <= smaller)) {
    throw new ShapeError(
      `nmf: expected components from 1 to ${smaller} (the smaller of positions and pixels), found ${k}`,
      { expected: [1, smaller], got: k },
    );
  }
  const found =
    options.svd ?? (await svd(scan, { components: Math.min(smaller, k + MARGIN), seed, ...(signal && { signal }) }));
  if (found.singularValues.length < k) {
    throw new ShapeError(
      `nmf: expected an SVD of at least ${k} components, found ${found.singularValues.length}; ask svd for more`,
      { expected: k, got: found.singularValues.length },
    );
  }
  const space = factorSpace(found, k + MARGIN);
  if (space.rank === 0) return nothing(scan, k);
  const ended = fromStarts(found, space, options, starts, tolerance);
  const best = ended[0];
  onProgress?.("nmf", 0.7);
  const refined = await exactSweeps(scan, Float32Array.from(best.factors), found.total, {
    sweeps,
    tolerance,
    seed,
    signal,
  });
  onProgress?.("nmf", 1);
  return Object.freeze({
    ...ordered(scan, refined.loadings, refined.factors, k),
    components: k,
    objective: refined.objective,
    iterations: best.iterations + refined.sweeps,
    converged: refined.converged,
    starts: Object.freeze(ended.map(({ objective }) => objective)),
  });
}

/** Every start on a part of the space, compared on all of it; the best of them to the end. Best first. */
function fromStarts(
  found: Svd,
  space: FactorSpace,
  options: NmfOptions,
  count: number,
  tolerance: number,
): Factorisation[] {
  const { components: k, seed, signal, onProgress } = options;
  const part = thinned(space, START_POSITIONS, START_PIXELS);
  const ended = nmfStarts(found, space, k, count, random(seed)).map((start, i) => {
    const onPart = followed(space, part, start, k, { maximumIterations: 100, signal });
    onProgress?.("nmf", (0.5 * (i + 1)) / count);
    return { onPart, whole: expanded(space, part, onPart, k) };
  });
  ended.sort((a, b) => a.whole.objective - b.whole.objective);
  const descents = { tolerance: 0.1 * tolerance, maximumIterations: 300, signal };
  const best = refined(space, part, ended[0].onPart, k, descents);
  return [best, ...ended.slice(1).map(({ whole }) => whole)];
}

/** Scaled so that each loading has maximum 1, and ordered by contribution. */
function ordered(scan: Scan, loadings: Float32Array, factors: Float32Array, k: number): Decomposition {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const components = Array.from({ length: k }, (_, t) => {
    const loading = loadings.subarray(t * positions, (t + 1) * positions);
    const factor = factors.subarray(t * pixels, (t + 1) * pixels);
    const contribution = norm(loading) * norm(factor);
    // A component with a zero half describes nothing, whatever stands in its other half.
    const largest = contribution > 0 ? loading.reduce((a, b) => Math.max(a, b), 0) : Infinity;
    return { loading, factor, contribution, largest };
  });
  components.sort((a, b) => b.contribution - a.contribution);
  const scaledLoadings = new Float32Array(k * positions);
  const scaledFactors = new Float32Array(k * pixels);
  components.forEach(({ loading, factor, largest }, t) => {
    for (let i = 0; i < positions; i++) scaledLoadings[t * positions + i] = loading[i] / largest;
    if (largest < Infinity) for (let j = 0; j < pixels; j++) scaledFactors[t * pixels + j] = factor[j] * largest;
  });
  return { loadings: images(scan.positions, scaledLoadings), factors: patterns(scan.pixels, scaledFactors) };
}

function norm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}

/** An X of zeros: every component is zero, and that is exact. */
function nothing(scan: Scan, k: number): Nmf {
  const empty = {
    loadings: new Float32Array(k * area(scan.positions)),
    factors: new Float32Array(k * area(scan.pixels)),
  };
  return Object.freeze({
    ...ordered(scan, empty.loadings, empty.factors, k),
    components: k,
    objective: 0,
    iterations: 0,
    converged: true,
    starts: Object.freeze([0]),
  });
}
