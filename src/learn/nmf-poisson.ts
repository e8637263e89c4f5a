import { type PoissonScaled, poissonScaled } from "../scan/poisson-scaled.ts";
import { area, type Images, images, type Patterns, patterns, type Scan } from "../scan/scan.ts";
import { orderedPairs } from "./factor-pairs.ts";
import { countOf, type Fixed, requireFixed } from "./fixed-components.ts";
import { type NmfOptions, nmf } from "./nmf.ts";
import { requireComponents, spanningSvd } from "./nmf-space.ts";
import type { Nmf } from "./results.ts";

export type PoissonNmfOptions = Omit<NmfOptions, "svd">;

/**
 * Non-negative matrix factorisation weighted for counting noise: {@link nmf} of X̃ᵢⱼ = Xᵢⱼ ÷ √(aᵢ bⱼ), taken back to counts.
 *
 * Least squares takes all counts for equally certain, so the direct beam, where the counts and with them the noise are largest, outweighs
 * every reflection. Weighted, weak reflections count for what they are known to: it is the first step towards the likelihood that
 * {@link nmfKullbackLeibler} goes all the way to. Costs an SVD and the sweeps of {@link nmf}, and two reads for the weights.
 *
 * @param scan  X: positions × pixels, counts, ≥ 0
 * @returns     see {@link Nmf}; `objective` is ‖X̃ − L̃ᵀF̃‖, the weighted one that is minimised: √(positions · pixels) for pure counting noise
 * @throws ShapeError components outside 1 … min(positions, pixels)
 * @throws DataError  a position or pixel sums to less than 0, or to no finite number
 * @throws AbortError signal was aborted; nothing is returned
 * @see Keenan & Kotula, Surf. Interface Anal. 36 (2004) 203, eqs 8–10
 * @example
 * const { loadings, factors } = await nmfPoisson(scan, { components: 3, seed: 1 });
 */
export async function nmfPoisson(scan: Scan, options: PoissonNmfOptions): Promise<Nmf> {
  const scaled = await poissonScaled(scan);
  const { components, fixed } = options;
  requireComponents("poisson-weighted nmf", scan, components);
  if (fixed) requireFixed("poisson-weighted nmf", scan, fixed, components);
  // In full: likelihoods that start from here differ along directions that hardly change this objective.
  const found = await nmf(scaled.scan, {
    ...options,
    svd: await spanningSvd(scaled.scan, options),
    ...(fixed && { fixed: scaledDown(fixed, scaled) }),
  });
  const [loadings, factors] = [scaled.loadings(found.loadings), scaled.factors(found.factors)];
  // Scaled and back again is the same but for rounding.
  if (fixed?.patterns) factors.values.set(fixed.patterns.values);
  if (fixed?.maps) loadings.values.set(fixed.maps.values, (fixed.patterns?.count ?? 0) * area(scan.positions));
  return Object.freeze({
    ...found,
    ...orderedPairs(scan, loadings.values, factors.values, { held: fixed ? countOf(fixed) : 0 }),
  });
}

/** What is fixed, as it looks in X̃. */
function scaledDown({ patterns: known, maps }: Fixed, { loadings, factors }: PoissonScaled): Fixed {
  const over = <Stack extends Images | Patterns>(stack: Stack, roots: Float32Array): Stack => ({
    ...stack,
    values: stack.values.map((value, at) => {
      const root = roots[at % roots.length];
      return root > 0 ? value / root : 0;
    }),
  });
  const ones = (length: number): Float32Array => new Float32Array(length).fill(1);
  return {
    ...(known && { patterns: over(known, factors(patterns(known.size, ones(area(known.size)))).values) }),
    ...(maps && { maps: over(maps, loadings(images(maps.size, ones(area(maps.size)))).values) }),
  };
}
