import { inverseOf, transposed } from "../algebra/small-matrix.ts";
import { area } from "../scan/scan.ts";
import type { CountSpace } from "./count-space.ts";
import { nFindr } from "./n-findr.ts";
import { successiveProjection } from "./successive-projection.ts";
import { vertexComponentAnalysis } from "./vertex-component-analysis.ts";

/** How vertices are picked among the positions. */
export type Picking = "successive-projection" | "vertex-component-analysis" | "n-findr";

/** So many positions nearest to a picked one are averaged. */
const NEAREST = 8;

/**
 * Vertices picked among the positions, never a single position: points are averaged over 3 × 3 scan neighbours before one is picked, and
 * the vertex is the mean of those nearest to the pick.
 *
 * Nearness is measured in barycentric coordinates, so it does not depend on how bright or alike the patterns are.
 *
 * @param smooth  {@link neighbourMeans} of points on a plane
 * @returns k × k, rows are vertices on the plane; undefined where the points span fewer
 */
export function pickedVertices(
  k: number,
  smooth: Float64Array,
  picking: Picking,
  seed: number,
): Float64Array | undefined {
  const taken = picked(smooth, k, picking, seed);
  if (taken.length < k) return undefined;
  const corners = new Float64Array(k * k);
  taken.forEach((i, t) => {
    corners.set(smooth.subarray(i * k, (i + 1) * k), t * k);
  });
  const inverted = inverseOf(corners, k);
  if (!inverted) return undefined;
  const toCoordinates = transposed(inverted.inverse, k);
  const vertices = new Float64Array(k * k);
  for (let t = 0; t < k; t++) {
    const nearest = nearestTo(smooth, toCoordinates, k, t, Math.min(NEAREST, Math.ceil(smooth.length / (4 * k * k))));
    for (const i of nearest) for (let c = 0; c < k; c++) vertices[t * k + c] += smooth[i * k + c] / nearest.length;
  }
  return inverseOf(vertices, k) ? vertices : corners;
}

function picked(points: Float64Array, k: number, picking: Picking, seed: number): number[] {
  switch (picking) {
    case "successive-projection":
      return successiveProjection(points, k, k);
    case "vertex-component-analysis":
      return vertexComponentAnalysis(points, k, k, seed);
    case "n-findr":
      return nFindr(points, k);
    default:
      return picking satisfies never;
  }
}

/** Means over 3 × 3 neighbours in the scan, or those of them that recorded something. */
export function neighbourMeans({ scan, k, used }: CountSpace, points: Float64Array): Float64Array {
  const [rows, columns] = scan.positions;
  const where = new Int32Array(area(scan.positions)).fill(-1);
  used.forEach((i, at) => {
    where[i] = at;
  });
  const means = new Float64Array(points.length);
  used.forEach((i, at) => {
    const [row, column] = [Math.floor(i / columns), i % columns];
    let count = 0;
    for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
      for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
        const neighbour = where[r * columns + c];
        if (neighbour < 0) continue;
        count++;
        for (let d = 0; d < k; d++) means[at * k + d] += points[neighbour * k + d];
      }
    }
    for (let d = 0; d < k; d++) means[at * k + d] /= count;
  });
  return means;
}

/** The points nearest to a corner, nearest first, of equals the first: kept in order while all are passed by. */
function nearestTo(points: Float64Array, toCoordinates: Float64Array, k: number, corner: number, count: number) {
  const nearest: { readonly i: number; readonly distance: number }[] = [];
  for (let i = 0; i * k < points.length; i++) {
    let distance = 0;
    for (let t = 0; t < k; t++) {
      let coordinate = 0;
      for (let s = 0; s < k; s++) coordinate += toCoordinates[t * k + s] * points[i * k + s];
      distance += (coordinate - (t === corner ? 1 : 0)) ** 2;
    }
    if (nearest.length === count && !(distance < nearest[count - 1].distance)) continue;
    let place = Math.min(nearest.length, count - 1);
    for (; place > 0 && distance < nearest[place - 1].distance; place--) nearest[place] = nearest[place - 1];
    nearest[place] = { i, distance };
  }
  return nearest.map(({ i }) => i);
}
