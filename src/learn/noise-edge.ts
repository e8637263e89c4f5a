import { pow } from "../algebra/elementary.ts";

/** Tracy–Widom distribution of order 1: its mean, and the value that one in a thousand exceeds. */
const MEAN = -1.2065;
const THOUSANDTH = 3.2724;

/**
 * What the largest singular value of a matrix of noise, variance 1, exceeds once in a thousand: √n + √p, widened by its spread.
 *
 * @param rows     n, ≥ 1
 * @param columns  p, ≥ 1
 * @param at       value of the Tracy–Widom distribution, default 3.27, its 99.9 % point
 * @see Johnstone, Ann. Stat. 29 (2001) 295, theorem 1.1, with half a degree of freedom less (Ma, Bernoulli 18 (2012) 322)
 * @example
 * noiseEdge(1440, 2112); // 84.48; √n + √p is 83.90
 */
export function noiseEdge(rows: number, columns: number, at = THOUSANDTH): number {
  const [n, p] = [Math.sqrt(Math.max(0.5, rows - 0.5)), Math.sqrt(Math.max(0.5, columns - 0.5))];
  return Math.sqrt(Math.max(0, (n + p) ** 2 + at * (n + p) * pow(1 / n + 1 / p, 1 / 3)));
}

/** The mean of the largest singular value of a matrix of noise, variance 1. */
export const meanNoiseEdge = (rows: number, columns: number): number => noiseEdge(rows, columns, MEAN);

/** A matrix seen through its largest singular values. */
export interface Spectrum {
  /** Largest first. */
  readonly values: ArrayLike<number>;
  /** Sum of the squares of all, not of those given alone. */
  readonly total: number;
  readonly rows: number;
  readonly columns: number;
}

/** Rounding of a total of float32 sums is not noise. */
const ROUNDING = 1e-6;

/**
 * How many singular values rise above even noise. Its variance is not known: it is the energy that the values before leave, per degree
 * of freedom, so the gain of the detector does not matter.
 *
 * @param factor  of the edge, default 1: where noise of this kind is known to end elsewhere
 * @returns count, equal to the number of values where they reach no floor; the variance there
 */
export function aboveNoise(spectrum: Spectrum, factor = 1): { readonly count: number; readonly variance: number } {
  const { values, rows, columns } = spectrum;
  const edge = factor * noiseEdge(rows, columns);
  const least = ROUNDING * values[0];
  let left = spectrum.total;
  for (let k = 0; ; k++) {
    const variance = Math.max(0, left) / Math.max(1, (rows - k) * (columns - k));
    if (k >= values.length || values[k] <= Math.max(least, edge * Math.sqrt(variance))) return { count: k, variance };
    left -= values[k] ** 2;
  }
}
