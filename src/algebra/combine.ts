import type { Stack } from "./gram.ts";

/** Columns handled at a time: eight rows of sums and the rows they come from stay in the first-level cache. */
const TILE = 512;

/**
 * Linear combinations of the rows of a stack: C·A, summed in float64.
 *
 * @param coefficients  C, k′ × k, row-major
 * @param stack         A, k × length, row-major
 * @param length        of one row
 * @returns C·A, k′ × length, rounded to float32 once
 * @example
 * combine(Float64Array.of(1, -1), Float32Array.of(5, 6, 1, 2), 2); // [4, 4]
 */
export function combine(coefficients: Float64Array, stack: Stack, length: number): Float32Array {
  const k = stack.length / length;
  const count = k === 0 ? 0 : coefficients.length / k;
  const result = new Float32Array(count * length);
  const sums = new Float64Array(TILE);
  for (let start = 0; start < length; start += TILE) {
    const width = Math.min(TILE, length - start);
    for (let i = 0; i < count; i++) {
      sums.fill(0);
      let j = 0;
      for (; j + 4 <= k; j += 4) addFour(coefficients, i * k + j, stack, j * length + start, length, width, sums);
      for (; j < k; j++) {
        const c = coefficients[i * k + j];
        const row = j * length + start;
        for (let x = 0; x < width; x++) sums[x] += c * stack[row + x];
      }
      const out = i * length + start;
      for (let x = 0; x < width; x++) result[out + x] = sums[x];
    }
  }
  return result;
}

/** Four rows at once: the sums are loaded and stored a quarter as often. */
function addFour(
  coefficients: Float64Array,
  at: number,
  stack: Stack,
  row: number,
  length: number,
  width: number,
  sums: Float64Array,
): void {
  const c0 = coefficients[at];
  const c1 = coefficients[at + 1];
  const c2 = coefficients[at + 2];
  const c3 = coefficients[at + 3];
  const r1 = row + length;
  const r2 = r1 + length;
  const r3 = r2 + length;
  for (let x = 0; x < width; x++) {
    sums[x] += c0 * stack[row + x] + c1 * stack[r1 + x] + c2 * stack[r2 + x] + c3 * stack[r3 + x];
  }
}
