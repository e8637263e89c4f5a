import { random } from "../algebra/random.ts";
import { ShapeError } from "../scan/errors.ts";
import { kMeansPlusPlus } from "./k-means-plus-plus.ts";
import { squaredDistance, thinnedPoints } from "./loading-space.ts";
import { successiveProjection } from "./successive-projection.ts";

/** Centres of clusters, and where each has a metric of its own, that. */
export interface Prototypes {
  /** clusters × dimensions. */
  readonly centres: Float64Array;
  /** clusters × dimensions × dimensions. */
  readonly metrics?: Float64Array;
}

/** Where a descent from a start ended. */
export interface Descent extends Prototypes {
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Σ_i u_ik. */
  readonly totals: Float64Array;
}

export interface DescentSettings {
  /** Squared movement of a centre at which the descent ends, as part of the points' mean squared distance from their mean. */
  readonly tolerance: number;
  readonly maximumIterations: number;
  readonly signal?: AbortSignal | undefined;
}

/** Lowers an objective from given prototypes until these stand still. */
export type Descend = (points: Float64Array, from: Prototypes, settings: DescentSettings) => Descent;

export interface StartsOptions {
  readonly clusters: number;
  readonly starts?: number | undefined;
  readonly maximumIterations?: number | undefined;
  readonly seed: number;
  readonly signal?: AbortSignal | undefined;
  readonly onProgress?: ((stage: string, fraction: number) => void) | undefined;
}

/** Starts are told apart on at most so many points; the best then goes on with all. */
const MOST_POINTS = 2000;
const [ROUGHLY, DONE] = [1e-8, 1e-14];

/**
 * Descends from several starts and carries the one that ends lowest on until its prototypes stand still.
 *
 * The first start is of points that span the others (successive projection), the rest of points far apart (k-means++).
 *
 * @param method  for messages and progress
 * @param points  rows × dimensions, row-major, finite
 * @returns       clusters by total membership, largest first
 * @throws ShapeError clusters outside 1 … number of different points
 */
export function bestOfStarts(
  method: string,
  points: Float64Array,
  dimensions: number,
  options: StartsOptions,
  descend: Descend,
): Descent {
  const { clusters, starts = 10, maximumIterations = 1000, seed, signal, onProgress } = options;
  requireDistinct(method, points, dimensions, clusters);
  // So few points may not hold as many different ones.
  const thin = thinnedPoints(points, dimensions, Math.max(MOST_POINTS, 200 * clusters));
  const sample = differentPoints(thin, dimensions, clusters) < clusters ? points : thin;
  const draw = random(seed);
  const count = clusters === 1 ? 1 : Math.max(1, starts);
  let best: Descent | undefined;
  for (let start = 0; start < count; start++) {
    signal?.throwIfAborted();
    const rows =
      start === 0 ? spanning(sample, dimensions, clusters) : kMeansPlusPlus(sample, dimensions, clusters, draw);
    const centres = new Float64Array(clusters * dimensions);
    rows.forEach((row, k) => {
      centres.set(sample.subarray(row * dimensions, (row + 1) * dimensions), k * dimensions);
    });
    const ended = descend(sample, { centres }, { tolerance: ROUGHLY, maximumIterations: 100, signal });
    // Starts that end at one place differ by rounding: the first stays.
    if (!best || ended.objective < best.objective * (1 - 1e-6)) best = ended;
    onProgress?.(method, (start + 1) / (count + 1));
  }
  signal?.throwIfAborted();
  const found = descend(points, best!, { tolerance: DONE, maximumIterations, signal });
  return byTotal({ ...found, iterations: best!.iterations + found.iterations }, dimensions);
}

function byTotal(found: Descent, dimensions: number): Descent {
  const order = Array.from(found.totals.keys()).sort((a, b) => found.totals[b] - found.totals[a] || a - b);
  const gathered = (values: Float64Array, size: number): Float64Array => {
    const result = new Float64Array(values.length);
    order.forEach((from, to) => {
      result.set(values.subarray(from * size, (from + 1) * size), to * size);
    });
    return result;
  };
  return {
    ...found,
    centres: gathered(found.centres, dimensions),
    totals: gathered(found.totals, 1),
    ...(found.metrics && { metrics: gathered(found.metrics, dimensions * dimensions) }),
  };
}

/** Points that span the others, and where these are too few, the points farthest from those taken. */
function spanning(points: Float64Array, dimensions: number, count: number): number[] {
  const taken = successiveProjection(points, dimensions, count);
  if (taken.length === 0) taken.push(0);
  const rows = points.length / dimensions;
  while (taken.length < count) {
    let farthest = 0;
    let most = -1;
    for (let i = 0; i < rows; i++) {
      const nearest = Math.min(...taken.map((row) => squaredDistance(points, i, points, row, dimensions)));
      if (nearest > most) {
        most = nearest;
        farthest = i;
      }
    }
    taken.push(farthest);
  }
  return taken;
}

/** How many different points there are, counted up to `enough`. */
function differentPoints(points: Float64Array, dimensions: number, enough: number): number {
  const different: number[] = [];
  for (let i = 0; i * dimensions < points.length && different.length < enough; i++) {
    if (!different.some((j) => squaredDistance(points, i, points, j, dimensions) === 0)) different.push(i);
  }
  return different.length;
}

function requireDistinct(method: string, points: Float64Array, dimensions: number, clusters: number): void {
  const wanted = Number.isInteger(clusters) && clusters >= 1;
  const most = wanted ? differentPoints(points, dimensions, clusters) : points.length / dimensions;
  if (wanted && most >= clusters) return;
  throw new ShapeError(
    `${method}: expected clusters from 1 to ${most} (the number of different points), found ${clusters}`,
    { expected: [1, most], got: clusters },
  );
}
