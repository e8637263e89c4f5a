import { ratioSweep, requireQuotients } from "../scan/ratio-sweep.ts";
import { area, images, patterns, type Scan } from "../scan/scan.ts";
import { orderedPairs } from "./factor-pairs.ts";
import { requireFinite } from "./finite.ts";
import { nmfPoisson } from "./nmf-poisson.ts";
import type { NmfOptions } from "./nmf-space.ts";
import type { Nmf } from "./results.ts";

export interface KullbackLeiblerNmfOptions extends Omit<NmfOptions, "svd"> {
  /** Most sweeps over X, each one read with {@link ROUNDS} rounds, default 100. */
  readonly sweeps?: number;
  /** Converged when the divergence falls by less than this part of itself, twice in a row; default 10⁻⁷. */
  readonly tolerance?: number;
}

/** Updates of a position's loadings while its pattern is at hand: they cost no read. */
const ROUNDS = 6;
/** What is 0 can never grow again under multiplicative updates: starts are raised to this part of the mean. */
const LEAST = 0.01;

/**
 * Non-negative matrix factorisation of greatest likelihood for counts: min D(X ‖ LᵀF) = Σ x ln(x/m) − x + m, m = LᵀF, L, F ≥ 0.
 *
 * For Poisson counts D is the negative log-likelihood but for a constant, so every count weighs what it is worth, also where few are expected
 * and the weights of {@link nmfPoisson} are crude. Starts from that; then multiplicative updates, loadings several times in each read,
 * factors once, extrapolated. A sweep that raises the divergence is taken back, so it never rises. One read a sweep, of quotients: as costly
 * as some ten sweeps of {@link nmf}. Order and scale as {@link nmf}. Negative values count as 0.
 *
 * @param scan  X: positions × pixels, counts, ≥ 0; as an engine hands it out, or masked
 * @returns     see {@link Nmf}; `objective` is D [counts], exactly that of the result; `starts` holds D of the start
 * @throws ShapeError       components outside 1 … min(positions, pixels)
 * @throws DataError        a value of X is not finite, a position or pixel sums to less than 0
 * @throws UnsupportedError a scan that is centred, weighted or squared
 * @throws AbortError       signal was aborted; nothing is returned
 * @see Lee & Seung, Adv. Neural Inf. Process. Syst. 13 (2001) 556, theorem 2; Ang & Gillis, Neural Comput. 31 (2019) 417 (extrapolation)
 * @example
 * const { loadings, factors } = await nmfKullbackLeibler(scan, { components: 3, seed: 1 });
 */
export async function nmfKullbackLeibler(scan: Scan, options: KullbackLeiblerNmfOptions): Promise<Nmf> {
  const { sweeps = 100, tolerance = 1e-7, signal, onProgress } = options;
  const { components: k, seed } = options;
  requireQuotients("kl nmf", scan);
  const start = await nmfPoisson(scan, {
    components: k,
    seed,
    ...(signal && { signal }),
    onProgress: (_, fraction) => onProgress?.("kl nmf", 0.3 * fraction),
  });
  const positions = area(scan.positions);
  const counted = await sums(scan);
  let loadings: Float32Array = raised(start.loadings.values, counted.positions);
  let ahead: Float32Array = raised(start.factors.values, counted.pixels);
  /** The last sweep that was accepted, and the factors that follow from it without extrapolation. */
  let best: { loadings: Float32Array; factors: Float32Array; divergence: number; next: Float32Array } | undefined;
  let first = Number.NaN;
  let reach = 0.5;
  let small = 0;
  let done = 0;
  while (done < sweeps && small < 2) {
    signal?.throwIfAborted();
    const swept = await ratioSweep(scan, images(scan.positions, loadings), patterns(scan.pixels, ahead), ROUNDS);
    requireFinite("kl nmf", swept.images.values, positions, "position");
    const divergence = swept.divergence.values.reduce((sum, value) => sum + value, 0);
    done++;
    onProgress?.("kl nmf", 0.3 + (0.7 * done) / sweeps);
    if (best && divergence > best.divergence) {
      // The extrapolation went too far; without it the divergence cannot rise, beyond rounding.
      if (ahead === best.next) break;
      reach /= 2;
      [loadings, ahead] = [best.loadings, best.next];
      continue;
    }
    if (best) small = best.divergence - divergence <= tolerance * divergence ? small + 1 : 0;
    else first = divergence;
    const next = updated(ahead, swept.patterns.values, swept.images.values, k);
    const before = best?.next;
    best = { loadings: swept.images.values, factors: ahead, divergence, next };
    loadings = swept.images.values;
    ahead = before ? extrapolated(next, before, reach) : next;
    reach = Math.min(2, reach * 1.2);
  }
  onProgress?.("kl nmf", 1);
  return Object.freeze({
    ...orderedPairs(scan, best!.loadings, best!.factors),
    components: k,
    objective: best!.divergence,
    iterations: start.iterations + done,
    converged: done < sweeps,
    starts: Object.freeze([first]),
  });
}

/** F ← F ∘ (Qᵀ·L) ÷ ΣL. */
function updated(factors: Float32Array, products: Float32Array, loadings: Float32Array, k: number): Float32Array {
  const [positions, pixels] = [loadings.length / k, factors.length / k];
  const result = new Float32Array(factors.length);
  for (let t = 0; t < k; t++) {
    let sum = 0;
    for (let i = t * positions; i < (t + 1) * positions; i++) sum += loadings[i];
    if (!(sum > 0)) continue;
    for (let j = t * pixels; j < (t + 1) * pixels; j++) result[j] = (factors[j] * products[j]) / sum;
  }
  return result;
}

/** Farther along the way from `before` to `now`: stays positive, and no entry moves more than tenfold. */
function extrapolated(now: Float32Array, before: Float32Array, reach: number): Float32Array {
  return now.map((value, at) =>
    before[at] > 0 && value > 0 ? value * Math.min(10, Math.max(0.1, 1 + reach * (value / before[at] - 1))) : value,
  );
}

/** What each position and each pixel counted. */
async function sums(scan: Scan): Promise<{ positions: Float32Array; pixels: Float32Array }> {
  const ones = (length: number): Float32Array => new Float32Array(length).fill(1);
  return {
    positions: (await scan.toImages(patterns(scan.pixels, ones(area(scan.pixels))))).values,
    pixels: (await scan.toPatterns(images(scan.positions, ones(area(scan.positions))))).values,
  };
}

/** Each row no less than a part of what the sums, brought to its scale, would make it; 0 where nothing was counted. */
function raised(values: Float32Array, counted: Float32Array): Float32Array {
  const all = counted.reduce((sum, value) => sum + value, 0);
  const result = new Float32Array(values.length);
  for (let from = 0; from < values.length; from += counted.length) {
    const own = values.subarray(from, from + counted.length);
    const scale = (own.reduce((sum, value) => sum + value, 0) || all) / (all || 1);
    for (let x = 0; x < counted.length; x++) {
      if (counted[x] > 0) result[from + x] = Math.max(own[x], LEAST * scale * counted[x]);
    }
  }
  return result;
}
