import { exp } from "./elementary.ts";

/**
 * erf x, error below 10⁻¹⁵.
 *
 * Up to 3 by the series 2/√π e^(−x²) Σ 2ⁿ x^(2n+1) / (2n+1)!!, whose terms are all positive; beyond by the continued fraction of erfc.
 *
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 7.1.6 and 7.1.14
 */
export function erf(x: number): number {
  const size = Math.abs(x);
  if (size > 6) return Math.sign(x);
  if (size > 3) {
    let fraction = size;
    for (let n = 60; n >= 1; n--) fraction = size + n / 2 / fraction;
    return Math.sign(x) * (1 - exp(-size * size) / (Math.sqrt(Math.PI) * fraction));
  }
  let term = x;
  let sum = x;
  for (let n = 1; Math.abs(term) > 1e-17 * Math.abs(sum); n++) {
    term *= (2 * x * x) / (2 * n + 1);
    sum += term;
  }
  return (2 / Math.sqrt(Math.PI)) * exp(-x * x) * sum;
}
