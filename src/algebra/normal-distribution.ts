import { exp, log, log1p } from "./elementary.ts";

const LOWEST = -8;
const STEPS = 64;
/** ln Φ and its slope from −8 to 8, in steps of 1/64. */
export const normalBelowTable: Float64Array = hermiteTable();

/**
 * ln Φ(t), the logarithm of the probability that a standard normal number is below t, and its slope φ(t)/Φ(t).
 *
 * Between −8 and 8 from a table by cubic interpolation of values and slopes, error < 10⁻⁸; below by the continued fraction.
 *
 * @param t    finite
 * @param out  out[0] ← ln Φ(t), out[1] ← φ(t)/Φ(t)
 * @see Abramowitz & Stegun, Handbook of Mathematical Functions (1964), 26.2.11 (series) and 26.2.14 (continued fraction)
 * @example
 * const out = new Float64Array(2);
 * logNormalBelow(0, out); // out = [−0.693…, 0.798…]
 */
export function logNormalBelow(t: number, out: Float64Array): void {
  if (t >= -LOWEST) {
    out[0] = 0;
    out[1] = 0;
    return;
  }
  if (t <= LOWEST) {
    below(t, out);
    return;
  }
  const place = (t - LOWEST) * STEPS;
  const cell = Math.floor(place);
  const x = place - cell;
  const at = 2 * cell;
  const [v0, v1] = [normalBelowTable[at], normalBelowTable[at + 2]];
  const [s0, s1] = [normalBelowTable[at + 1] / STEPS, normalBelowTable[at + 3] / STEPS];
  const rise = v1 - v0;
  const c2 = 3 * rise - 2 * s0 - s1;
  const c3 = s0 + s1 - 2 * rise;
  out[0] = v0 + x * (s0 + x * (c2 + x * c3));
  out[1] = (s0 + x * (2 * c2 + 3 * x * c3)) * STEPS;
}

function hermiteTable(): Float64Array {
  const count = 2 * -LOWEST * STEPS + 1;
  const values = new Float64Array(2 * count);
  for (let i = 0; i < count; i++) exact(LOWEST + i / STEPS, values.subarray(2 * i, 2 * i + 2));
  return values;
}

function density(t: number): number {
  return exp(-t * t * 0.5) / Math.sqrt(2 * Math.PI);
}

function exact(t: number, out: Float64Array): void {
  if (t < -3) {
    below(t, out);
    return;
  }
  if (t > 3) {
    const tail = new Float64Array(2);
    below(-t, tail);
    const above = exp(tail[0]);
    out[0] = log1p(-above);
    out[1] = density(t) / (1 - above);
    return;
  }
  let term = t;
  let sum = t;
  for (let n = 3; Math.abs(term) > 1e-17 * Math.abs(sum); n += 2) {
    term *= (t * t) / n;
    sum += term;
  }
  const probability = 0.5 + density(t) * sum;
  out[0] = log(probability);
  out[1] = density(t) / probability;
}

/** t ≤ −3: φ/Φ = |t| + 1/(|t| + 2/(|t| + 3/…)). */
function below(t: number, out: Float64Array): void {
  const x = -t;
  let fraction = x;
  // The further out, the sooner the fraction has converged.
  for (let n = x > 8 ? 16 : 80; n >= 1; n--) fraction = x + n / fraction;
  out[0] = -0.5 * t * t - 0.5 * log(2 * Math.PI) - log(fraction);
  out[1] = fraction;
}
