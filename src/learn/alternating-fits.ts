import { combine } from "../algebra/combine.ts";
import { gram, type Stack } from "../algebra/gram.ts";
import { area, images, patterns, type Scan } from "../scan/scan.ts";
import type { Factorisation } from "./coordinate-descent.ts";
import { probed, residual, type Swept } from "./exact-sweeps.ts";
import type { FactorSpace } from "./factor-space.ts";
import { requireFinite } from "./finite.ts";
import type { Fit } from "./fits.ts";

/** How each side is fitted, and what is added to ‖X − LᵀF‖². */
export interface Fits {
  readonly loadings: Fit;
  readonly factors: Fit;
  /** Added to the squared norm; the fit of the factors lowers the sum. */
  readonly penalty?: (factors: Stack) => number;
}

export interface AlternatingOptions {
  /** Stop when the objective falls by less than this part of the squared norm left, in one iteration. */
  readonly tolerance: number;
  readonly maximumIterations: number;
  readonly signal?: AbortSignal | undefined;
}

/** Where an alternation starts: factors k × pixels; loadings where a fit goes on from them. */
export interface PairStart {
  readonly factors: Stack;
  readonly loadings?: Stack;
}

/** Alternates the fits of loadings and factors where the SVD keeps X: every product costs r instead of pixels or positions. */
export function alternateInSpace(
  space: FactorSpace,
  start: PairStart,
  k: number,
  fits: Fits,
  { tolerance, maximumIterations, signal }: AlternatingOptions,
): Factorisation & { readonly history: readonly number[] } {
  const { a, v, positions, pixels, squaredNorm, outside } = space;
  const factors = Float64Array.from(start.factors);
  const loadings = start.loadings ? Float64Array.from(start.loadings) : new Float64Array(k * positions);
  const history: number[] = [];
  let misfit = Infinity;
  let converged = false;
  while (history.length < maximumIterations && !converged) {
    signal?.throwIfAborted();
    const seen = combine(gram(factors, v, pixels), a, positions);
    fits.loadings({ k, gram: gram(factors, factors, pixels), targets: seen, values: loadings });
    const ofLoadings = gram(loadings, loadings, positions);
    const products = combine(gram(loadings, a, positions), v, pixels);
    fits.factors({ k, gram: ofLoadings, targets: products, values: factors });
    misfit = residual(squaredNorm, products, ofLoadings, factors, pixels) + outside;
    const objective = misfit + (fits.penalty?.(factors) ?? 0);
    converged = history.length > 0 && history[history.length - 1] - objective <= tolerance * misfit;
    history.push(objective);
  }
  return { loadings, factors, objective: Math.sqrt(misfit), iterations: history.length, converged, history };
}

export interface AlternatingSweepsOptions extends Omit<AlternatingOptions, "maximumIterations"> {
  /** Most sweeps, at least 1. */
  readonly sweeps: number;
  readonly seed: number;
}

/**
 * The same alternation over X itself, two reads a sweep, so that the result and its objective are of the data and not of the SVD.
 *
 * @param total  ‖X‖²
 */
export async function alternateOverScan(
  method: string,
  scan: Scan,
  start: Required<PairStart>,
  fits: Fits,
  total: number,
  { tolerance, sweeps: most, seed, signal }: AlternatingSweepsOptions,
): Promise<Swept> {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const k = start.factors.length / pixels;
  let factors = Float32Array.from(start.factors);
  let loadings = Float32Array.from(start.loadings);
  let previous = Infinity;
  for (let sweeps = 1; ; sweeps++) {
    signal?.throwIfAborted();
    const seen = (await scan.toImages(patterns(scan.pixels, factors))).values;
    requireFinite(method, seen, positions, "position");
    loadings = fitted(fits.loadings, k, gram(factors, factors, pixels), seen, loadings);
    const products = (await scan.toPatterns(images(scan.positions, loadings))).values;
    const ofLoadings = gram(loadings, loadings, positions);
    factors = fitted(fits.factors, k, ofLoadings, products, factors);
    const misfit = residual(total, products, ofLoadings, factors, pixels);
    const objective = misfit + (fits.penalty?.(factors) ?? 0);
    const converged = previous - objective <= tolerance * misfit;
    previous = objective;
    if (converged || sweeps >= most) {
      const squared = misfit > 1e-5 * total ? misfit : await probed(scan, loadings, factors, seed);
      return {
        loadings,
        factors,
        objective: Math.sqrt(squared),
        sweeps,
        converged: converged || squared <= 1e-12 * total,
      };
    }
  }
}

function fitted(
  side: Fit,
  k: number,
  gramian: Float64Array,
  targets: Stack,
  from: Float32Array,
): Float32Array<ArrayBuffer> {
  const values = Float64Array.from(from);
  side({ k, gram: gramian, targets, values });
  return Float32Array.from(values);
}
