import { logNormalBelow } from "../algebra/normal-distribution.ts";
import { minimise } from "../algebra/quasi-newton.ts";
import { inverseOf, product, transformed } from "../algebra/small-matrix.ts";

export interface MinimumVolumeSimplexOptions {
  /**
   * Standard deviations of the coordinates, n × k, after they were transformed by a k × k matrix. A single number holds for all. They decide
   * how far a point may lie outside at what cost.
   */
  readonly noise: number | ((transform: Float64Array) => Float64Array);
  /** Multiples of the noise, one stage after another, default 8, 4, 2, 1, 1: wide ones let the simplex find its place, the last ones are exact. */
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

/**
 * The smallest simplex around noisy points: pure points are not needed where its facets are populated.
 *
 * Maximises n ln|det M| + Σᵢₖ ln p((M a)ᵢₖ). The determinant draws the facets in; p, the density of a coordinate, holds them out. A
 * coordinate is either 0 (the component is absent; a part wₖ of the points, learned along) or anything positive, and is measured with
 * known noise: p(a) = w N(a; 0, σ) + (1 − w) Φ(a/σ). For small noise this is the hinge of minimum-volume simplex analysis; with the noise
 * known, a facet is laid through the middle of the points on it, not around the outermost.
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
  { noise, anneal = [8, 4, 2, 1, 1] }: MinimumVolumeSimplexOptions,
): MinimumVolumeSimplex {
  const n = coordinates.length / k;
  let transform: Float64Array = new Float64Array(k * k);
  for (let i = 0; i < k; i++) transform[i * k + i] = 1;
  const onFacet = new Float64Array(k).fill(0.3);
  let objective = 0;
  let converged = true;
  for (const multiple of anneal) {
    const sigma = new Float64Array(n * k);
    if (typeof noise === "number") sigma.fill(Math.max(LEAST_NOISE, noise * multiple));
    else noise(transform).forEach((value, i) => (sigma[i] = Math.max(LEAST_NOISE, value * multiple)));
    const now = transformed(coordinates, transform, k);
    for (let round = 0; round < 3; round++) shares(now, sigma, onFacet);
    const found = minimise(likelihood(now, sigma, onFacet, k), identityRows(k), { tolerance: 1e-5 });
    transform = product(withLastRow(found.x, k), transform, k);
    objective = found.value - (inverseOf(transform, k)?.logDeterminant ?? 0) + logDeterminant(found.x, k);
    converged = found.converged;
  }
  return { transform, onFacet, objective, converged };
}

/** −ln likelihood per point as a function of the first k−1 rows of M; the last row makes columns sum to 1. */
function likelihood(coordinates: Float64Array, sigma: Float64Array, onFacet: Float64Array, k: number) {
  const n = coordinates.length / k;
  const logs = new Float64Array(2);
  const a = new Float64Array(k);
  const slopes = new Float64Array(k);
  const g = new Float64Array(k * k);
  return (x: Float64Array, gradient: Float64Array): number => {
    const m = withLastRow(x, k);
    const inverted = inverseOf(m, k);
    // Beyond a flat simplex lies its mirror image: no way through.
    if (!inverted || inverted.sign < 0) return Infinity;
    g.fill(0);
    let sum = 0;
    for (let i = 0; i < n; i++) {
      for (let t = 0; t < k; t++) {
        let value = 0;
        for (let s = 0; s < k; s++) value += m[t * k + s] * coordinates[i * k + s];
        a[t] = value;
      }
      for (let t = 0; t < k; t++) {
        sum -= logDensity(a[t], sigma[i * k + t], onFacet[t], logs);
        slopes[t] = logs[1];
      }
      for (let t = 0; t < k; t++) for (let s = 0; s < k; s++) g[t * k + s] -= slopes[t] * coordinates[i * k + s];
    }
    for (let t = 0; t < k - 1; t++) {
      for (let s = 0; s < k; s++) {
        const volume = inverted.inverse[s * k + t] - inverted.inverse[s * k + k - 1];
        gradient[t * k + s] = (g[t * k + s] - g[(k - 1) * k + s]) / n - volume;
      }
    }
    return sum / n - inverted.logDeterminant;
  };
}

/** ln p(a); out[1] ← its slope, out[0] ← the probability that the point is on the facet. */
function logDensity(a: number, sigma: number, part: number, out: Float64Array): number {
  const t = a / sigma;
  logNormalBelow(t, out);
  const absent = Math.log(part / sigma) - 0.5 * Math.log(2 * Math.PI) - 0.5 * t * t;
  const present = Math.log1p(-part) + out[0];
  const both = Math.max(absent, present) + Math.log1p(Math.exp(-Math.abs(absent - present)));
  const share = Math.exp(absent - both);
  out[1] = (share * -t + (1 - share) * out[1]) / sigma;
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
    logDensity(coordinates[i], sigma[i], onFacet[i % k], logs);
    sums[i % k] += logs[0];
  }
  for (let t = 0; t < k; t++) onFacet[t] = Math.min(0.98, Math.max(0.02, sums[t] / n));
}

const logDeterminant = (rows: Float64Array, k: number): number =>
  inverseOf(withLastRow(rows, k), k)?.logDeterminant ?? 0;

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
