import { solve } from "../algebra/least-squares.ts";
import { inverseOf, product, transformed, transposed } from "../algebra/small-matrix.ts";
import { item, patterns } from "../scan/scan.ts";
import type { CountSpace } from "./count-space.ts";

/** What is known of the noise of points: every position's covariance is a mixture of a few. */
export interface MixedNoise {
  /** k × k each. */
  readonly covariances: readonly Float64Array[];
  /** used positions × covariances, ≥ 0. */
  readonly parts: Float64Array;
}

/** Points brought to a common intensity, where mixing is a matter of k−1 dimensions: h·z = 1. */
export interface IntensityPlane {
  /** h, k values. */
  readonly normal: Float64Array;
  /** z, used positions × k. */
  readonly points: Float64Array;
  /** Intensity of each used position, 1 where it is conserved; else its counts ÷ the mean. */
  readonly intensity: Float64Array;
  /** Whether recorded intensity obeys one law h·y = 1 at all positions, as it does where patterns mix in parts that sum to 1. */
  readonly conserved: boolean;
  /** Scatter of h·y about 1 beyond the noise, standard deviation [1]. */
  readonly excess: number;
}

/** Where the components lie in the count space, and every used position as a mixture of them. */
export interface Place {
  readonly plane: IntensityPlane;
  /** k × k, rows are vertices. */
  readonly vertices: Float64Array;
  /** Used positions × k, rows sum to 1; noise makes some negative. */
  readonly coordinates: Float64Array;
}

/** Intensity that scatters by more than this beyond its noise is not conserved: loadings that sum to 1 would be off by as much. */
const LARGEST_EXCESS = 0.03;

/** Before anything is known of the components: noise as of the mean pattern, in proportion to the counts. */
export function meanNoise({ scan, share, used, recorded, weights, covariances, k }: CountSpace): MixedNoise {
  const mean = new Float32Array(weights.length);
  // The sum over positions is b itself; 1/n of it is the mean pattern.
  for (let j = 0; j < mean.length; j++) mean[j] = weights[j] > 0 ? 1 / weights[j] / recorded : 0;
  const [covariance] = covariances(patterns(scan.pixels, mean));
  return {
    covariances: Array.from({ length: k }, () => covariance),
    parts: Float64Array.from({ length: used.length * k }, (_, at) => (share[used[Math.floor(at / k)]] * recorded) / k),
  };
}

/**
 * The plane h·y = 1 on which points lie where intensity is conserved, and the points moved onto it along their noise; where they do not
 * lie on one plane, every point divided by its counts.
 *
 * h solves the normal equations less the noise they carry (errors in variables), weighted by the variance of h·y.
 *
 * @param decided  whether intensity counts as conserved, where it was decided before
 * @see Fuller, Measurement Error Models (1987), section 2.2
 */
export function intensityPlane(space: CountSpace, noise: MixedNoise, decided?: boolean): IntensityPlane {
  const { k, used, points } = space;
  let normal: Float64Array = new Float64Array(k);
  const variance = new Float64Array(used.length).fill(1);
  for (let round = 0; round < 3; round++) {
    normal = planeThrough(space, noise, variance);
    alongNormal(normal, noise, k, variance);
  }
  let [squares, expected] = [0, 0];
  used.forEach((i, at) => {
    squares += (dot(normal, points, i * k) - 1) ** 2;
    expected += variance[at];
  });
  const excess = Math.sqrt(Math.max(0, squares - expected) / used.length);
  const conserved = decided ?? excess <= LARGEST_EXCESS;
  return { ...(conserved ? ontoPlane(space, noise, normal, variance) : divided(space)), conserved, excess };
}

function planeThrough({ k, used, points }: CountSpace, noise: MixedNoise, variance: Float64Array): Float64Array {
  const matrix = new Float64Array(k * k);
  const right = new Float64Array(k);
  const parts = noise.covariances.map((_, l) => {
    let sum = 0;
    for (let at = 0; at < used.length; at++) sum += noise.parts[at * noise.covariances.length + l] / variance[at];
    return sum;
  });
  used.forEach((i, at) => {
    for (let c = 0; c < k; c++) {
      const weighted = points[i * k + c] / variance[at];
      right[c] += weighted;
      for (let d = 0; d < k; d++) matrix[c * k + d] += weighted * points[i * k + d];
    }
  });
  const corrected = matrix.slice();
  noise.covariances.forEach((covariance, l) => {
    for (let cd = 0; cd < k * k; cd++) corrected[cd] -= parts[l] * covariance[cd];
  });
  return solve(corrected, right);
}

/** hᵀCᵢh of every used position, written into `variance`. */
function alongNormal(
  normal: Float64Array,
  { covariances, parts }: MixedNoise,
  k: number,
  variance: Float64Array,
): void {
  const each = covariances.map((covariance) => quadratic(normal, covariance, normal, k));
  const count = covariances.length;
  for (let at = 0; at < variance.length; at++) {
    let sum = 0;
    for (let l = 0; l < count; l++) sum += parts[at * count + l] * each[l];
    variance[at] = Math.max(sum, Number.MIN_VALUE);
  }
}

/** z = y − C h (h·y − 1)/(hᵀCh): the likeliest point of the plane. */
function ontoPlane({ k, used, points }: CountSpace, noise: MixedNoise, normal: Float64Array, variance: Float64Array) {
  const turned = noise.covariances.map((covariance) => times(covariance, normal, k));
  const projected = new Float64Array(used.length * k);
  used.forEach((i, at) => {
    const beyond = (dot(normal, points, i * k) - 1) / variance[at];
    for (let c = 0; c < k; c++) {
      let step = 0;
      for (let l = 0; l < turned.length; l++) step += noise.parts[at * turned.length + l] * turned[l][c];
      projected[at * k + c] = points[i * k + c] - beyond * step;
    }
  });
  return { normal, points: projected, intensity: new Float64Array(used.length).fill(1) };
}

/** z = y ÷ counts, with h·y the counts as the k dimensions hold them; their mean is 1. */
function divided({ k, used, points, share, recorded, patternsOf }: CountSpace) {
  const unit = new Float64Array(k * k);
  for (let c = 0; c < k; c++) unit[c * k + c] = 1;
  const basis = patternsOf(unit);
  const counts = Float64Array.from({ length: k }, (_, c) => item(basis, c).reduce((sum, value) => sum + value, 0));
  let total = 0;
  for (const i of used) total += dot(counts, points, i * k);
  const normal = counts.map((value) => (value * used.length) / total);
  // Shares hold the counts exactly; a point whose k dimensions lost them must not be divided by nothing.
  const intensity = Float64Array.from(used, (i) => Math.max(dot(normal, points, i * k), 0.5 * share[i] * recorded));
  const projected = new Float64Array(used.length * k);
  used.forEach((i, at) => {
    for (let c = 0; c < k; c++) projected[at * k + c] = points[i * k + c] / intensity[at];
  });
  return { normal, points: projected, intensity };
}

/** Q with a = Q z for z = Σ aₜ vₜ, vertices brought onto the plane so that coordinates sum to 1. */
export function toCoordinates(vertices: Float64Array, { normal }: IntensityPlane, k: number): Float64Array {
  const onPlane = vertices.slice();
  for (let t = 0; t < k; t++) {
    let height = 0;
    for (let c = 0; c < k; c++) height += normal[c] * vertices[t * k + c];
    for (let c = 0; c < k; c++) onPlane[t * k + c] /= height;
  }
  return transposed(inverseOf(onPlane, k)!.inverse, k);
}

/** Vertices brought onto the plane, and the positions as mixtures of them: a = Q z. */
export function placed(plane: IntensityPlane, vertices: Float64Array, k: number): Place & { readonly q: Float64Array } {
  const q = toCoordinates(vertices, plane, k);
  return {
    plane,
    vertices: transposed(inverseOf(q, k)!.inverse, k),
    coordinates: transformed(plane.points, q, k),
    q,
  };
}

/**
 * Standard deviations of coordinates a = Q z of points on the plane, used positions × k: noise of y, less its part that the plane takes
 * away, or carried through the division.
 */
export function coordinateNoise(
  plane: IntensityPlane,
  coordinates: Float64Array,
  noise: MixedNoise,
  q: Float64Array,
  k: number,
): Float64Array {
  const { normal, intensity, conserved } = plane;
  const count = noise.covariances.length;
  const rows = Array.from({ length: k }, (_, t) => q.subarray(t * k, (t + 1) * k));
  const own = noise.covariances.map((covariance) => rows.map((row) => quadratic(row, covariance, row, k)));
  const cross = noise.covariances.map((covariance) => rows.map((row) => quadratic(row, covariance, normal, k)));
  const across = noise.covariances.map((covariance) => quadratic(normal, covariance, normal, k));
  const sigma = new Float64Array(coordinates.length);
  for (let at = 0; at < intensity.length; at++) {
    for (let t = 0; t < k; t++) {
      let [qq, qh, hh] = [0, 0, 0];
      for (let l = 0; l < count; l++) {
        const part = noise.parts[at * count + l];
        qq += part * own[l][t];
        qh += part * cross[l][t];
        hh += part * across[l];
      }
      const a = coordinates[at * k + t];
      const variance = conserved ? qq - (qh * qh) / hh : (qq - 2 * a * qh + a * a * hh) / intensity[at] ** 2;
      sigma[at * k + t] = Math.sqrt(Math.max(0, variance));
    }
  }
  return sigma;
}

/**
 * Covariances of the first k − 1 coordinates, used positions × (k − 1)²: what {@link coordinateNoise} has the diagonals of.
 */
export function coordinateCovariances(
  { normal, intensity, conserved }: IntensityPlane,
  coordinates: Float64Array,
  noise: MixedNoise,
  q: Float64Array,
  k: number,
): Float64Array {
  const count = noise.covariances.length;
  const m = k - 1;
  const turned = noise.covariances.map((covariance) => product(product(q, covariance, k), transposed(q, k), k));
  const cross = noise.covariances.map((covariance) => times(q, times(covariance, normal, k), k));
  const across = noise.covariances.map((covariance) => quadratic(normal, covariance, normal, k));
  const result = new Float64Array(intensity.length * m * m);
  const both = new Float64Array(k);
  for (let at = 0; at < intensity.length; at++) {
    let hh = 0;
    both.fill(0);
    for (let l = 0; l < count; l++) {
      const part = noise.parts[at * count + l];
      hh += part * across[l];
      for (let t = 0; t < m; t++) both[t] += part * cross[l][t];
    }
    for (let t = 0; t < m; t++) {
      for (let s = 0; s < m; s++) {
        let value = 0;
        for (let l = 0; l < count; l++) value += noise.parts[at * count + l] * turned[l][t * k + s];
        const [a, b] = [coordinates[at * k + t], coordinates[at * k + s]];
        result[at * m * m + t * m + s] = conserved
          ? value - (both[t] * both[s]) / hh
          : (value - a * both[s] - b * both[t] + a * b * hh) / intensity[at] ** 2;
      }
    }
  }
  return result;
}

function dot(normal: Float64Array, points: Float64Array, from: number): number {
  let total = 0;
  for (let c = 0; c < normal.length; c++) total += normal[c] * points[from + c];
  return total;
}

function times(matrix: Float64Array, x: Float64Array, k: number): Float64Array {
  return Float64Array.from({ length: k }, (_, c) => dot(x, matrix, c * k));
}

const quadratic = (a: Float64Array, matrix: Float64Array, b: Float64Array, k: number): number =>
  dot(a, times(matrix, b, k), 0);
