import { inverseOf } from "../algebra/small-matrix.ts";
import { successiveProjection } from "./successive-projection.ts";

/**
 * The points that span the largest simplex among all points: exchanged one at a time for as long as the volume grows.
 *
 * Starts from {@link successiveProjection}, so it is deterministic and at least as large. By Cramer's rule one k × k inverse tells the volume
 * for every candidate, so a round costs rows × dimensions², not as many determinants. Sensitive to outliers: a start, not an answer.
 *
 * @param points      rows × dimensions, row-major, on a plane that misses the origin (points of a common intensity)
 * @param dimensions  also how many vertices
 * @returns indices of the points taken; fewer than `dimensions` where the points span less
 * @see Winter, Proc. SPIE 3753 (1999) 266
 * @example
 * nFindr(Float64Array.of(1, 0, 0, 1, 0.5, 0.5), 2); // [0, 1]
 */
export function nFindr(points: Float64Array, dimensions: number): number[] {
  const taken = successiveProjection(points, dimensions, dimensions);
  if (taken.length < dimensions) return taken;
  const rows = points.length / dimensions;
  // Exchanges strictly enlarge the volume, so there are finitely many; the bound guards against a cycle by rounding.
  for (let exchanges = 0; exchanges < 100 * dimensions; exchanges++) {
    const matrix = new Float64Array(dimensions * dimensions);
    taken.forEach((i, t) => {
      matrix.set(points.subarray(i * dimensions, (i + 1) * dimensions), t * dimensions);
    });
    const inverted = inverseOf(matrix, dimensions);
    if (!inverted) break;
    // Putting a point in the place of vertex t multiplies the volume by its coordinate t.
    let [largest, vertex, point] = [1 + 1e-9, -1, -1];
    for (let i = 0; i < rows; i++) {
      for (let t = 0; t < dimensions; t++) {
        let coordinate = 0;
        for (let d = 0; d < dimensions; d++)
          coordinate += points[i * dimensions + d] * inverted.inverse[d * dimensions + t];
        if (Math.abs(coordinate) > largest) [largest, vertex, point] = [Math.abs(coordinate), t, i];
      }
    }
    if (point < 0) break;
    taken[vertex] = point;
  }
  return taken;
}
