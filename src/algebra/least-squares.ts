/**
 * Solves A·x = b for a small dense A by Gaussian elimination with row pivoting.
 *
 * An unknown that A leaves undetermined becomes 0, so a plane through a single row still has a solution.
 *
 * @param matrix  n × n, row-major; not changed
 * @param right   n values; not changed
 */
export function solve(matrix: ArrayLike<number>, right: ArrayLike<number>): Float64Array {
  const n = right.length;
  const a = Float64Array.from(matrix);
  const x = Float64Array.from(right);
  const pivotRows = new Int32Array(n).fill(-1);
  let row = 0;
  const largest = a.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
  for (let column = 0; column < n && row < n; column++) {
    let pivot = row;
    for (let r = row + 1; r < n; r++) {
      if (Math.abs(a[r * n + column]!) > Math.abs(a[pivot * n + column]!)) pivot = r;
    }
    if (Math.abs(a[pivot * n + column]!) <= largest * 1e-12) continue;
    for (let c = 0; c < n; c++) {
      const swap = a[row * n + c]!;
      a[row * n + c] = a[pivot * n + c]!;
      a[pivot * n + c] = swap;
    }
    const swap = x[row]!;
    x[row] = x[pivot]!;
    x[pivot] = swap;
    for (let r = 0; r < n; r++) {
      if (r === row) continue;
      const factor = a[r * n + column]! / a[row * n + column]!;
      if (factor === 0) continue;
      for (let c = column; c < n; c++) a[r * n + c]! -= factor * a[row * n + c]!;
      x[r]! -= factor * x[row]!;
    }
    pivotRows[column] = row++;
  }
  const solution = new Float64Array(n);
  for (let column = 0; column < n; column++) {
    const pivot = pivotRows[column]!;
    if (pivot >= 0) solution[column] = x[pivot]! / a[pivot * n + column]!;
  }
  return solution;
}

/**
 * Weighted least squares: the x that minimises Σ w (row·x − value)², by the normal equations.
 *
 * @param rows     m × n, row-major
 * @param values   m
 * @param weights  m, ≥ 0; all 1 if left out
 * @returns n unknowns; those that the rows leave undetermined are 0
 */
export function leastSquares(rows: Float64Array, values: ArrayLike<number>, weights?: ArrayLike<number>): Float64Array {
  const m = values.length;
  const n = m === 0 ? 0 : rows.length / m;
  const normal = new Float64Array(n * n);
  const right = new Float64Array(n);
  for (let i = 0; i < m; i++) {
    const weight = weights === undefined ? 1 : weights[i]!;
    if (weight === 0) continue;
    for (let a = 0; a < n; a++) {
      const weighted = weight * rows[i * n + a]!;
      right[a]! += weighted * values[i]!;
      for (let b = 0; b < n; b++) normal[a * n + b]! += weighted * rows[i * n + b]!;
    }
  }
  return solve(normal, right);
}
