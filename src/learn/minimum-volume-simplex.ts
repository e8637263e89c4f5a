import { exp, log, log1p } from "../algebra/elementary.ts";
import { logNormalBelow } from "../algebra/normal-distribution.ts";
import { minimise } from "../algebra/quasi-newton.ts";
import { inverseOf, product, transformed } from "../algebra/small-matrix.ts";

export interface MinimumVolumeSimplexOptions {
  /** Standard deviations of the coordinates, n × k, after they were transformed by a k × k matrix. A single number is that of all. */
  readonly noise: number | ((transform: Float64Array) => Float64Array);
  /** Multiples of the noise, one stage after another, default 8, 4, 2, 1: wide ones let the simplex find its place. */
  readonly anneal?: readonly number[];
}

/** The simplex found, as seen from the one that the coordinates were given in. */
export interface MinimumVolumeSimplex {
  /** M, k × k, row-major, columns summing to 1: coordinates in the new simplex are M·a; the new vertices are the columns of M⁻¹. */
  readonly transform: Float64Array;
  /** Part of the points that lie on each facet (coordinate 0), 0 … 1: what the simplex leans on. */
  readonly onFacet: Float64Array;
  /** −ln likelihood per point: comparable between starts on the same points. */
  readonly objective: number;
  readonly converged: boolean;
}

/** No standard deviation counts as smaller: noise-free points shall not make the cost infinitely steep. */
const LEAST_NOISE = 1e-4;
/** Annealing widens noise up to here: in wider noise a whole simplex would be lost. */
const WIDEST_NOISE = 0.12;

/**
 * The smallest simplex around noisy points: pure points are not needed where its facets are populated.
 *
 * A coordinate is 0 where a component is absent (a part wₖ of the points, learned along) or anything positive, measured with known noise:
 * p(a) = w N(a; 0, σ) + (1 − w) Φ(a/σ), which holds the facets out. The volume draws them in: minimised is
 * −ln |det M| − ⟨Σₖ ln p((M a)ₖ)⟩. For small noise this is the hinge of minimum-volume simplex analysis; with the noise known, a facet is laid
 * through the middle of the points on it, not around the outermost. Pure points pull as all others do, so corners come out a little too
 * near each other: a place to start from for {@link sampledCorners}.
 * Annealed from wide noise; quasi-Newton in k(k−1) unknowns. Deterministic. A local method: start from vertices that were picked.
 *
 * @param coordinates  n × k, rows summing to 1: barycentric coordinates in a first simplex
 * @param k            vertices, 2 or more
 * @see Li & Bioucas-Dias, IEEE IGARSS 3 (2008) 250 (MVSA); Bioucas-Dias, WHISPERS (2009) (SISAL: hinge)
 * @example
 * // Points halfway in between: the vertices move in to them.
 * minimumVolumeSimplex(Float64Array.of(0.75, 0.25, 0.25, 0.75, 0.5, 0.5), 2, { noise: 0.001 });
 */
export function minimumVolumeSimplex(
  coordinates: Float64Array,
  k: number,
  { noise, anneal = [8, 4, 2, 1] }: MinimumVolumeSimplexOptions,
): MinimumVolumeSimplex {
  let transform: Float64Array = new Float64Array(k * k);
  for (let i = 0; i < k; i++) transform[i * k + i] = 1;
  const noiseAt = typeof noise === "number" ? () => new Float64Array(coordinates.length).fill(noise) : noise;
  const onFacet = new Float64Array(k).fill(0.3);
  let converged = true;
  for (const multiple of anneal) {
    const sigma = widened(noiseAt(transform), multiple);
    const now = transformed(coordinates, transform, k);
    for (let round = 0; round < 3; round++) shares(now, sigma, onFacet);
    const found = minimise(likelihood(now, sigma, onFacet, k), identityRows(k), {
      // Only the last stage is an answer.
      tolerance: multiple > 1 ? 1e-3 : 1e-5,
    });
    transform = product(withLastRow(found.x, k), transform, k);
    converged = found.converged;
  }
  const last = transformed(coordinates, transform, k);
  const objective = likelihoodOf(last, widened(noiseAt(transform), 1), onFacet);
  return { transform, onFacet, objective: objective - (inverseOf(transform, k)?.logDeterminant ?? 0), converged };
}

const widened = (sigma: Float64Array, multiple: number): Float64Array =>
  sigma.map((value) => Math.max(LEAST_NOISE, value, Math.min(multiple * value, WIDEST_NOISE)));

/** −ln likelihood per point, without the volume. */
function likelihoodOf(coordinates: Float64Array, sigma: Float64Array, onFacet: Float64Array): number {
  const logs = new Float64Array(2);
  const k = onFacet.length;
  let sum = 0;
  for (let i = 0; i < coordinates.length; i++) {
    sum -= logDensity(coordinates[i] / sigma[i], logOdds(sigma[i], onFacet[i % k]), logs) + log1p(-onFacet[i % k]);
  }
  return (sum * k) / coordinates.length;
}

/** −ln likelihood per point as a function of the first k−1 rows of M; the last row makes columns sum to 1. */
function likelihood(coordinates: Float64Array, sigma: Float64Array, onFacet: Float64Array, k: number) {
  const n = coordinates.length / k;
  const logs = new Float64Array(2);
  const slopes = new Float64Array(k);
  const g = new Float64Array(k * k);
  const precision = sigma.map((value) => 1 / value);
  const odds = sigma.map((value, at) => logOdds(value, onFacet[at % k]));
  const present = onFacet.reduce((sum, part) => sum + log1p(-part), 0);
  return (x: Float64Array, gradient: Float64Array): number => {
    const m = withLastRow(x, k);
    const inverted = inverseOf(m, k);
    // Beyond a flat simplex lies its mirror image: no way through.
    if (!inverted || inverted.sign < 0) return Infinity;
    g.fill(0);
    let sum = 0;
    for (let own = 0; own < n * k; own += k) {
      for (let t = 0; t < k; t++) {
        let value = 0;
        for (let s = 0; s < k; s++) value += m[t * k + s] * coordinates[own + s];
        sum -= logDensity(value * precision[own + t], odds[own + t], logs);
        slopes[t] = logs[1] * precision[own + t];
      }
      for (let t = 0; t < k; t++) for (let s = 0; s < k; s++) g[t * k + s] -= slopes[t] * coordinates[own + s];
    }
    for (let t = 0; t < k; t++)
      for (let s = 0; s < k; s++) g[t * k + s] = g[t * k + s] / n - inverted.inverse[s * k + t];
    for (let t = 0; t < k - 1; t++) {
      for (let s = 0; s < k; s++) gradient[t * k + s] = g[t * k + s] - g[(k - 1) * k + s];
    }
    return sum / n - present - inverted.logDeterminant;
  };
}

/** ln of how much more likely absent is than present where a coordinate is 0 and Φ counts as 1. */
const logOdds = (sigma: number, part: number): number => log(part / ((1 - part) * sigma)) - 0.5 * log(2 * Math.PI);

/** ln [p(a) ÷ (1 − w)] at t = a/σ; out[1] ← its slope in t, out[0] ← the probability that the point is on the facet. */
function logDensity(t: number, odds: number, out: Float64Array): number {
  logNormalBelow(t, out);
  const absent = odds - 0.5 * t * t;
  const rise = absent - out[0];
  // Far inside, where nearly all points are, the facet does not count.
  if (rise < -40) {
    const value = out[0];
    out[0] = 0;
    return value;
  }
  const small = exp(-Math.abs(rise));
  const share = rise > 0 ? 1 / (1 + small) : small / (1 + small);
  const both = Math.max(absent, out[0]) + log1p(small);
  out[1] = share * -t + (1 - share) * out[1];
  out[0] = share;
  return both;
}

/** The part of the points on each facet, by one step of expectation maximisation. */
function shares(coordinates: Float64Array, sigma: Float64Array, onFacet: Float64Array): void {
  const k = onFacet.length;
  const n = coordinates.length / k;
  const logs = new Float64Array(2);
  const sums = new Float64Array(k);
  for (let i = 0; i < coordinates.length; i++) {
    logDensity(coordinates[i] / sigma[i], logOdds(sigma[i], onFacet[i % k]), logs);
    sums[i % k] += logs[0];
  }
  for (let t = 0; t < k; t++) onFacet[t] = Math.min(0.98, Math.max(0.02, sums[t] / n));
}

function identityRows(k: number): Float64Array {
  const rows = new Float64Array(k * (k - 1));
  for (let i = 0; i < k - 1; i++) rows[i * k + i] = 1;
  return rows;
}

function withLastRow(rows: Float64Array, k: number): Float64Array {
  const m = new Float64Array(k * k);
  m.set(rows);
  for (let s = 0; s < k; s++) {
    let last = 1;
    for (let t = 0; t < k - 1; t++) last -= rows[t * k + s];
    m[(k - 1) * k + s] = last;
  }
  return m;
}
