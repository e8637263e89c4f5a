import { gram, type Stack } from "../algebra/gram.ts";
import { inverseOf } from "../algebra/small-matrix.ts";
import type { Vertices } from "./vertices.ts";

/** E max(0, z) of a standard normal z. */
const MEAN_BEYOND = 1 / Math.sqrt(2 * Math.PI);
/** Within so many standard deviations of a facet a position counts as on it. */
const NEAR = 2;

/**
 * The weight λ at which the volume of a simplex holds its facets against noise, for ‖X − LᵀF‖² + λ ln det(FFᵀ).
 *
 * Noise lifts half of the positions on a facet outside, by σᵢₜ/√(2π) on average over all of them, and least squares pulls the facet after them. Moved out
 * by a small part η of the height hₜ of its corner, it lowers the squared norm by 2η hₜ² Σᵢ σᵢₜ/√(2π) and raises ln det(FFᵀ) by 2η. The two
 * are in balance at λₜ = hₜ² Σᵢ σᵢₜ/√(2π), sums over the positions on facet t; λ is their mean. It grows as √(counts · positions), if sizes stay the same.
 *
 * @param factors  corners, k × pixels, weighted as X is
 * @param found    the same corners: coordinates of the positions, and the standard deviations of their noise [1]
 * @returns λ in units of ‖X‖²; 0 where corners span no simplex
 * @see docs/methods/nmf.md
 */
export function volumeWeight(
  factors: Stack,
  { coordinates, noise, plane }: Pick<Vertices, "coordinates" | "noise" | "plane">,
): number {
  const k = Math.round(coordinates.length / plane.intensity.length);
  const heights = squaredHeights(factors, k);
  // Factors stand for the brightest position.
  const brightest = plane.intensity.reduce((a, b) => Math.max(a, b), 0);
  let sum = 0;
  for (let at = 0; at < coordinates.length; at++) {
    if (coordinates[at] > NEAR * noise[at]) continue;
    const part = plane.intensity[Math.floor(at / k)] / brightest;
    sum += heights[at % k] * MEAN_BEYOND * noise[at] * part;
  }
  return sum / k;
}

/** Squared distance of each corner from the affine hull of the others: 1 ÷ the diagonal of (G 1; 1ᵀ 0)⁻¹. */
function squaredHeights(corners: Stack, k: number): Float64Array {
  const inner = gram(corners, corners, corners.length / k);
  const scale = inner.reduce((most, value) => Math.max(most, Math.abs(value)), 0) || 1;
  const bordered = new Float64Array((k + 1) ** 2);
  for (let t = 0; t < k; t++) {
    for (let s = 0; s < k; s++) bordered[t * (k + 1) + s] = inner[t * k + s] / scale;
    bordered[t * (k + 1) + k] = 1;
    bordered[k * (k + 1) + t] = 1;
  }
  const inverted = inverseOf(bordered, k + 1);
  return Float64Array.from({ length: k }, (_, t) => {
    const diagonal = inverted?.inverse[t * (k + 2)] ?? 0;
    return diagonal > 0 ? scale / diagonal : 0;
  });
}
