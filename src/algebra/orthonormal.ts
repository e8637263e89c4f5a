import { combine } from "./combine.ts";
import { gram, type Stack } from "./gram.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/**
 * An orthonormal basis of what k long rows span: rows of float32, at most k, fewer where rows depend on each other.
 *
 * Two rounds of whitening by the Gram matrix, A ← Λ^(−½) V A with AAᵀ = Vᵀ Λ V: the first leaves what float64 Gram matrices
 * cannot see, the second takes that away. Directions weaker than `tolerance` of the strongest row direction are left out.
 *
 * @param stack      k × length, row-major
 * @param length     of one row
 * @param tolerance  smallest singular value kept, as part of the largest, default 1e-6 (what float32 rows can hold)
 * @returns rank × length, the strongest direction of the rows (each taken of unit length) first; empty where all rows are 0
 * @see Yamamoto, Nakatsukasa, Yanagisawa & Fukaya, Electron. Trans. Numer. Anal. 44 (2015) 306 (why two rounds suffice)
 * @example
 * orthonormal(Float32Array.of(3, 0, 0, 0, 0, -2), 3).length; // 6: two unit rows
 */
export function orthonormal(stack: Stack, length: number, tolerance = 1e-6): Float32Array {
  const rough = whitened(unitRows(stack, length), length, tolerance, false);
  return whitened(rough, length, tolerance, true);
}

/** Λ^(−½) V A, strongest direction first; or, with `still`, Vᵀ Λ^(−½) V A, which leaves rows in place that are nearly orthonormal. */
function whitened(stack: Float32Array, length: number, tolerance: number, still: boolean): Float32Array {
  const k = stack.length / length;
  if (k === 0) return stack;
  const { values, vectors } = symmetricEigen(gram(stack, stack, length), k);
  let rank = 0;
  while (rank < k && values[rank] > 0 && Math.sqrt(values[rank]) > tolerance * Math.sqrt(values[0])) rank++;
  const whitening = new Float64Array(rank * k);
  for (let i = 0; i < rank; i++) {
    const inverse = 1 / Math.sqrt(values[i]);
    for (let j = 0; j < k; j++) {
      if (!still || rank < k) whitening[i * k + j] = inverse * vectors[i * k + j];
      else for (let l = 0; l < k; l++) whitening[l * k + j] += vectors[i * k + l] * inverse * vectors[i * k + j];
    }
  }
  return combine(whitening, stack, length);
}

/** Rows of one length: a row that is long for no reason of its own must not hide the others. Rows of 0 are left out. */
function unitRows(stack: Stack, length: number): Float32Array {
  const k = stack.length / length;
  const result = new Float32Array(stack.length);
  let kept = 0;
  for (let i = 0; i < k; i++) {
    const row = stack.subarray(i * length, (i + 1) * length);
    let largest = 0;
    for (let x = 0; x < length; x++) largest = Math.max(largest, Math.abs(row[x]));
    if (largest === 0) continue;
    let sum = 0;
    for (let x = 0; x < length; x++) sum += (row[x] / largest) ** 2;
    const norm = Math.sqrt(sum);
    for (let x = 0; x < length; x++) result[kept * length + x] = row[x] / largest / norm;
    kept++;
  }
  return result.subarray(0, kept * length);
}
