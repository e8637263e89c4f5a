import { ShapeError } from "../scan/errors.ts";
import { area, images, item, patterns } from "../scan/scan.ts";
import type { Decomposition, Svd } from "./results.ts";

export interface NndsvdOptions {
  /** 1 … components of the SVD. */
  readonly components: number;
  /** What stands where the start would be zero: "zeros" (NNDSVD), or the mean of X (NNDSVDa), default "zeros". */
  readonly fill?: "zeros" | "mean";
}

/**
 * Non-negative start for a factorisation from the SVD: of each singular component the positive or the negative part,
 * whichever weighs more. Deterministic; X is not read.
 *
 * @param svd  uncentred SVD of X
 * @returns loadings k × positions, factors k × pixels, all ≥ 0
 * @throws ShapeError components outside its range
 * @see Boutsidis & Gallopoulos, Pattern Recognit. 41 (2008) 1350, fig. 1
 * @example
 * const start = nndsvd(found, { components: 3 });
 */
export function nndsvd(svd: Svd, { components, fill = "zeros" }: NndsvdOptions): Decomposition {
  if (!(Number.isInteger(components) && components >= 1 && components <= svd.singularValues.length)) {
    throw new ShapeError(
      `nndsvd: expected components from 1 to the SVD's ${svd.singularValues.length}, found ${components}`,
      { expected: [1, svd.singularValues.length], got: components },
    );
  }
  const [positions, pixels] = [area(svd.loadings.size), area(svd.factors.size)];
  const loadings = new Float32Array(components * positions);
  const factors = new Float32Array(components * pixels);
  for (let i = 0; i < components; i++) {
    // Loadings are u·s: their parts' norms carry s, so m is s·‖u±‖‖v±‖.
    const [l, f] = [item(svd.loadings, i), item(svd.factors, i)];
    const [lPlus, lMinus, fPlus, fMinus] = [partNorm(l, 1), partNorm(l, -1), partNorm(f, 1), partNorm(f, -1)];
    const [plus, minus] = [lPlus * fPlus, lMinus * fMinus];
    const sign = plus > minus ? 1 : -1;
    const weight = Math.sqrt(Math.max(plus, minus));
    if (weight === 0) continue;
    const [lScale, fScale] = sign > 0 ? [weight / lPlus, weight / fPlus] : [weight / lMinus, weight / fMinus];
    for (let x = 0; x < positions; x++) loadings[i * positions + x] = Math.max(0, sign * l[x]) * lScale;
    for (let x = 0; x < pixels; x++) factors[i * pixels + x] = Math.max(0, sign * f[x]) * fScale;
  }
  if (fill === "mean") {
    const mean = Math.max(0, meanOf(svd));
    for (const values of [loadings, factors]) {
      for (let x = 0; x < values.length; x++) if (values[x] === 0) values[x] = mean;
    }
  }
  return { loadings: images(svd.loadings.size, loadings), factors: patterns(svd.factors.size, factors) };
}

function partNorm(values: Float32Array, sign: 1 | -1): number {
  let sum = 0;
  for (let x = 0; x < values.length; x++) {
    const value = sign * values[x];
    if (value > 0) sum += value * value;
  }
  return Math.sqrt(sum);
}

/** Mean of the values that the SVD rebuilds. */
function meanOf(svd: Svd): number {
  let sum = 0;
  for (let i = 0; i < svd.loadings.count; i++) sum += mean(item(svd.loadings, i)) * mean(item(svd.factors, i));
  return sum;
}

function mean(values: Float32Array): number {
  let sum = 0;
  for (let x = 0; x < values.length; x++) sum += values[x];
  return sum / values.length;
}
