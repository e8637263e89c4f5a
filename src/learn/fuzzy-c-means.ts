import { ShapeError } from "../scan/errors.ts";
import { area, images, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { cMeans, membershipsOf } from "./c-means.ts";
import { requireFinite } from "./finite.ts";
import { reproject } from "./reproject.ts";
import type { Clustering, Svd } from "./results.ts";

export interface FuzzyCMeansOptions extends Watch {
  /** Decomposition whose loadings are the points to be clustered. */
  readonly svd: Svd;
  /** 1 … number of different points. */
  readonly clusters: number;
  /** How many leading loadings span the space, default `clusters`, at most the SVD's. */
  readonly dimensions?: number;
  /** m > 1, default 2. */
  readonly fuzzifier?: number;
  /** "scaled": loadings U·S, distances are those between patterns (default). "unit": U, every component weighs the same. */
  readonly loadings?: "scaled" | "unit";
  /** How many starts, default 12. */
  readonly starts?: number;
  readonly maximumIterations?: number;
  /** Integer for the starts. */
  readonly seed: number;
}

/** Centres nearer than this part of the root mean square distance of the points from their mean are one. */
const SAME_PLACE = 1e-3;

/**
 * Fuzzy c-means of the positions in the space of SVD loadings: which of a few kinds of pattern a position shows, by degrees.
 *
 * Memberships say how near a position is to each centre compared with the others, not how much of each endmember it holds:
 * boundaries come out narrower than they are (docs/methods/fuzzy-c-means.md).
 * Positions whose loadings are all zero, masked or empty, get memberships but move no centre. One read of the scan, for the
 * centres. Clusters are ordered by total membership, largest first.
 *
 * @param scan  X: positions × pixels, as it was decomposed or, for centres of recorded patterns, not centred
 * @throws ShapeError clusters, dimensions or fuzzifier outside their ranges
 * @throws DataError  a loading is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Bezdek, Pattern Recognition with Fuzzy Objective Function Algorithms (1981); Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3
 * @example
 * const { memberships, centres } = await fuzzyCMeans(scan, { svd: found, clusters: 3, seed: 1 });
 */
export async function fuzzyCMeans(scan: Scan, options: FuzzyCMeansOptions): Promise<Clustering> {
  const { svd, clusters, fuzzifier = 2, signal } = options;
  const available = svd.singularValues.length;
  const dimensions = options.dimensions ?? Math.min(Math.max(1, clusters), available);
  if (!(Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= available)) {
    throw new ShapeError(`fuzzy c-means: expected dimensions from 1 to the SVD's ${available}, found ${dimensions}`, {
      expected: [1, available],
      got: dimensions,
    });
  }
  const positions = area(scan.positions);
  const points = pointsOf(svd, positions, dimensions, options.loadings ?? "scaled");
  requireFinite("fuzzy c-means", points, positions, "position");
  const shown = shownPositions(points, positions, dimensions);
  const fitted = new Float64Array(shown.length * dimensions);
  shown.forEach((position, i) => {
    fitted.set(points.subarray(position * dimensions, (position + 1) * dimensions), i * dimensions);
  });
  const found = cMeans(fitted, dimensions, options);
  const memberships = membershipImages(points, found.centres, dimensions, clusters, fuzzifier);
  const weighing = new Float32Array(memberships.length);
  let squares = 0;
  for (const position of shown) {
    for (let k = 0; k < clusters; k++) {
      weighing[k * positions + position] = memberships[k * positions + position];
      squares += memberships[k * positions + position] ** 2;
    }
  }
  signal?.throwIfAborted();
  const centres = await reproject(scan, images(scan.positions, weighing), fuzzifier);
  options.onProgress?.("fuzzy c-means", 1);
  return Object.freeze({
    clusters,
    fuzzifier,
    memberships: images(scan.positions, memberships),
    centres,
    loadingCentres: found.centres,
    objective: found.objective,
    iterations: found.iterations,
    converged: found.converged,
    partitionCoefficient: squares / shown.length,
    coincident: coincidentPairs(found.centres, dimensions, spread(fitted, dimensions)),
  });
}

function pointsOf(svd: Svd, positions: number, dimensions: number, scaling: "scaled" | "unit"): Float64Array {
  const points = new Float64Array(positions * dimensions);
  for (let d = 0; d < dimensions; d++) {
    const value = svd.singularValues[d];
    const scale = scaling === "scaled" ? 1 : value > 0 ? 1 / value : 0;
    for (let i = 0; i < positions; i++) points[i * dimensions + d] = scale * svd.loadings.values[d * positions + i];
  }
  return points;
}

/** Positions with any loading; all of them where there are none. */
function shownPositions(points: Float64Array, positions: number, dimensions: number): number[] {
  const all = Array.from({ length: positions }, (_, i) => i);
  const shown = all.filter((i) => points.subarray(i * dimensions, (i + 1) * dimensions).some((value) => value !== 0));
  return shown.length > 0 ? shown : all;
}

function membershipImages(
  points: Float64Array,
  centres: Float64Array,
  dimensions: number,
  clusters: number,
  fuzzifier: number,
): Float32Array {
  const positions = points.length / dimensions;
  const result = new Float32Array(clusters * positions);
  const u = new Float64Array(clusters);
  for (let i = 0; i < positions; i++) {
    for (let k = 0; k < clusters; k++) u[k] = squaredDistance(points, i, centres, k, dimensions);
    membershipsOf(u, fuzzifier, u);
    for (let k = 0; k < clusters; k++) result[k * positions + i] = u[k];
  }
  return result;
}

function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) sum += (a[i * dimensions + d] - b[j * dimensions + d]) ** 2;
  return sum;
}

/** Root mean square distance of the points from their mean. */
function spread(points: Float64Array, dimensions: number): number {
  const rows = points.length / dimensions;
  const mean = new Float64Array(dimensions);
  for (let i = 0; i < points.length; i++) mean[i % dimensions] += points[i] / rows;
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += squaredDistance(points, i, mean, 0, dimensions);
  return Math.sqrt(sum / rows);
}

function coincidentPairs(centres: Float64Array, dimensions: number, scale: number): [number, number][] {
  const clusters = centres.length / dimensions;
  const pairs: [number, number][] = [];
  for (let i = 0; i < clusters; i++) {
    for (let j = i + 1; j < clusters; j++) {
      if (squaredDistance(centres, i, centres, j, dimensions) <= (SAME_PLACE * scale) ** 2) pairs.push([i, j]);
    }
  }
  return pairs;
}
