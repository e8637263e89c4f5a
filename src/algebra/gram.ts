import { type StackKernels, stackKernels } from "./stack-kernels.ts";

/** Long rows of numbers, one after another. */
export type Stack = Float32Array | Float64Array;

/**
 * Columns that are widened and multiplied together: some dozen rows of them stay in the second-level cache. A multiple of 8,
 * and an odd one, so that rows below one another do not compete for the same cache lines.
 */
export const WINDOW = 248;
/** Rows of a symmetric product that are handled together; a multiple of the two that the kernel takes at a time. */
const GROUP = 12;

/**
 * Inner products of all rows of one stack with all rows of another: G = A·Bᵀ, summed in float64 window by window,
 * in one fixed order: the same bits on every machine.
 *
 * @param a       A, rows × length, row-major
 * @param b       B, rows × length, row-major; where it is `a` itself, only half is computed
 * @param length  of one row
 * @returns G, rows of A × rows of B, row-major
 * @example
 * gram(Float32Array.of(1, 2, 3, 4), Float32Array.of(1, 1), 2); // [3, 7]
 */
export function gram(a: Stack, b: Stack, length: number, kernels: StackKernels = stackKernels()): Float64Array {
  const [m, n] = [a.length / length, b.length / length];
  const same = a === b;
  const [left, other, out] = kernels.rooms(m * WINDOW * 8, same ? 0 : n * WINDOW * 8, m * n * 8);
  const right = same ? left : other;
  const found = kernels.doubles(out, m * n).fill(0);
  for (let start = 0; start < length; start += WINDOW) {
    const columns = placeWindow(a, length, start, kernels.doubles(left, m * WINDOW));
    if (!same) {
      placeWindow(b, length, start, kernels.doubles(right, n * WINDOW));
      kernels.gram(left, WINDOW, m, right, WINDOW, n, columns, out, n);
      continue;
    }
    for (let i = 0; i < m; i += GROUP) {
      const from = left + i * WINDOW * 8;
      kernels.gram(from, WINDOW, Math.min(GROUP, m - i), from, WINDOW, m - i, columns, out + (i * m + i) * 8, m);
    }
  }
  if (same) {
    for (let i = 0; i < m; i++) for (let j = 0; j < i; j++) found[i * m + j] = found[j * m + i];
  }
  return found.slice();
}

/** Puts columns start … start + WINDOW of every row into a panel of that width, padded with 0 to the returned multiple of 8. */
export function placeWindow(stack: Stack, length: number, start: number, panel: Float64Array): number {
  const columns = Math.min(WINDOW, length - start);
  const padded = (columns + 7) & ~7;
  for (let i = 0, at = start; at < stack.length; i += WINDOW, at += length) {
    panel.set(stack.subarray(at, at + columns), i);
    panel.fill(0, i + columns, i + padded);
  }
  return padded;
}
