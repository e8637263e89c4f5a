import { exp, log } from "../algebra/elementary.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";
import { meanPoint } from "./loading-space.ts";

/** Coordinates in which the points have mean 0 and unit covariance: z = T (x − mean). */
export interface UnitFrame {
  readonly dimensions: number;
  /** Directions in which the points vary. */
  readonly rank: number;
  readonly mean: Float64Array;
  /** T, rank × dimensions. */
  readonly to: Float64Array;
  /** T⁺, dimensions × rank. */
  readonly from: Float64Array;
  /** det(covariance)^(1/rank): a squared distance here, in units of the loadings. */
  readonly unit: number;
}

export function unitFrame(points: Float64Array, dimensions: number): UnitFrame {
  const rows = points.length / dimensions;
  const mean = meanPoint(points, dimensions);
  const covariance = new Float64Array(dimensions * dimensions);
  let largest = 0;
  for (let at = 0; at < points.length; at += dimensions) {
    for (let i = 0; i < dimensions; i++) {
      largest = Math.max(largest, Math.abs(points[at + i]));
      for (let j = 0; j < dimensions; j++) {
        covariance[i * dimensions + j] += ((points[at + i] - mean[i]) * (points[at + j] - mean[j])) / rows;
      }
    }
  }
  const { values, vectors } = symmetricEigen(covariance, dimensions);
  // Loadings come rounded to float32: what varies less than that does not vary.
  const least = Math.max(1e-12 * values[0], 1e-14 * largest * largest);
  let rank = 0;
  while (rank < dimensions && values[rank] > least) rank++;
  if (rank === 0) rank = 1;
  const to = new Float64Array(rank * dimensions);
  const from = new Float64Array(dimensions * rank);
  let logarithms = 0;
  for (let r = 0; r < rank; r++) {
    const spread = values[r] > 0 ? Math.sqrt(values[r]) : 1;
    logarithms += 2 * log(spread);
    for (let d = 0; d < dimensions; d++) {
      to[r * dimensions + d] = vectors[r * dimensions + d] / spread;
      from[d * rank + r] = vectors[r * dimensions + d] * spread;
    }
  }
  return { dimensions, rank, mean, to, from, unit: exp(logarithms / rank) };
}

export function toFrame(points: Float64Array, { dimensions, rank, mean, to }: UnitFrame): Float64Array {
  const rows = points.length / dimensions;
  const result = new Float64Array(rows * rank);
  for (let i = 0; i < rows; i++) {
    for (let r = 0; r < rank; r++) {
      let sum = 0;
      for (let d = 0; d < dimensions; d++) sum += to[r * dimensions + d] * (points[i * dimensions + d] - mean[d]);
      result[i * rank + r] = sum;
    }
  }
  return result;
}

export function fromFrame(points: Float64Array, { dimensions, rank, mean, from }: UnitFrame): Float64Array {
  const rows = points.length / rank;
  const result = new Float64Array(rows * dimensions);
  for (let i = 0; i < result.length; i++) {
    const [row, d] = [Math.floor(i / dimensions), i % dimensions];
    let sum = mean[d];
    for (let r = 0; r < rank; r++) sum += from[d * rank + r] * points[row * rank + r];
    result[i] = sum;
  }
  return result;
}

/** unit · Tᵀ A T. */
export function metricsFromFrame(metrics: Float64Array, { dimensions, rank, to, unit }: UnitFrame): Float64Array {
  const result = new Float64Array((metrics.length / (rank * rank)) * dimensions * dimensions);
  for (let i = 0; i < result.length; i++) {
    const k = Math.floor(i / (dimensions * dimensions));
    const [a, b] = [Math.floor(i / dimensions) % dimensions, i % dimensions];
    let sum = 0;
    for (let r = 0; r < rank; r++) {
      for (let s = 0; s < rank; s++) {
        sum += to[r * dimensions + a] * metrics[(k * rank + r) * rank + s] * to[s * dimensions + b];
      }
    }
    result[i] = unit * sum;
  }
  return result;
}
