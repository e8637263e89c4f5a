import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, item, type Patterns, patterns } from "../scan/scan.ts";
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
export function nndsvd(svd: Svd, options: NndsvdOptions): Decomposition {
  const chosen = chosenParts(svd, options);
  const { loadings, factors } = svd;
  return {
    loadings: images(loadings.size, partsOf(loadings, chosen, "loading")),
    factors: patterns(factors.size, partsOf(factors, chosen, "factor")),
  };
}

/** Its factors alone. */
export function nndsvdFactors(svd: Svd, options: NndsvdOptions): Patterns {
  return patterns(svd.factors.size, partsOf(svd.factors, chosenParts(svd, options), "factor"));
}

/** What becomes of the singular components: which part of each, times what on either side, and what stands in place of 0. */
interface Chosen {
  readonly parts: readonly { readonly sign: 1 | -1; readonly loading: number; readonly factor: number }[];
  readonly filling: number;
}

function chosenParts(svd: Svd, { components, fill = "zeros" }: NndsvdOptions): Chosen {
  if (!(Number.isInteger(components) && components >= 1 && components <= svd.singularValues.length)) {
    throw new ShapeError(
      `nndsvd: expected components from 1 to the SVD's ${svd.singularValues.length}, found ${components}`,
      { expected: [1, svd.singularValues.length], got: components },
    );
  }
  const parts = Array.from({ length: components }, (_, i) => {
    // Loadings are u·s: their parts' norms carry s, so m is s·‖u±‖‖v±‖.
    const [l, f] = [item(svd.loadings, i), item(svd.factors, i)];
    const [lPlus, lMinus, fPlus, fMinus] = [partNorm(l, 1), partNorm(l, -1), partNorm(f, 1), partNorm(f, -1)];
    const [plus, minus] = [lPlus * fPlus, lMinus * fMinus];
    const weight = Math.sqrt(Math.max(plus, minus));
    if (weight === 0) return { sign: 1, loading: 0, factor: 0 } as const;
    return plus > minus
      ? ({ sign: 1, loading: weight / lPlus, factor: weight / fPlus } as const)
      : ({ sign: -1, loading: weight / lMinus, factor: weight / fMinus } as const);
  });
  return { parts, filling: fill === "mean" ? Math.max(0, meanOf(svd)) : 0 };
}

/** One side of the chosen parts. */
function partsOf(stack: Images | Patterns, { parts, filling }: Chosen, side: "loading" | "factor"): Float32Array {
  const length = area(stack.size);
  const values = new Float32Array(parts.length * length);
  parts.forEach(({ sign, [side]: scale }, i) => {
    const from = item(stack, i);
    for (let x = 0; x < length; x++) values[i * length + x] = Math.max(0, sign * from[x]) * scale;
  });
  if (filling > 0) for (let x = 0; x < values.length; x++) if (values[x] === 0) values[x] = filling;
  return values;
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
