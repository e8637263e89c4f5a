import { cholesky, solveCholesky } from "../algebra/cholesky.ts";
import { type Random, random } from "../algebra/random.ts";
import { inverseOf } from "../algebra/small-matrix.ts";
import { drawAmounts, Faces, type Mixtures } from "./mixture-amounts.ts";

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
 * that threshold are biased. Cost: sweeps × n × (k³ multiplications and as many draws as there are pairs with a component present).
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
  const mixtures = { k, amounts, coordinates, precisions, corners };
  const [totals, squares, absent] = [new Float64Array(k * k), new Float64Array(k * k), new Float64Array(k)];
  const first = Math.floor(sweeps / 3);
  for (let sweep = 0; sweep < sweeps; sweep++) {
    drawAmounts(mixtures, new Faces(mixtures), draw);
    drawCorners(mixtures, draw);
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

/** Corners given amounts: E ~ N(A⁻¹ r, A⁻¹), A = Σ aaᵀ ⊗ P, r = Σ a ⊗ P b. */
function drawCorners({ k, amounts, coordinates, precisions, corners }: Mixtures, draw: Random): void {
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
