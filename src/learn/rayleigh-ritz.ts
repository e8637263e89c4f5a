import { combine } from "../algebra/combine.ts";
import { gram } from "../algebra/gram.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";

/** Singular triplets found in a subspace: left vectors × positions, right vectors × pixels, both of unit length, as rows. */
export interface Triplets {
  readonly values: Float64Array;
  readonly left: Float32Array;
  readonly right: Float32Array;
}

/** Images T, and patterns Y = Xᵀ·T, that may depend on each other, block by block, with their Gram matrices. */
export interface Seen {
  readonly images: readonly Float32Array[];
  readonly patterns: readonly Float32Array[];
  readonly imageGram: Float64Array;
  readonly patternGram: Float64Array;
  readonly count: number;
}

export const nothingSeen: Seen = {
  images: [],
  patterns: [],
  imageGram: new Float64Array(0),
  patternGram: new Float64Array(0),
  count: 0,
};

/** What is seen after one more block. Only the new rows and columns of the Gram matrices are computed. */
export function alsoSeen(
  seen: Seen,
  images: Float32Array,
  positions: number,
  patterns: Float32Array,
  pixels: number,
): Seen {
  return {
    images: [...seen.images, images],
    patterns: [...seen.patterns, patterns],
    imageGram: grown(seen.imageGram, seen.images, images, positions),
    patternGram: grown(seen.patternGram, seen.patterns, patterns, pixels),
    count: seen.count + images.length / positions,
  };
}

/**
 * Directions of the images weaker than this (as eigenvalue, rows of unit length) are left out: float32 rounding of the
 * patterns, 6·10⁻⁸ of a row, would grow by 1 ÷ √floor there and pass for a singular value.
 */
const FLOOR = 1e-9;

/** Best approximations to singular values in the span of the images, and the coefficients of the left vectors. */
export interface Ritz {
  readonly values: Float64Array;
  /** rank × count. */
  readonly coefficients: Float64Array;
}

/**
 * Rayleigh–Ritz for X·Xᵀ in the span of T: stationary values of ‖Xᵀu‖ for unit u = T·c, from TᵀT and YᵀY alone.
 *
 * @see Halko, Martinsson & Tropp, SIAM Rev. 53 (2011) 217, §5; Saad, Numerical Methods for Large Eigenvalue Problems (2011), §4.3
 */
export function rayleighRitz({ imageGram, patternGram, count }: Seen): Ritz {
  const lengths = Float64Array.from({ length: count }, (_, i) => Math.sqrt(imageGram[i * count + i]));
  const unit = imageGram.map((value, i) => {
    const size = lengths[Math.floor(i / count)] * lengths[i % count];
    return size > 0 ? value / size : 0;
  });
  const { values, vectors } = symmetricEigen(unit, count);
  let rank = 0;
  while (rank < count && values[rank] > FLOOR * values[0]) rank++;
  const whitening = new Float64Array(rank * count);
  for (let i = 0; i < rank; i++) {
    for (let j = 0; j < count; j++) {
      if (lengths[j] > 0) whitening[i * count + j] = vectors[i * count + j] / (Math.sqrt(values[i]) * lengths[j]);
    }
  }
  const projected = product(
    product(whitening, patternGram, rank, count, count),
    transposed(whitening, rank, count),
    rank,
    count,
    rank,
  );
  const inner = symmetricEigen(projected, rank);
  return {
    values: inner.values.map((value) => Math.sqrt(Math.max(0, value))),
    coefficients: product(inner.vectors, whitening, rank, rank, count),
  };
}

/** The first `components` singular triplets; fewer where the rest is zero. */
export function triplets(ritz: Ritz, seen: Seen, positions: number, pixels: number, components: number): Triplets {
  let count = 0;
  while (count < Math.min(components, ritz.values.length) && ritz.values[count] > 0) count++;
  const values = ritz.values.slice(0, count);
  const coefficients = ritz.coefficients.slice(0, count * seen.count);
  const divided = coefficients.map((value, i) => value / values[Math.floor(i / seen.count)]);
  return {
    values,
    left: combine(coefficients, seen.images, positions),
    right: combine(divided, seen.patterns, pixels),
  };
}

function grown(before: Float64Array, old: readonly Float32Array[], added: Float32Array, length: number): Float64Array {
  const n = added.length / length;
  const cross = old.flatMap((block) => [...gram(block, added, length)]);
  const m = cross.length / n;
  const own = gram(added, added, length);
  const size = m + n;
  const result = new Float64Array(size * size);
  for (let i = 0; i < size; i++) {
    for (let j = 0; j < size; j++) {
      result[i * size + j] =
        i < m
          ? j < m
            ? before[i * m + j]
            : cross[i * n + j - m]
          : j < m
            ? cross[j * n + i - m]
            : own[(i - m) * n + j - m];
    }
  }
  return result;
}

/** A·B for small matrices: m × k times k × n. */
function product(a: Float64Array, b: Float64Array, m: number, k: number, n: number): Float64Array {
  const result = new Float64Array(m * n);
  for (let i = 0; i < m; i++) {
    for (let l = 0; l < k; l++) {
      const value = a[i * k + l];
      for (let j = 0; j < n; j++) result[i * n + j] += value * b[l * n + j];
    }
  }
  return result;
}

function transposed(a: Float64Array, m: number, n: number): Float64Array {
  const result = new Float64Array(m * n);
  for (let i = 0; i < m; i++) for (let j = 0; j < n; j++) result[j * m + i] = a[i * n + j];
  return result;
}
