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
  /** Where this is a part of another space: which of its pixels. */
  readonly chosen?: readonly number[];
  /** ‖A·Vᵀ‖². */
  readonly squaredNorm: number;
  /** ‖X‖² − ‖A·Vᵀ‖², ≥ 0: what no factorisation in this space can describe. */
  readonly outside: number;
}

export function factorSpace({ loadings, factors, singularValues, total }: Svd, most: number): FactorSpace {
  let rank = 0;
  while (rank < Math.min(most, singularValues.length) && singularValues[rank] > 0) rank++;
  const [positions, pixels] = [area(loadings.size), area(factors.size)];
  const a = sideBySide(loadings.values, positions, rank);
  const v = sideBySide(factors.values, pixels, rank);
  const squaredNorm = squaredNormOf(a, v, rank);
  return {
    rank,
    positions,
    pixels,
    a,
    v,
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

/**
 * A part of the space: every so many positions, and the pixels that hold most of the energy. Starts of a factorisation are told
 * apart there at a cost that no longer grows with the scan. Norms are those of the part.
 */
export function thinned(space: FactorSpace, mostPositions: number, mostPixels: number): FactorSpace {
  const { rank, positions, pixels, a, v } = space;
  if (positions <= mostPositions && pixels <= mostPixels) return space;
  const step = Math.max(1, positions / mostPositions);
  const chosen = Array.from({ length: Math.min(positions, mostPositions) }, (_, i) => Math.floor(i * step));
  const weights = new Float64Array(rank);
  for (let i = 0; i < a.length; i++) weights[i % rank] += a[i] * a[i];
  const energy = new Float64Array(pixels);
  for (let i = 0; i < v.length; i++) energy[Math.floor(i / rank)] += weights[i % rank] * v[i] * v[i];
  const brightest = Array.from(energy.keys()).sort((x, y) => energy[y] - energy[x] || x - y);
  const bright = brightest.slice(0, mostPixels).sort((x, y) => x - y);
  const [partA, partV] = [taken(a, rank, chosen), taken(v, rank, bright)];
  return {
    rank,
    positions: chosen.length,
    pixels: bright.length,
    chosen: bright,
    a: partA,
    v: partV,
    squaredNorm: squaredNormOf(partA, partV, rank),
    outside: 0,
  };
}

/** Some rows of many, each `rank` numbers. */
export function taken(rows: Float64Array, rank: number, chosen: readonly number[]): Float64Array {
  const result = new Float64Array(chosen.length * rank);
  chosen.forEach((row, i) => {
    result.set(rows.subarray(row * rank, (row + 1) * rank), i * rank);
  });
  return result;
}

/** ‖A·Vᵀ‖² = ⟨AᵀA, VᵀV⟩: V is orthonormal to float32 at best, and a part of it is not at all. */
function squaredNormOf(a: Float64Array, v: Float64Array, rank: number): number {
  const [ofA, ofV] = [columnGram(a, rank), columnGram(v, rank)];
  return ofA.reduce((sum, value, i) => sum + value * ofV[i], 0);
}

function columnGram(rows: Float64Array, rank: number): Float64Array {
  const result = new Float64Array(rank * rank);
  for (let at = 0; at < rows.length; at += rank) {
    for (let i = 0; i < rank; i++) {
      const value = rows[at + i];
      for (let j = 0; j < rank; j++) result[i * rank + j] += value * rows[at + j];
    }
  }
  return result;
}
