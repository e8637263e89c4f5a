import { combine } from "./combine.ts";
import { gram } from "./gram.ts";
import { symmetricEigen } from "./symmetric-eigen.ts";

/** With weaker directions than this, as eigenvalue, float64 Gram matrices leave more than float32 rounding to a second round. */
const ONE_ROUND = 1e-6;

/**
 * An orthonormal basis of what k long rows span: rows of float32, at most k, fewer where rows depend on each other.
 *
 * Whitening by the Gram matrix of the rows, each taken of unit length, A ← Λ^(−½) V A with AAᵀ = Vᵀ Λ V; where rows are nearly
 * dependent a second round takes away what the first could not see. Directions weaker than `tolerance` of the strongest are left out.
 *
 * @param stack      k × length, row-major
 * @param length     of one row
 * @param tolerance  smallest singular value kept, as part of the largest, default 1e-6 (what float32 rows can hold)
 * @returns rank × length, the strongest direction of the rows first; empty where all rows are 0
 * @see Yamamoto, Nakatsukasa, Yanagisawa & Fukaya, Electron. Trans. Numer. Anal. 44 (2015) 306 (why two rounds suffice)
 * @example
 * orthonormal(Float32Array.of(3, 0, 0, 0, 0, -2), 3).length; // 6: two unit rows
 */
export function orthonormal(stack: Float32Array, length: number, tolerance = 1e-6): Float32Array {
  const first = whitening(stack, length, tolerance, false);
  const rough = combine(first.weights, stack, length);
  if (first.weakest > ONE_ROUND || rough.length === 0) return rough;
  return combine(whitening(rough, length, tolerance, true).weights, rough, length);
}

/**
 * Λ^(−½) V, strongest direction first; or, with `still`, Vᵀ Λ^(−½) V, which leaves rows in place that are nearly orthonormal;
 * and the smallest eigenvalue as part of the largest.
 */
function whitening(
  stack: Float32Array,
  length: number,
  tolerance: number,
  still: boolean,
): { weights: Float64Array; weakest: number } {
  const k = stack.length / length;
  const products = gram(stack, stack, length);
  // A row that is long for no reason of its own must not hide the others.
  const scale = Float64Array.from({ length: k }, (_, i) =>
    products[i * k + i] > 0 ? 1 / Math.sqrt(products[i * k + i]) : 0,
  );
  const { values, vectors } = symmetricEigen(
    products.map((value, i) => value * scale[Math.floor(i / k)] * scale[i % k]),
    k,
  );
  let rank = 0;
  while (rank < k && values[rank] > 0 && Math.sqrt(values[rank]) > tolerance * Math.sqrt(values[0])) rank++;
  const weights = new Float64Array(rank * k);
  for (let i = 0; i < rank; i++) {
    const inverse = 1 / Math.sqrt(values[i]);
    for (let j = 0; j < k; j++) {
      const weight = inverse * vectors[i * k + j] * scale[j];
      if (!still || rank < k) weights[i * k + j] = weight;
      else for (let l = 0; l < k; l++) weights[l * k + j] += vectors[i * k + l] * weight;
    }
  }
  return { weights, weakest: rank === 0 ? 0 : values[rank - 1] / values[0] };
}
