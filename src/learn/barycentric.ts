import { median } from "../algebra/median.ts";
import { nonNegativeLeastSquares, nonNegativeScratch } from "../algebra/nnls.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images } from "../scan/scan.ts";
import { type ClusteringOptions, loadingSpace, squaredDistance } from "./loading-space.ts";

export interface BarycentricOptions extends Pick<ClusteringOptions, "svd" | "loadings" | "positions"> {
  /** Centres or vertices in the loading space, k × dimensions: `loadingCentres` of a clustering made with the same `loadings`. */
  readonly loadingCentres: Float64Array;
  /** How many leading loadings span the space. */
  readonly dimensions: number;
}

export interface Barycentric {
  /** k × positions, ≥ 0, each position summing to 1. */
  readonly maps: Images;
  /** One image: distance of each position from the simplex [units of the loadings]; large where no mixture explains the pattern. */
  readonly distance: Images;
  /**
   * The middle and the largest of these distances over the positions that count, in units of the root mean square distance between the
   * centres [1]: how far out of the simplex positions lie. NaN where all centres coincide, or there is one.
   */
  readonly outside: { readonly median: number; readonly largest: number };
}

/**
 * How much of each centre makes up each position: min ‖x − Σ a_k c_k‖, a ≥ 0, Σ a = 1, in the space of SVD loadings.
 *
 * Memberships are S-shaped across a boundary and so make it look narrow; these are linear in the mixture. A position halfway between two
 * centres is half of each, however far it is from a third. Centres of clusters lie inside the pure patterns' simplex, so maps
 * saturate a little before a region is pure; with vertices of an unmixing they do not. Where a centre is itself a mixture of others (a cluster
 * of the seam between two crystals), mixtures are booked to it. X is not read: 10⁵ positions and 5 centres take 0.1 s.
 *
 * @returns see {@link Barycentric}; positions left out by the mask are 0
 * @throws ShapeError centres not k × dimensions or not finite; dimensions or mask out of range
 * @throws DataError  a loading is not finite
 * @see Heinz & Chang, IEEE Trans. Geosci. Remote Sens. 39 (2001) 529
 * @example
 * const { loadingCentres } = await fuzzyCMeans(scan, { svd: found, clusters: 3, seed: 1 });
 * const { maps } = barycentric({ svd: found, loadingCentres, dimensions: 3 });
 */
export function barycentric(options: BarycentricOptions): Barycentric {
  const { loadingCentres, svd } = options;
  const { points, shown, dimensions } = loadingSpace("barycentric", options, options.dimensions);
  const k = loadingCentres.length / dimensions;
  if (!(Number.isInteger(k) && k >= 1) || !loadingCentres.every(Number.isFinite)) {
    throw new ShapeError(
      `barycentric: expected finite centres of ${dimensions} dimensions each, found ${loadingCentres.length} values`,
      { expected: `k × ${dimensions}`, got: loadingCentres.length },
    );
  }
  const positions = area(svd.loadings.size);
  const maps = new Float32Array(k * positions);
  const distance = new Float32Array(positions);
  const amounts = new Float64Array(k);
  const nearest = nearestOfHull(loadingCentres, dimensions);
  const distances = new Float64Array(positions);
  let count = 0;
  for (let i = 0; i < positions; i++) {
    if (!shown[i]) continue;
    distance[i] = nearest(points, i * dimensions, amounts);
    distances[count++] = distance[i];
    for (let t = 0; t < k; t++) maps[t * positions + i] = amounts[t];
  }
  const spacing = spacingOf(loadingCentres, dimensions);
  const largest = distances.reduce((most, each) => Math.max(most, each), 0);
  return Object.freeze({
    maps: images(svd.loadings.size, maps),
    distance: images(svd.loadings.size, distance),
    outside:
      spacing > 0
        ? { median: median(distances.subarray(0, count)) / spacing, largest: largest / spacing }
        : { median: Number.NaN, largest: Number.NaN },
  });
}

/** Root mean square distance between two centres; 0 of one. */
function spacingOf(centres: Float64Array, dimensions: number): number {
  const k = centres.length / dimensions;
  let sum = 0;
  for (let i = 0; i < k; i++) for (let j = 0; j < i; j++) sum += squaredDistance(centres, i, centres, j, dimensions);
  return k > 1 ? Math.sqrt((2 * sum) / (k * (k - 1))) : 0;
}

/**
 * The point of the convex hull of some corners that is nearest to the one that begins at `at`, as amounts of them; returns its distance.
 *
 * With P the corners less the point, b = argmin_{b ≥ 0} ‖P b‖² + σ²(Σ b − 1)² is the answer up to its scale: for b = s a the best s leaves
 * σ²‖P a‖² / (σ² + ‖P a‖²), which is least where ‖P a‖ is. So corners may coincide or lie on a line.
 */
function nearestOfHull(
  corners: Float64Array,
  dimensions: number,
): (points: Float64Array, at: number, amounts: Float64Array) => number {
  const k = corners.length / dimensions;
  const scratch = nonNegativeScratch(k);
  const [gram, target, from] = [new Float64Array(k * k), new Float64Array(k), new Float64Array(corners.length)];
  return (points, at, amounts) => {
    let scale = 0;
    for (let i = 0; i < from.length; i++) {
      from[i] = corners[i] - points[at + (i % dimensions)];
      scale += (from[i] * from[i]) / k;
    }
    if (scale === 0) scale = 1;
    for (let i = 0; i < k; i++) {
      target[i] = scale;
      for (let j = 0; j <= i; j++) {
        let sum = scale;
        for (let d = 0; d < dimensions; d++) sum += from[i * dimensions + d] * from[j * dimensions + d];
        gram[i * k + j] = sum;
        gram[j * k + i] = sum;
      }
    }
    nonNegativeLeastSquares(gram, target, k, amounts, scratch);
    let total = 0;
    for (let t = 0; t < k; t++) total += amounts[t];
    let squared = 0;
    for (let t = 0; t < k; t++) amounts[t] /= total;
    for (let d = 0; d < dimensions; d++) {
      let rest = 0;
      for (let t = 0; t < k; t++) rest += amounts[t] * from[t * dimensions + d];
      squared += rest * rest;
    }
    return Math.sqrt(squared);
  };
}
