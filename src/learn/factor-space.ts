import { area } from "../scan/scan.ts";
import type { Svd } from "./results.ts";

/**
 * X as the SVD knows it, X ≈ A·Vᵀ, laid out so that the r numbers of one position or pixel lie together:
 * every product that a factorisation needs then costs r instead of pixels or positions.
 */
export interface FactorSpace {
  /** r, how many singular components are used. */
  readonly rank: number;
  readonly positions: number;
  readonly pixels: number;
  /** A = U·S, positions × r. */
  readonly a: Float64Array;
  /** V, pixels × r. */
  readonly v: Float64Array;
  /** ‖A·Vᵀ‖². */
  readonly squaredNorm: number;
  /** ‖X‖² − ‖A·Vᵀ‖², ≥ 0: what no factorisation in this space can describe. */
  readonly outside: number;
}

export function factorSpace({ loadings, factors, singularValues, total }: Svd, most: number): FactorSpace {
  let rank = 0;
  let squaredNorm = 0;
  while (rank < Math.min(most, singularValues.length) && singularValues[rank] > 0) squaredNorm += singularValues[rank++] ** 2;
  const [positions, pixels] = [area(loadings.size), area(factors.size)];
  return {
    rank,
    positions,
    pixels,
    a: sideBySide(loadings.values, positions, rank),
    v: sideBySide(factors.values, pixels, rank),
    squaredNorm,
    outside: Math.max(0, total - squaredNorm),
  };
}

/** The first `rank` rows of a stack as columns. */
export function sideBySide(stack: Float32Array, length: number, rank: number): Float64Array {
  const result = new Float64Array(length * rank);
  for (let c = 0; c < rank; c++) for (let x = 0; x < length; x++) result[x * rank + c] = stack[c * length + x];
  return result;
}
