import { gram, type Stack } from "../algebra/gram.ts";
import { inverseOf } from "../algebra/small-matrix.ts";
import { ShapeError } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import { alternateInSpace, type Fits, type PairStart } from "./alternating-fits.ts";
import { type Fit, nonNegativeFit } from "./fits.ts";
import { simplexFit } from "./nmf-simplex.ts";
import type { Nmf } from "./results.ts";
import { type SimplexNmfOptions, simplexGround, simplexNmf } from "./simplex-ground.ts";
import type { Vertices } from "./vertices.ts";
import { volumeWeight } from "./volume-weight.ts";

export interface VolumeNmfOptions extends SimplexNmfOptions {
  /** λ, weight of the volume at the end, as a part of ‖X‖², ≥ 0; default: what holds the simplex against noise, {@link volumeWeight}. */
  readonly volume?: number;
  /** Multiples of λ, one stage after another, ending in 1; default 3, 1. */
  readonly anneal?: readonly number[];
}

/** λ as a part of ‖X‖² where no corners could be picked that tell of noise. */
const WITHOUT_NOISE = 3e-4;
/** Without noise any weight will do that still moves corners. */
const LEAST = 1e-6;
/** Of the weight that holds a simplex whose corners are known: picked corners of mixtures lie inside, so too many positions seem to push. */
const HELD = 0.4;

/** δ as a part of the mean squared norm of the patterns: keeps the logarithm finite where patterns coincide. */
const FLAT = 1e-6;

/**
 * Non-negative matrix factorisation of minimum volume: min ‖X − LᵀF‖² + λ‖X‖² ln det(FFᵀ + δI), L, F ≥ 0, Σₖ lₖ = 1 (or ≤ 1).
 *
 * Of all sets of whole patterns whose mixtures hold the data it takes the one that spans least. Then patterns are found though no position
 * is pure, as long as mixtures reach every facet. Starts as {@link nmfSimplex}; the volume weighs much at first, so that the corners move in
 * among the data, and is then let go to λ. Too large a λ draws patterns together, too small a one lets them slide out of the data;
 * the default balances the noise ({@link volumeWeight}; docs/methods/nmf.md has the measured range). {@link unmix} needs no weight.
 * The logarithm is majorised, so with one λ the objective never rises. Pixels are weighted by 1 ÷ √(mean counts). Costs two SVDs and two
 * reads a sweep. Ordered by contribution; loadings are not scaled. A position without counts has loadings 0.
 *
 * @param scan  X: positions × pixels, counts, ≥ 0
 * @returns     see {@link Nmf}; factors in counts; `objective` is the weighted norm ‖X − LᵀF‖ without the volume
 * @throws ShapeError components outside 1 … min(positions, pixels), or more than the scan spans; λ or a multiple below 0
 * @throws DataError  a value of X is not finite, a position or pixel sums to less than 0
 * @throws AbortError signal was aborted; nothing is returned
 * @see Leplat, Ang & Gillis, IEEE ICASSP (2019) 3402; Fu, Huang & Sidiropoulos, IEEE Signal Process. Lett. 25 (2018) 328
 * @example
 * const { loadings, factors } = await nmfVolume(scan, { components: 3, seed: 1 });
 */
export async function nmfVolume(scan: Scan, options: VolumeNmfOptions): Promise<Nmf> {
  const { components: k, anneal = [3, 1], sum = "one", tolerance = 1e-6, signal } = options;
  for (const [what, value] of [
    ["volume", options.volume ?? 0] as const,
    ...anneal.map((v) => ["multiple of the volume", v] as const),
  ]) {
    if (value >= 0 && Number.isFinite(value)) continue;
    throw new ShapeError(`minimum-volume nmf: expected a ${what} from 0 on, found ${value}`, {
      expected: "≥ 0",
      got: value,
    });
  }
  const method = "minimum-volume nmf";
  const ground = await simplexGround(method, scan, options);
  const { factors, space, found, picked } = ground;
  const volume = options.volume ?? defaultVolume(factors, picked, found.total);
  const flat = (FLAT * gram(factors, factors, factors.length)[0]) / k;
  const loadings = simplexFit(sum);
  const fits = (multiple: number): Fits => {
    const weight = multiple * volume * found.total;
    return {
      loadings,
      factors: volumeFit(weight, flat),
      penalty: (now) => weight * spanned(now, k, flat).logDeterminant,
    };
  };
  let start: PairStart = { factors };
  for (const multiple of anneal.slice(0, -1)) {
    start = alternateInSpace(space, start, k, fits(multiple), { tolerance, maximumIterations: 100, signal });
  }
  return Object.freeze({ ...(await simplexNmf(method, ground, start, fits(anneal.at(-1) ?? 1), options)), volume });
}

function defaultVolume(factors: Stack, picked: Vertices | undefined, total: number): number {
  return picked && total > 0 ? Math.max(LEAST, (HELD * volumeWeight(factors, picked)) / total) : WITHOUT_NOISE;
}

/** (FFᵀ + δI)⁻¹ and ln det(FFᵀ + δI). */
function spanned(factors: Stack, k: number, flat: number) {
  const inner = gram(factors, factors, factors.length / k);
  for (let t = 0; t < k; t++) inner[t * k + t] += flat;
  return inverseOf(inner, k)!;
}

/**
 * Columns ≥ 0 for ‖X − LᵀF‖² + λ ln det(FFᵀ + δI): the concave logarithm lies below its tangent, tr(Y FFᵀ) with Y = (FFᵀ + δI)⁻¹ at the F
 * of before, so that least squares with G + λY lowers both.
 */
export const volumeFit =
  (weight: number, flat: number): Fit =>
  (problem) => {
    const { inverse } = spanned(problem.values, problem.k, flat);
    nonNegativeFit({ ...problem, gram: problem.gram.map((value, at) => value + weight * inverse[at]) });
  };
