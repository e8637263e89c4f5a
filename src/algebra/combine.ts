import { placeWindow, type Stack, WINDOW } from "./gram.ts";
import { type StackKernels, stackKernels } from "./stack-kernels.ts";

/**
 * Linear combinations of the rows of a stack: C·A, summed in float64.
 *
 * @param coefficients  C, k′ × k, row-major
 * @param stack         A, k × length, row-major; or several stacks, whose rows follow one another
 * @param length        of one row
 * @returns C·A, k′ × length, rounded to float32 once
 * @example
 * combine(Float64Array.of(1, -1), Float32Array.of(5, 6, 1, 2), 2); // [4, 4]
 */
export function combine(
  coefficients: Float64Array,
  stack: Stack | readonly Stack[],
  length: number,
  kernels: StackKernels = stackKernels(),
): Float32Array {
  return combined(coefficients, stack, length, kernels);
}

/** The same with the result in place of the stack's first rows; no more of them than there were. */
export function recombine(coefficients: Float64Array, stack: Float32Array, length: number): Float32Array {
  const rows = (coefficients.length * length) / stack.length;
  return combined(coefficients, stack, length, stackKernels(), stack.subarray(0, rows * length));
}

function combined(
  coefficients: Float64Array,
  stack: Stack | readonly Stack[],
  length: number,
  kernels: StackKernels,
  into?: Float32Array,
): Float32Array {
  const stacks = "length" in stack && ArrayBuffer.isView(stack) ? [stack as Stack] : (stack as readonly Stack[]);
  const k = stacks.reduce((sum, part) => sum + part.length / length, 0);
  const count = k === 0 ? 0 : coefficients.length / k;
  const result = into ?? new Float32Array(count * length);
  const [weights, from, to] = kernels.rooms(count * k * 8, k * WINDOW * 8, count * WINDOW * 8);
  kernels.doubles(weights, count * k).set(coefficients);
  for (let start = 0; start < length; start += WINDOW) {
    const columns = Math.min(WINDOW, length - start);
    let padded = 0;
    let at = from;
    for (const part of stacks) {
      const rows = part.length / length;
      padded = placeWindow(part, length, start, kernels.doubles(at, rows * WINDOW));
      at += rows * WINDOW * 8;
    }
    kernels.combine(weights, count, k, from, WINDOW, padded, to, WINDOW);
    const sums = kernels.doubles(to, count * WINDOW);
    for (let i = 0; i < count; i++) result.set(sums.subarray(i * WINDOW, i * WINDOW + columns), i * length + start);
  }
  return result;
}
