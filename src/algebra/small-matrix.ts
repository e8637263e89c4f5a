import { log } from "./elementary.ts";
/** Inverse of a small square matrix and ln |det|, by Gauss–Jordan elimination with row pivoting; undefined where it is singular to rounding. */
export interface Inverse {
  readonly inverse: Float64Array;
  /** ln |det A|. */
  readonly logDeterminant: number;
  /** Sign of det A: 1 or −1. */
  readonly sign: number;
}

/**
 * @param matrix  A, n × n, row-major; not changed
 * @example
 * inverseOf(Float64Array.of(2, 0, 0, 4), 2)?.inverse; // [0.5, 0, 0, 0.25]
 */
export function inverseOf(matrix: Float64Array, n: number): Inverse | undefined {
  const a = matrix.slice();
  const inverse = new Float64Array(n * n);
  for (let i = 0; i < n; i++) inverse[i * n + i] = 1;
  let logDeterminant = 0;
  let sign = 1;
  for (let column = 0; column < n; column++) {
    let pivot = column;
    let size = 0;
    for (let r = column; r < n; r++) {
      if (Math.abs(a[r * n + column]) > size) {
        pivot = r;
        size = Math.abs(a[r * n + column]);
      }
    }
    if (!(size > 0) || !Number.isFinite(size)) return undefined;
    if (pivot !== column) {
      sign = -sign;
      for (let c = 0; c < n; c++) {
        [a[pivot * n + c], a[column * n + c]] = [a[column * n + c], a[pivot * n + c]];
        [inverse[pivot * n + c], inverse[column * n + c]] = [inverse[column * n + c], inverse[pivot * n + c]];
      }
    }
    const divisor = a[column * n + column];
    if (divisor < 0) sign = -sign;
    logDeterminant += log(size);
    for (let c = 0; c < n; c++) {
      a[column * n + c] /= divisor;
      inverse[column * n + c] /= divisor;
    }
    for (let r = 0; r < n; r++) {
      const factor = a[r * n + column];
      if (r === column || factor === 0) continue;
      for (let c = 0; c < n; c++) {
        a[r * n + c] -= factor * a[column * n + c];
        inverse[r * n + c] -= factor * inverse[column * n + c];
      }
    }
  }
  return { inverse, logDeterminant, sign };
}

/** A·B of small square matrices. */
export function product(a: Float64Array, b: Float64Array, n: number): Float64Array {
  const result = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) for (let l = 0; l < n; l++) result[i * n + j] += a[i * n + l] * b[l * n + j];
  }
  return result;
}

export function transposed(matrix: Float64Array, n: number): Float64Array {
  return Float64Array.from(matrix, (_, at) => matrix[(at % n) * n + Math.floor(at / n)]);
}

/** M·a for every row a of many. */
export function transformed(rows: Float64Array, m: Float64Array, n: number): Float64Array {
  const result = new Float64Array(rows.length);
  for (let at = 0; at < rows.length; at += n) {
    for (let t = 0; t < n; t++) {
      let sum = 0;
      for (let s = 0; s < n; s++) sum += m[t * n + s] * rows[at + s];
      result[at + t] = sum;
    }
  }
  return result;
}

/** The unit matrix, n × n, times a number. */
export function identity(n: number, scale = 1): Float64Array {
  const matrix = new Float64Array(n * n);
  for (let i = 0; i < n; i++) matrix[i * n + i] = scale;
  return matrix;
}
