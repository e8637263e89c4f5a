import { logNormalBelow } from "../algebra/normal-distribution.ts";
import { minimise } from "../algebra/quasi-newton.ts";
import { inverseOf, product, transformed } from "../algebra/small-matrix.ts";

/** How well barycentric coordinates are known. */
export interface CoordinateNoise {
  /** Standard deviations, n × k: how far a point may lie outside a facet at what cost. */
  readonly sigma: Float64Array;
  /** Mean covariance of a point's coordinates, k × k; its rows sum to 0. */
  readonly covariance: Float64Array;
}

export interface MinimumVolumeSimplexOptions {
  /** Noise of the coordinates after they were transformed by a k × k matrix. A single number is the standard deviation of all. */
  readonly noise: number | ((transform: Float64Array) => CoordinateNoise);
  /** Multiples of the noise, one stage after another, default 8, 4, 2, 1: wide ones let the simplex find its place. */
  readonly anneal?: readonly number[];
  /** How the facets are drawn in: all points by the whole "volume", which finds the place from afar; or each by its own face, exact once near. */
  readonly pull?: "volume" | "faces";
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
 * Every point lies on a face, with some components absent and uniform in the others, and is measured with known noise. So a coordinate is 0
 * (a part wₖ of the points, learned along) or anything positive: p(a) = w N(a; 0, σ) + (1 − w) Φ(a/σ), which holds the facets out. What
 * draws them in is that points spread over a face are likelier on a smaller one: ln |det M| − ½ ln det(M_Z R M_Zᵀ) for points from which
 * the components Z are absent, R the noise; a pure point, on no larger face, does not pull. For small noise this is the hinge of minimum-volume
 * simplex analysis; with the noise known, a facet is laid through the middle of the points on it, not around the outermost.
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
  { noise, anneal = [8, 4, 2, 1], pull = "volume" }: MinimumVolumeSimplexOptions,
): MinimumVolumeSimplex {
  let transform: Float64Array = new Float64Array(k * k);
  for (let i = 0; i < k; i++) transform[i * k + i] = 1;
  const noiseAt = typeof noise === "number" ? () => evenNoise(noise, coordinates.length, k) : noise;
  const onFacet = new Float64Array(k).fill(0.3);
  let converged = true;
  for (const multiple of anneal) {
    const { sigma, covariance } = widened(noiseAt(transform), multiple);
    const now = transformed(coordinates, transform, k);
    for (let round = 0; round < 3; round++) shares(now, sigma, onFacet);
    const parts = pull === "faces" ? faces(now, sigma, onFacet) : new Map([["0".repeat(k), 1]]);
    const found = minimise(likelihood(now, sigma, onFacet, pullOf(parts, covariance, k), k), identityRows(k), {
      tolerance: 1e-5,
    });
    transform = product(withLastRow(found.x, k), transform, k);
    converged = found.converged;
  }
  const objective = likelihoodOf(transformed(coordinates, transform, k), widened(noiseAt(transform), 1).sigma, onFacet);
  return { transform, onFacet, objective: objective - (inverseOf(transform, k)?.logDeterminant ?? 0), converged };
}

function evenNoise(sigma: number, length: number, k: number): CoordinateNoise {
  const covariance = Float64Array.from({ length: k * k }, (_, at) => (at % (k + 1) === 0 ? 1 : 0) - 1 / k);
  return { sigma: new Float64Array(length).fill(sigma), covariance };
}

const widened = ({ sigma, covariance }: CoordinateNoise, multiple: number): CoordinateNoise => ({
  sigma: sigma.map((value) => Math.max(LEAST_NOISE, value, Math.min(multiple * value, WIDEST_NOISE))),
  covariance,
});

/** −ln likelihood per point, without the volume. */
function likelihoodOf(coordinates: Float64Array, sigma: Float64Array, onFacet: Float64Array): number {
  const logs = new Float64Array(2);
  const k = onFacet.length;
  let sum = 0;
  for (let i = 0; i < coordinates.length; i++) sum -= logDensity(coordinates[i], sigma[i], onFacet[i % k], logs);
  return (sum * k) / coordinates.length;
}

/** Part of the points on every face, by which components are absent there: keys are strings of k digits, 1 for absent. */
function faces(coordinates: Float64Array, sigma: Float64Array, onFacet: Float64Array): Map<string, number> {
  const k = onFacet.length;
  const n = coordinates.length / k;
  const found = new Map<string, number>();
  const logs = new Float64Array(2);
  const absent = new Float64Array(k);
  const spread = (t: number, key: string, probability: number): void => {
    // Faces that a point is hardly on would only multiply their number.
    if (probability < 0.02) return;
    if (t === k) {
      if (key.includes("0")) found.set(key, (found.get(key) ?? 0) + probability / n);
      return;
    }
    spread(t + 1, `${key}1`, probability * absent[t]);
    spread(t + 1, `${key}0`, probability * (1 - absent[t]));
  };
  for (let i = 0; i < n; i++) {
    for (let t = 0; t < k; t++) {
      logDensity(coordinates[i * k + t], sigma[i * k + t], onFacet[t], logs);
      absent[t] = logs[0];
    }
    spread(0, "", 1);
  }
  return found;
}

type Pull = (m: Float64Array, inverse: Float64Array, logDeterminant: number, gradient: Float64Array) => number;

/** Mean over points of ln|det M| − ½ ln det(M_Z R M_Zᵀ), Z the components absent; its slope is added to `gradient`. */
function pullOf(parts: ReadonlyMap<string, number>, covariance: Float64Array, k: number): Pull {
  const all = Array.from(parts, ([key, part]) => ({
    part,
    absent: Array.from({ length: k }, (_, t) => t).filter((t) => key[t] === "1"),
  }));
  return (m, inverse, logDeterminant, gradient) => {
    const turned = product(m, covariance, k);
    let sum = 0;
    let pulling = 0;
    for (const { part, absent } of all) {
      const z = absent.length;
      const among = new Float64Array(z * z);
      absent.forEach((t, i) => {
        absent.forEach((s, j) => {
          for (let c = 0; c < k; c++) among[i * z + j] += turned[t * k + c] * m[s * k + c];
        });
      });
      const inverted = inverseOf(among, z);
      if (!inverted) continue;
      sum += part * (logDeterminant - 0.5 * inverted.logDeterminant);
      pulling += part;
      for (let i = 0; i < z; i++) {
        for (let j = 0; j < z; j++) {
          const weight = part * inverted.inverse[i * z + j];
          for (let c = 0; c < k; c++) gradient[absent[i] * k + c] -= weight * turned[absent[j] * k + c];
        }
      }
    }
    for (let t = 0; t < k; t++) for (let c = 0; c < k; c++) gradient[t * k + c] += pulling * inverse[c * k + t];
    return sum;
  };
}

/** −ln likelihood per point as a function of the first k−1 rows of M; the last row makes columns sum to 1. */
function likelihood(coordinates: Float64Array, sigma: Float64Array, onFacet: Float64Array, pull: Pull, k: number) {
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
    for (let at = 0; at < k * k; at++) g[at] /= -n;
    const drawn = pull(m, inverted.inverse, inverted.logDeterminant, g);
    for (let t = 0; t < k - 1; t++) {
      for (let s = 0; s < k; s++) gradient[t * k + s] = g[(k - 1) * k + s] - g[t * k + s];
    }
    return sum / n - drawn;
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
