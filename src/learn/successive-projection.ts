/**
 * Points that span the others: the farthest from the origin, then again and again the farthest from the span of those taken.
 *
 * Where every endmember occurs pure somewhere, these are the pure points. Sensitive to outliers and noise: a start, not an answer.
 *
 * @param points  rows × dimensions, row-major
 * @param count   how many, at most `dimensions`
 * @returns indices of the points taken; fewer than `count` where the points span less
 * @see Araújo et al., Chemom. Intell. Lab. Syst. 57 (2001) 65; Gillis & Vavasis, IEEE TPAMI 36 (2014) 698
 * @example
 * successiveProjection(Float64Array.of(1, 0, 0, 3, 1, 1), 2, 2); // [1, 0]
 */
export function successiveProjection(points: Float64Array, dimensions: number, count: number): number[] {
  return spanningPoints(points.slice(), dimensions, count);
}

/** The same in place: of the points is left what lies outside the span of those taken. */
export function spanningPoints(residual: Float64Array, dimensions: number, count: number): number[] {
  const rows = residual.length / dimensions;
  const taken: number[] = [];
  let scale = 0;
  while (taken.length < Math.min(count, dimensions)) {
    let farthest = -1;
    let largest = 0;
    for (let i = 0; i < rows; i++) {
      let norm = 0;
      for (let d = 0; d < dimensions; d++) norm += residual[i * dimensions + d] ** 2;
      if (norm > largest) {
        largest = norm;
        farthest = i;
      }
    }
    scale = Math.max(scale, largest);
    if (farthest < 0 || largest <= 1e-14 * scale) break;
    taken.push(farthest);
    const axis = residual.slice(farthest * dimensions, (farthest + 1) * dimensions).map((x) => x / Math.sqrt(largest));
    for (let i = 0; i < rows; i++) {
      let along = 0;
      for (let d = 0; d < dimensions; d++) along += residual[i * dimensions + d] * axis[d];
      for (let d = 0; d < dimensions; d++) residual[i * dimensions + d] -= along * axis[d];
    }
  }
  return taken;
}
