/**
 * Lower triangle L of a symmetric positive definite matrix, A = L·Lᵀ.
 *
 * @param matrix  A, n × n, row-major; only its lower triangle is read
 * @returns L, n × n, row-major, zeros above the diagonal; undefined where A is not positive definite to rounding
 * @example
 * cholesky(Float64Array.of(4, 2, 2, 5), 2); // [2, 0, 1, 2]
 */
export function cholesky(matrix: Float64Array, n: number): Float64Array | undefined {
  const lower = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      let sum = matrix[i * n + j];
      for (let l = 0; l < j; l++) sum -= lower[i * n + l] * lower[j * n + l];
      if (i !== j) lower[i * n + j] = sum / lower[j * n + j];
      else if (sum > 1e-14 * matrix[i * n + i]) lower[i * n + i] = Math.sqrt(sum);
      else return undefined;
    }
  }
  return lower;
}

/** Solves L·Lᵀ x = b in place, L from {@link cholesky}. */
export function solveCholesky(lower: Float64Array, n: number, b: Float64Array): void {
  for (let i = 0; i < n; i++) {
    for (let l = 0; l < i; l++) b[i] -= lower[i * n + l] * b[l];
    b[i] /= lower[i * n + i];
  }
  for (let i = n - 1; i >= 0; i--) {
    b[i] /= lower[i * n + i];
    for (let l = 0; l < i; l++) b[l] -= lower[i * n + l] * b[i];
  }
}
