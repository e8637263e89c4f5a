import { exp, log } from "../algebra/elementary.ts";
import { logNormalBelow } from "../algebra/normal-distribution.ts";

/** Points in barycentric coordinates of a first simplex. */
export interface SeenFrom {
  readonly k: number;
  /** n × k, rows summing to 1. */
  readonly coordinates: Float64Array;
  /** Standard deviations of the coordinates after a k × k transform, n × k. */
  readonly noise: (transform: Float64Array) => Float64Array;
}

/** Slopes looked at: 0 where the corner stands over its base, 1 where a face would close only at infinity. */
const [STEEPEST, STEPS] = [1.5, 30];
const ROOT_2PI = Math.sqrt(2 * Math.PI);
/** A position far outside counts against a face no more than this. */
const LEAST_DENSITY = 1e-30;
const ROUNDS = 6;
/** A corner further away than 1/LEAST_CLOSING is no answer; one that draws in that much was no corner. */
const [LEAST_CLOSING, MOST_CLOSING] = [0.02, 5];

/**
 * Where the corner of a component lies that is only a small part of any position (a film that is thin everywhere), given the others.
 *
 * Positions with and without a thin component t fill a prism: its side walls are the faces aₛ + mₛ aₜ = 0 of the simplex, hinged on the edges between the other
 * corners, and they meet in corner t. Each slope mₛ is the one under which the positions are likeliest: a part w of them lies on
 * the face within its noise, the others anywhere inside, ln [w N(ℓ; 0, σ) + (1 − w) Φ(ℓ/σ)]. All faces meet where aₛ = −mₛ aₜ, so aₜ = 1 ÷ (1 − Σ mₛ).
 *
 * @returns k coordinates of the corner, summing to 1; undefined where the walls do not close
 */
export function thinCorner({ k, coordinates, noise }: SeenFrom, t: number): Float64Array | undefined {
  const n = coordinates.length / k;
  const variances = [-1, 0, 1].map((slope) => noise(sheared(k, t, slope)));
  const corner = new Float64Array(k);
  let closing = 1;
  for (let s = 0; s < k; s++) {
    if (s === t) continue;
    // Variance along a slope is a parabola in it: three slopes give it.
    const [at, cross, across] = Array.from({ length: 3 }, () => new Float64Array(n));
    for (let i = 0; i < n; i++) {
      const [low, middle, high] = variances.map((values) => values[i * k + s] ** 2);
      at[i] = middle;
      cross[i] = (high - low) / 2;
      across[i] = (high + low) / 2 - middle;
    }
    const value = (slope: number): number => {
      const far = new Float64Array(n);
      const sigma = new Float64Array(n);
      for (let i = 0; i < n; i++) {
        far[i] = coordinates[i * k + s] + slope * coordinates[i * k + t];
        sigma[i] = Math.sqrt(Math.max(1e-12, at[i] + slope * cross[i] + slope * slope * across[i]));
      }
      return faceLikelihood(far, sigma);
    };
    const slope = highest(value);
    corner[s] = -slope;
    closing -= slope;
  }
  if (!(closing > LEAST_CLOSING && closing < MOST_CLOSING)) return undefined;
  corner[t] = 1;
  return corner.map((part) => part / closing);
}

function sheared(k: number, t: number, slope: number): Float64Array {
  const m = new Float64Array(k * k);
  for (let s = 0; s < k; s++) {
    m[s * k + s] = 1;
    if (s !== t) m[s * k + t] = slope;
  }
  return m;
}

/** Σ ln [w N(ℓ; 0, σ) + (1 − w) Φ(ℓ/σ)], w by expectation maximisation. */
function faceLikelihood(far: Float64Array, sigma: Float64Array): number {
  const logs = new Float64Array(2);
  const on = new Float64Array(far.length);
  const inside = new Float64Array(far.length);
  for (let i = 0; i < far.length; i++) {
    const z = far[i] / sigma[i];
    on[i] = exp(-0.5 * z * z) / (sigma[i] * ROOT_2PI);
    logNormalBelow(z, logs);
    inside[i] = exp(logs[0]) + LEAST_DENSITY;
  }
  let w = 0.5;
  for (let round = 0; round < ROUNDS; round++) {
    let share = 0;
    for (let i = 0; i < far.length; i++) share += (w * on[i]) / (w * on[i] + (1 - w) * inside[i]);
    w = Math.min(0.98, Math.max(0.02, share / far.length));
  }
  let sum = 0;
  for (let i = 0; i < far.length; i++) sum += log(w * on[i] + (1 - w) * inside[i]);
  return sum;
}

/** Highest of evenly spread slopes, then by halving steps. */
function highest(value: (slope: number) => number): number {
  const step = (2 * STEEPEST) / STEPS;
  const slopes = Array.from({ length: STEPS + 1 }, (_, i) => -STEEPEST + i * step);
  const found = slopes.map(value);
  const best = found.indexOf(Math.max(...found));
  let [centre, width] = [slopes[best], step];
  let here = found[best];
  for (let round = 0; round < 6; round++) {
    width /= 2;
    for (const next of [centre - width, centre + width]) {
      const there = value(next);
      if (there > here) [centre, here] = [next, there];
    }
  }
  return centre;
}
