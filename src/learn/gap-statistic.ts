import { log } from "../algebra/elementary.ts";
import { random } from "../algebra/random.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";
import { alternate } from "./alternate.ts";
import { nearestRule } from "./k-means.ts";
import { meanPoint, thinnedPoints } from "./loading-space.ts";
import { bestOfStarts } from "./prototypes.ts";

export interface GapOptions {
  /** Largest number of clusters looked at. */
  readonly most: number;
  /** How many reference sets are drawn, default 10. */
  readonly references?: number;
  readonly starts?: number;
  /** Integer for the reference sets and the starts. */
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
}

/** One entry for 1, 2, … clusters. */
export interface Gaps {
  /** Mean of ln W of the references − ln W of the points, W the within-cluster sum of squares by k-means. */
  readonly gaps: Float64Array;
  /** Their standard errors, s √(1 + 1/references). */
  readonly errors: Float64Array;
  /** The fewest clusters with gap(c) ≥ gap(c + 1) − error(c + 1); `most` where there are none. */
  readonly suggested: number;
}

/** Of more points, so many evenly spread ones stand for all: W is a sum over points, and its logarithm changes little. */
const MOST_POINTS = 1000;

/**
 * Gap statistic: how much tighter the clusters of the points are than those of points spread evenly over the same space.
 *
 * Each reference set is drawn afresh, even over the box along the principal axes of the points. It can suggest one cluster.
 *
 * @param points  rows × dimensions, row-major, finite
 * @throws ShapeError more clusters than different points
 * @see Tibshirani, Walther & Hastie, J. R. Stat. Soc. B 63 (2001) 411, reference distribution (b)
 * @example
 * const { suggested } = gapStatistic(Float64Array.of(0, 0.1, 0.2, 0.1, 9, 9.1, 9.2, 9.1), 1, { most: 3, seed: 1 });
 */
export function gapStatistic(points: Float64Array, dimensions: number, options: GapOptions): Gaps {
  const { most, references = 10, starts = 3, seed, signal } = options;
  const thin = thinnedPoints(points, dimensions, MOST_POINTS);
  const box = principalBox(thin, dimensions);
  const draw = random(seed, 1);
  const own = logarithms(thin, dimensions, most, starts, seed, signal);
  const drawn = Array.from({ length: references }, () =>
    logarithms(box(draw.uniform), dimensions, most, starts, seed, signal),
  );
  const gaps = new Float64Array(most);
  const errors = new Float64Array(most);
  for (let c = 0; c < most; c++) {
    const mean = drawn.reduce((sum, values) => sum + values[c], 0) / references;
    const variance = drawn.reduce((sum, values) => sum + (values[c] - mean) ** 2, 0) / references;
    gaps[c] = mean - own[c];
    errors[c] = Math.sqrt(variance * (1 + 1 / references));
  }
  let suggested = 1;
  while (suggested < most && gaps[suggested - 1] < gaps[suggested] - errors[suggested]) suggested++;
  return Object.freeze({ gaps, errors, suggested });
}

/** ln W for 1 … most clusters. */
function logarithms(
  points: Float64Array,
  dimensions: number,
  most: number,
  starts: number,
  seed: number,
  signal: AbortSignal | undefined,
): Float64Array {
  const descend = alternate(dimensions, nearestRule);
  return Float64Array.from({ length: most }, (_, c) => {
    const options = { clusters: c + 1, starts, seed, maximumIterations: 100, signal };
    const { objective } = bestOfStarts("gap statistic", points, dimensions, options, descend);
    return log(Math.max(objective, Number.MIN_VALUE));
  });
}

/** Draws as many points as there are, evenly from the box along their principal axes. */
function principalBox(points: Float64Array, dimensions: number): (uniform: () => number) => Float64Array {
  const rows = points.length / dimensions;
  const mean = meanPoint(points, dimensions);
  const covariance = new Float64Array(dimensions * dimensions);
  for (let at = 0; at < points.length; at += dimensions) {
    for (let i = 0; i < dimensions; i++) {
      for (let j = 0; j < dimensions; j++) {
        covariance[i * dimensions + j] += (points[at + i] - mean[i]) * (points[at + j] - mean[j]);
      }
    }
  }
  const { vectors } = symmetricEigen(covariance, dimensions);
  const low = new Float64Array(dimensions).fill(Infinity);
  const high = new Float64Array(dimensions).fill(-Infinity);
  for (let at = 0; at < points.length; at += dimensions) {
    for (let axis = 0; axis < dimensions; axis++) {
      let along = 0;
      for (let d = 0; d < dimensions; d++) along += vectors[axis * dimensions + d] * (points[at + d] - mean[d]);
      low[axis] = Math.min(low[axis], along);
      high[axis] = Math.max(high[axis], along);
    }
  }
  return (uniform) => {
    const drawn = new Float64Array(points.length);
    for (let i = 0; i < rows; i++) {
      for (let d = 0; d < dimensions; d++) drawn[i * dimensions + d] = mean[d];
      for (let axis = 0; axis < dimensions; axis++) {
        const along = low[axis] + uniform() * (high[axis] - low[axis]);
        for (let d = 0; d < dimensions; d++) drawn[i * dimensions + d] += along * vectors[axis * dimensions + d];
      }
    }
    return drawn;
  };
}
