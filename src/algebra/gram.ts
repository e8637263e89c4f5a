/**
 * Inner products of all rows of one stack with all rows of another: G = A·Bᵀ, summed in float64.
 *
 * Four by four rows at a time, so that each value is loaded once for four products. Row by row over the whole length
 * in one fixed order: the same bits on every machine.
 *
 * @param a       A, rows × length, row-major
 * @param b       B, rows × length, row-major; where it is `a` itself, only half is computed
 * @param length  of one row
 * @returns G, rows of A × rows of B, row-major
 * @example
 * gram(Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 1), 2); // [3, 7]
 */
export function gram(a: Stack, b: Stack, length: number): Float64Array {
  const m = a.length / length;
  const n = b.length / length;
  const result = new Float64Array(m * n);
  for (let i = 0; i < m; i += 4) {
    for (let j = a === b ? i : 0; j < n; j += 4) {
      if (i + 4 <= m && j + 4 <= n) sixteen(a, b, length, i, j, result, n);
      else {
        for (let k = i; k < Math.min(i + 4, m); k++) {
          for (let l = j; l < Math.min(j + 4, n); l++) result[k * n + l] = dot(a, b, length, k * length, l * length);
        }
      }
    }
  }
  if (a === b) {
    for (let i = 0; i < m; i++) for (let j = 0; j < i; j++) result[i * n + j] = result[j * n + i];
  }
  return result;
}

/** Long rows of numbers, one after another. */
export type Stack = Float32Array | Float64Array;

function dot(a: Stack, b: Stack, length: number, p: number, q: number): number {
  let sum = 0;
  for (let x = 0; x < length; x++) sum += a[p + x] * b[q + x];
  return sum;
}

function sixteen(a: Stack, b: Stack, length: number, i: number, j: number, out: Float64Array, n: number): void {
  const [a0, a1, a2, a3] = [0, 1, 2, 3].map((k) => a.subarray((i + k) * length, (i + k + 1) * length));
  const [b0, b1, b2, b3] = [0, 1, 2, 3].map((k) => b.subarray((j + k) * length, (j + k + 1) * length));
  let [s00, s01, s02, s03, s10, s11, s12, s13] = [0, 0, 0, 0, 0, 0, 0, 0];
  let [s20, s21, s22, s23, s30, s31, s32, s33] = [0, 0, 0, 0, 0, 0, 0, 0];
  for (let x = 0; x < length; x++) {
    const y0 = b0[x];
    const y1 = b1[x];
    const y2 = b2[x];
    const y3 = b3[x];
    let v = a0[x];
    s00 += v * y0;
    s01 += v * y1;
    s02 += v * y2;
    s03 += v * y3;
    v = a1[x];
    s10 += v * y0;
    s11 += v * y1;
    s12 += v * y2;
    s13 += v * y3;
    v = a2[x];
    s20 += v * y0;
    s21 += v * y1;
    s22 += v * y2;
    s23 += v * y3;
    v = a3[x];
    s30 += v * y0;
    s31 += v * y1;
    s32 += v * y2;
    s33 += v * y3;
  }
  out.set([s00, s01, s02, s03], i * n + j);
  out.set([s10, s11, s12, s13], (i + 1) * n + j);
  out.set([s20, s21, s22, s23], (i + 2) * n + j);
  out.set([s30, s31, s32, s33], (i + 3) * n + j);
}
