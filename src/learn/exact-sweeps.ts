import { gram, type Stack } from "../algebra/gram.ts";
import { random } from "../algebra/random.ts";
import { area, patterns, type Scan } from "../scan/scan.ts";
import { sweep } from "../scan/sweep.ts";
import { requireFinite } from "./finite.ts";
import { nonNegativeFit } from "./fits.ts";

export interface ExactSweepsOptions {
  /** Most reads of X, at least 1. */
  readonly sweeps: number;
  /** Stop when the squared objective falls by less than this part of itself. */
  readonly tolerance: number;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

export interface Swept {
  readonly loadings: Float32Array;
  readonly factors: Float32Array;
  readonly objective: number;
  readonly sweeps: number;
  readonly converged: boolean;
}

/**
 * Exact alternating non-negative least squares over X itself: in one read loadings = NNLS(X·F) and P = Xᵀ·loadings, then
 * F = NNLS(P) for every pixel. The objective, known without another read, never rises.
 *
 * ‖X − LᵀF‖² = ‖X‖² − 2⟨P, F⟩ + ⟨LLᵀ, FFᵀ⟩ cancels where the residual is small: sums of float32 products are good to some
 * 10⁻⁷ of ‖X‖². Where less than 10⁻⁵ is left, one more read measures the residual on random patterns instead.
 *
 * @param start  factors, k × pixels, ≥ 0
 * @param total  ‖X‖²
 * @see Kim & Park, SIAM J. Sci. Comput. 33 (2011) 3261
 */
export async function exactSweeps(
  scan: Scan,
  start: Float32Array,
  total: number,
  options: ExactSweepsOptions,
): Promise<Swept> {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const k = start.length / pixels;
  let factors = start;
  let previous = Infinity;
  for (let sweeps = 1; ; sweeps++) {
    options.signal?.throwIfAborted();
    const ofFactors = gram(factors, factors, pixels);
    const swept = await sweep(scan, patterns(scan.pixels, factors), [{ step: "nonNegative", gram: ofFactors }]);
    const loadings = swept.images.values;
    requireFinite("nmf", loadings, positions, "position");
    const ofLoadings = gram(loadings, loadings, positions);
    factors = fittedFactors(swept.patterns.values, ofLoadings, k);
    const objective = residual(total, swept.patterns.values, ofLoadings, factors, pixels);
    const converged = previous - objective <= options.tolerance * objective;
    if (converged || sweeps >= options.sweeps) {
      const squared = objective > 1e-5 * total ? objective : await probed(scan, loadings, factors, options.seed);
      return {
        loadings,
        factors,
        objective: Math.sqrt(squared),
        sweeps,
        converged: converged || squared <= 1e-12 * total,
      };
    }
    previous = objective;
  }
}

/** Non-negative least squares at every pixel. */
function fittedFactors(targets: Float32Array, ofLoadings: Float64Array, k: number): Float32Array {
  const values = new Float64Array(targets.length);
  nonNegativeFit({ k, gram: ofLoadings, targets, values });
  return Float32Array.from(values);
}

/** ‖X − LᵀF‖² from P = Xᵀ·L. */
export function residual(
  total: number,
  products: Stack,
  ofLoadings: Float64Array,
  factors: Stack,
  pixels: number,
): number {
  const ofFactors = gram(factors, factors, pixels);
  let sum = total;
  for (let i = 0; i < factors.length; i++) sum -= 2 * products[i] * factors[i];
  for (let i = 0; i < ofLoadings.length; i++) sum += ofLoadings[i] * ofFactors[i];
  return Math.max(0, sum);
}

const PROBES = 16;

/**
 * ‖E‖² of E = X − LᵀF as the mean of ‖E·g‖² over Gaussian patterns g: linear in E, so that nothing cancels but the products
 * themselves (10⁻⁷ of ‖X‖ in the root); within 20 % or so by chance. One read.
 *
 * @see Avron & Toledo, J. ACM 58 (2011) 8
 */
export async function probed(scan: Scan, loadings: Float32Array, factors: Float32Array, seed: number): Promise<number> {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const k = factors.length / pixels;
  const { normal } = random(seed, 1);
  const probes = Float32Array.from({ length: PROBES * pixels }, normal);
  const seen = (await scan.toImages(patterns(scan.pixels, probes))).values;
  const projected = gram(factors, probes, pixels);
  let sum = 0;
  for (let g = 0; g < PROBES; g++) {
    for (let i = 0; i < positions; i++) {
      let error = seen[g * positions + i];
      for (let t = 0; t < k; t++) error -= loadings[t * positions + i] * projected[t * PROBES + g];
      sum += error * error;
    }
  }
  return sum / PROBES;
}
