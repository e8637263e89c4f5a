import { cholesky, solveCholesky } from "../algebra/cholesky.ts";
import { exp, expm1, log, log1p } from "../algebra/elementary.ts";
import { logNormalBelow } from "../algebra/normal-distribution.ts";
import { type Random, random } from "../algebra/random.ts";
import { inverseOf } from "../algebra/small-matrix.ts";

/** Points as mixtures of corners, each measured with its own noise. */
export interface NoisyMixtures {
  readonly k: number;
  /** n × k, rows summing to 1: coordinates in a first simplex. */
  readonly coordinates: Float64Array;
  /** n × (k − 1)², noise covariance of the first k − 1 coordinates of each point. */
  readonly covariances: Float64Array;
}

export interface MixtureSamplerOptions {
  /** How often everything is drawn anew, default 150; the first third is not counted. */
  readonly sweeps?: number;
  /** Integer. */
  readonly seed: number;
}

/** Corners as the draws have them. */
export interface SampledCorners {
  /** k × k, rows are corners in the coordinates given, summing to 1: mean over the draws. */
  readonly corners: Float64Array;
  /** k × k, standard deviations over the draws. */
  readonly spread: Float64Array;
  /** Part of the points without each component. */
  readonly onFacet: Float64Array;
}

/** Every face counts as if it had so many points, so that none is ruled out. */
const PRIOR_POINTS = 0.5;

/**
 * Where the corners of a simplex lie, given noisy points in it, and how well they are known: draws from the posterior of a model in which every
 * point lies on a face (some components absent) and is uniform on it.
 *
 * Gibbs sampling with exact conditionals. For two components of a point, the rest kept, what one gives the other is normal along a
 * segment with an atom at either end, where one of them is absent: ends against interior are weighed by the parts of the points on the faces and by
 * how much smaller an end is, (|S| − 1)! √(2π) σ [Φ]. Corners given amounts are normal: weighted regression. Parts of the faces given the points are
 * Dirichlet, taken by their mean. A local method: start near the answer.
 *
 * Points on a face pin it down, pure points the corner, and points between are told from pure ones by what noise allows, which is where methods
 * that threshold are biased. Cost: sweeps × n × k(k−1)/2 draws.
 *
 * @see Dobigeon et al., IEEE Trans. Signal Process. 57 (2009) 4355 (joint sampling of corners and amounts)
 */
export function sampledCorners(
  { k, coordinates, covariances }: NoisyMixtures,
  { sweeps = 150, seed }: MixtureSamplerOptions,
): SampledCorners {
  const draw = random(seed, 23);
  const [n, m] = [coordinates.length / k, k - 1];
  const precisions = inverses(covariances, m);
  const amounts = onSimplex(coordinates, k);
  const corners = new Float64Array(k * m);
  for (let t = 0; t < m; t++) corners[t * m + t] = 1;
  const faces = new Float64Array(1 << k);
  const logFaces = new Float64Array(1 << k);
  const logSimplices = logFactorials(k);
  const [totals, squares, absent] = [new Float64Array(k * k), new Float64Array(k * k), new Float64Array(k)];
  const first = Math.floor(sweeps / 3);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    countFaces(amounts, k, faces);
    faces.forEach((count, s) => {
      logFaces[s] = log((count + PRIOR_POINTS) / n) + logSimplices[bits(s)];
    });
    drawAmounts(amounts, coordinates, precisions, corners, logFaces, k, draw);
    drawCorners(amounts, coordinates, precisions, corners, k, draw);
    if (sweep < first) continue;
    const all = withLast(corners, k);
    for (let at = 0; at < k * k; at++) {
      totals[at] += all[at];
      squares[at] += all[at] ** 2;
    }
    for (let at = 0; at < amounts.length; at++) if (amounts[at] === 0) absent[at % k] += 1 / n;
  }
  const counted = sweeps - first;
  const mean = totals.map((value) => value / counted);
  return {
    corners: mean,
    spread: squares.map((value, at) => Math.sqrt(Math.max(0, value / counted - mean[at] ** 2))),
    onFacet: absent.map((value) => value / counted),
  };
}

/** One round over all pairs of components of every point. */
function drawAmounts(
  amounts: Float64Array,
  coordinates: Float64Array,
  precisions: Float64Array,
  corners: Float64Array,
  logFaces: Float64Array,
  k: number,
  draw: Random,
): void {
  const [n, m] = [amounts.length / k, k - 1];
  // P·(b − Σ a E), kept up to date.
  const pull = new Float64Array(m);
  const rest = new Float64Array(m);
  const along = new Float64Array(m);
  const turned = new Float64Array(m);
  const logs = new Float64Array(2);
  for (let i = 0; i < n; i++) {
    const own = i * k;
    const p = i * m * m;
    for (let c = 0; c < m; c++) {
      rest[c] = coordinates[own + c];
      for (let t = 0; t < k; t++) rest[c] -= amounts[own + t] * corners[t * m + c];
    }
    for (let c = 0; c < m; c++) {
      pull[c] = 0;
      for (let d = 0; d < m; d++) pull[c] += precisions[p + c * m + d] * rest[d];
    }
    for (let s = 0; s < k; s++) {
      for (let t = s + 1; t < k; t++) {
        const whole = amounts[own + s] + amounts[own + t];
        if (whole === 0) continue;
        let others = 0;
        for (let r = 0; r < k; r++) if (r !== s && r !== t && amounts[own + r] > 0) others |= 1 << r;
        let [precision, slope] = [0, 0];
        for (let c = 0; c < m; c++) along[c] = corners[s * m + c] - corners[t * m + c];
        for (let c = 0; c < m; c++) {
          let value = 0;
          for (let d = 0; d < m; d++) value += precisions[p + c * m + d] * along[d];
          turned[c] = value;
          precision += value * along[c];
          slope += pull[c] * along[c];
        }
        if (!(precision > 0)) continue;
        const root = Math.sqrt(precision);
        // Of s; t has the rest of the whole.
        const centre = amounts[own + s] + slope / precision;
        const low = -centre * root;
        const high = (whole - centre) * root;
        const onlyT = logFaces[others | (1 << t)] - 0.5 * low * low;
        const onlyS = logFaces[others | (1 << s)] - 0.5 * high * high;
        const both =
          logFaces[others | (1 << s) | (1 << t)] + LOG_ROOT_2PI - 0.5 * log(precision) + logBetween(low, high, logs);
        const most = Math.max(onlyT, onlyS, both);
        const [chanceT, chanceS] = [exp(onlyT - most), exp(onlyS - most)];
        const chosen = draw.uniform() * (chanceT + chanceS + exp(both - most));
        let now = 0;
        if (chosen >= chanceT + chanceS) {
          now = Math.min(whole, Math.max(0, centre + truncatedNormal(low, high, draw) / root));
        } else if (chosen >= chanceT) now = whole;
        const step = now - amounts[own + s];
        amounts[own + s] = now;
        amounts[own + t] = now === whole ? 0 : whole - now;
        for (let c = 0; c < m; c++) pull[c] -= step * turned[c];
      }
    }
  }
}

/** Corners given amounts: E ~ N(A⁻¹ r, A⁻¹), A = Σ aaᵀ ⊗ P, r = Σ a ⊗ P b. */
function drawCorners(
  amounts: Float64Array,
  coordinates: Float64Array,
  precisions: Float64Array,
  corners: Float64Array,
  k: number,
  draw: Random,
): void {
  const [n, m] = [amounts.length / k, k - 1];
  const size = k * m;
  const matrix = new Float64Array(size * size);
  const right = new Float64Array(size);
  const target = new Float64Array(m);
  for (let i = 0; i < n; i++) {
    const p = i * m * m;
    for (let c = 0; c < m; c++) {
      target[c] = 0;
      for (let d = 0; d < m; d++) target[c] += precisions[p + c * m + d] * coordinates[i * k + d];
    }
    for (let t = 0; t < k; t++) {
      const amount = amounts[i * k + t];
      if (amount === 0) continue;
      for (let c = 0; c < m; c++) right[t * m + c] += amount * target[c];
      for (let s = 0; s <= t; s++) {
        const weight = amount * amounts[i * k + s];
        if (weight === 0) continue;
        for (let c = 0; c < m; c++) {
          const row = (t * m + c) * size + s * m;
          for (let d = 0; d < m; d++) matrix[row + d] += weight * precisions[p + c * m + d];
        }
      }
    }
  }
  for (let t = 0; t < size; t++) for (let s = t + 1; s < size; s++) matrix[t * size + s] = matrix[s * size + t];
  const lower = cholesky(matrix, size);
  if (!lower) return;
  solveCholesky(lower, size, right);
  // L⁻ᵀ z has the covariance A⁻¹.
  const noise = Float64Array.from({ length: size }, draw.normal);
  for (let r = size - 1; r >= 0; r--) {
    noise[r] /= lower[r * size + r];
    for (let l = 0; l < r; l++) noise[l] -= lower[r * size + l] * noise[r];
  }
  for (let r = 0; r < size; r++) corners[r] = right[r] + noise[r];
}

const LOG_ROOT_2PI = 0.5 * log(2 * Math.PI);

/** ln [Φ(high) − Φ(low)], from the side where it does not cancel. */
function logBetween(low: number, high: number, logs: Float64Array): number {
  const [near, far] = low > 0 ? [-low, -high] : [high, low];
  logNormalBelow(near, logs);
  const upper = logs[0];
  // Less than 10⁻¹⁷ of Φ(near) lies there.
  if (far < -9 && far * far - near * Math.min(0, near) > 80) return upper;
  logNormalBelow(far, logs);
  return upper + log1p(-Math.min(1 - 1e-16, exp(logs[0] - upper)));
}

/** A standard normal number between two bounds. */
function truncatedNormal(low: number, high: number, { normal, uniform }: Random): number {
  if (low > 0) return -truncatedNormal(-high, -low, { normal, uniform } as Random);
  if (high < 0) {
    // In the tail the density is steepest at the upper end: exponential there.
    const rate = -high;
    const reach = -expm1(-rate * (high - low));
    for (;;) {
      const back = -log1p(-uniform() * reach) / rate;
      if (uniform() <= exp(-0.5 * back * back)) return high - back;
    }
  }
  if (high - low > 1) {
    for (;;) {
      const value = normal();
      if (value >= low && value <= high) return value;
    }
  }
  for (;;) {
    const value = low + (high - low) * uniform();
    if (uniform() <= exp(-0.5 * value * value)) return value;
  }
}

function countFaces(amounts: Float64Array, k: number, faces: Float64Array): void {
  faces.fill(0);
  for (let at = 0; at < amounts.length; at += k) {
    let present = 0;
    for (let t = 0; t < k; t++) if (amounts[at + t] > 0) present |= 1 << t;
    faces[present]++;
  }
}

function inverses(covariances: Float64Array, m: number): Float64Array {
  const result = new Float64Array(covariances.length);
  for (let at = 0; at < covariances.length; at += m * m) {
    const covariance = covariances.slice(at, at + m * m);
    // Noise-free points shall not make the density infinitely steep.
    for (let c = 0; c < m; c++) covariance[c * m + c] += LEAST_VARIANCE;
    const inverted = inverseOf(covariance, m);
    if (inverted) result.set(inverted.inverse, at);
  }
  return result;
}

const LEAST_VARIANCE = 1e-8;

/** Coordinates without negative ones: what draws start from. */
function onSimplex(coordinates: Float64Array, k: number): Float64Array {
  const amounts = coordinates.map((value) => Math.max(0, value));
  for (let at = 0; at < amounts.length; at += k) {
    let total = 0;
    for (let t = 0; t < k; t++) total += amounts[at + t];
    for (let t = 0; t < k; t++) amounts[at + t] /= total;
  }
  return amounts;
}

/** ln (s − 1)! of s components: a face of s corners has the volume 1/(s − 1)! in its amounts. */
function logFactorials(k: number): Float64Array {
  const result = new Float64Array(k + 1);
  for (let s = 2; s <= k; s++) result[s] = result[s - 1] + log(s - 1);
  return result;
}

const bits = (set: number): number => (set === 0 ? 0 : 1 + bits(set & (set - 1)));

function withLast(corners: Float64Array, k: number): Float64Array {
  const m = k - 1;
  const all = new Float64Array(k * k);
  for (let t = 0; t < k; t++) {
    let last = 1;
    for (let c = 0; c < m; c++) {
      all[t * k + c] = corners[t * m + c];
      last -= corners[t * m + c];
    }
    all[t * k + m] = last;
  }
  return all;
}
