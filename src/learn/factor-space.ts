import { gram, type Stack } from "../algebra/gram.ts";
import { area } from "../scan/scan.ts";
import type { Svd } from "./results.ts";

/**
 * X as the SVD knows it, X ≈ Aᵀ·V with r rows each: every product that a factorisation needs then costs r instead of pixels
 * or positions.
 */
export interface FactorSpace {
  /** r, how many singular components are used. */
  readonly rank: number;
  readonly positions: number;
  readonly pixels: number;
  /** A = S·Uᵀ, r × positions. */
  readonly a: Float32Array;
  /** V, r × pixels. */
  readonly v: Float32Array;
  /** ‖Aᵀ·V‖². */
  readonly squaredNorm: number;
  /** ‖X‖² − ‖Aᵀ·V‖², ≥ 0: what no factorisation in this space can describe. */
  readonly outside: number;
}

/** A part of a space: some of its positions and pixels. */
export interface Part extends FactorSpace {
  /** Which of the space's pixels; absent where it is all of the space. */
  readonly chosen?: readonly number[];
}

/** The space of the first `most` singular components, fewer where the others are zero. */
export function factorSpace({ loadings, factors, singularValues, total }: Svd, most: number): FactorSpace {
  let rank = 0;
  while (rank < Math.min(most, singularValues.length) && singularValues[rank] > 0) rank++;
  const [positions, pixels] = [area(loadings.size), area(factors.size)];
  const a = loadings.values.subarray(0, rank * positions);
  const v = factors.values.subarray(0, rank * pixels);
  const squaredNorm = squaredNormOf(a, v, rank);
  return { rank, positions, pixels, a, v, squaredNorm, outside: Math.max(0, total - squaredNorm) };
}

/** The rows of a stack as columns, in a room at least as long. */
export function sideBySide(
  stack: Stack,
  rows: number,
  room: Float64Array = new Float64Array(stack.length),
): Float64Array {
  const length = stack.length / rows;
  const result = room.subarray(0, stack.length);
  for (let c = 0; c < rows; c++) for (let x = 0; x < length; x++) result[x * rows + c] = stack[c * length + x];
  return result;
}

/**
 * A part of the space: every so many positions, and the pixels that hold most of the energy. Starts of a factorisation are told
 * apart there at a cost that no longer grows with the scan. Norms are those of the part.
 */
export function thinned(space: FactorSpace, mostPositions: number, mostPixels: number): Part {
  const { rank, positions, pixels, a, v } = space;
  if (positions <= mostPositions && pixels <= mostPixels) return space;
  const step = Math.max(1, positions / mostPositions);
  const some = Array.from({ length: Math.min(positions, mostPositions) }, (_, i) => Math.floor(i * step));
  const energy = new Float64Array(pixels);
  for (let c = 0; c < rank; c++) {
    const row = a.subarray(c * positions, (c + 1) * positions);
    const weight = gram(row, row, positions)[0];
    for (let x = 0; x < pixels; x++) energy[x] += weight * v[c * pixels + x] ** 2;
  }
  const threshold = pixels > mostPixels ? energy.slice().sort()[pixels - mostPixels] : 0;
  const bright: number[] = [];
  energy.forEach((value, x) => {
    if (value >= threshold && bright.length < mostPixels) bright.push(x);
  });
  const part = { rank, positions: some.length, pixels: bright.length, chosen: bright, outside: 0 };
  const [partA, partV] = [taken(a, positions, some), taken(v, pixels, bright)];
  return { ...part, a: partA, v: partV, squaredNorm: squaredNormOf(partA, partV, rank) };
}

/** The first `rank` components of a space or a part of one. */
export function narrowed(space: Part, rank: number): Part {
  if (rank >= space.rank) return space;
  const a = space.a.subarray(0, rank * space.positions);
  const v = space.v.subarray(0, rank * space.pixels);
  const squaredNorm = squaredNormOf(a, v, rank);
  return { ...space, rank, a, v, squaredNorm, outside: space.outside + Math.max(0, space.squaredNorm - squaredNorm) };
}

/** Some columns of a stack. */
export function taken(stack: Stack, length: number, chosen: readonly number[]): Float32Array {
  const rows = stack.length / length;
  const result = new Float32Array(rows * chosen.length);
  for (let c = 0, at = 0; c < rows; c++) for (const x of chosen) result[at++] = stack[c * length + x];
  return result;
}

/** ‖Aᵀ·V‖² = ⟨AAᵀ, VVᵀ⟩: V is orthonormal to float32 at best, and a part of it is not at all. */
function squaredNormOf(a: Float32Array, v: Float32Array, rank: number): number {
  if (rank === 0) return 0;
  const [ofA, ofV] = [gram(a, a, a.length / rank), gram(v, v, v.length / rank)];
  return ofA.reduce((sum, value, i) => sum + value * ofV[i], 0);
}
