import { random } from "../algebra/random.ts";

/**
 * Points that span the others, picked as extremes along random directions that are orthogonal to those taken.
 *
 * Other seeds pick other extremes where noise blurs the vertices: compare a few. Where every component occurs pure somewhere these are pure
 * points; a start, not an answer.
 *
 * @param points  rows × dimensions, row-major; brought to a common intensity where that varies (projective scaling)
 * @param count   how many, at most `dimensions`
 * @param seed    integer
 * @returns indices of the points taken; fewer than `count` where the points span less
 * @see Nascimento & Bioucas-Dias, IEEE Trans. Geosci. Remote Sens. 43 (2005) 898, algorithm 1
 * @example
 * vertexComponentAnalysis(Float64Array.of(1, 0, 0, 3, 0.5, 1), 2, 2, 1);
 */
export function vertexComponentAnalysis(
  points: Float64Array,
  dimensions: number,
  count: number,
  seed: number,
): number[] {
  const rows = points.length / dimensions;
  const { normal } = random(seed);
  const axes: Float64Array[] = [];
  const taken: number[] = [];
  let scale = 0;
  while (taken.length < Math.min(count, dimensions)) {
    const direction = awayFrom(axes, Float64Array.from({ length: dimensions }, normal));
    let farthest = -1;
    let reach = 0;
    for (let i = 0; i < rows; i++) {
      let along = 0;
      for (let d = 0; d < dimensions; d++) along += direction[d] * points[i * dimensions + d];
      if (Math.abs(along) > reach) {
        reach = Math.abs(along);
        farthest = i;
      }
    }
    scale = Math.max(scale, reach);
    if (farthest < 0 || reach <= 1e-7 * scale) break;
    taken.push(farthest);
    axes.push(awayFrom(axes, points.slice(farthest * dimensions, (farthest + 1) * dimensions)));
  }
  return taken;
}

/** A unit vector: the given one less its part in the span of orthonormal axes, taken away twice against rounding. */
function awayFrom(axes: readonly Float64Array[], vector: Float64Array): Float64Array {
  const rest = vector.slice();
  for (let round = 0; round < 2; round++) {
    for (const axis of axes) {
      let along = 0;
      for (let d = 0; d < rest.length; d++) along += axis[d] * rest[d];
      for (let d = 0; d < rest.length; d++) rest[d] -= along * axis[d];
    }
  }
  const norm = Math.hypot(...rest);
  return norm > 0 ? rest.map((entry) => entry / norm) : rest;
}
