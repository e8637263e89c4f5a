import { combine } from "../algebra/combine.ts";
import { gram } from "../algebra/gram.ts";
import { orthonormal } from "../algebra/orthonormal.ts";

/** Inner products of new patterns with all of the basis, new × count. */
export function coordinates(powered: Float32Array, basis: readonly Float32Array[], pixels: number): Float64Array {
  const added = powered.length / pixels;
  const parts = basis.map((block) => gram(powered, block, pixels));
  const count = parts.reduce((sum, part) => sum + part.length / added, 0);
  const all = new Float64Array(added * count);
  let column = 0;
  for (const part of parts) {
    const width = part.length / added;
    for (let i = 0; i < added; i++) all.set(part.subarray(i * width, (i + 1) * width), i * count + column);
    column += width;
  }
  return all;
}

/** The symmetric matrix with `added` rows and columns more, which are given. */
export function bordered(matrix: Float64Array, rows: Float64Array, added: number): Float64Array {
  const before = Math.sqrt(matrix.length);
  const count = before + added;
  const result = new Float64Array(count * count);
  for (let i = 0; i < before; i++) result.set(matrix.subarray(i * before, (i + 1) * before), i * count);
  for (let i = 0; i < added; i++) {
    for (let j = 0; j < count; j++) {
      const value = rows[i * count + j];
      result[(before + i) * count + j] = j < before ? value : 0.5 * (value + rows[(j - before) * count + before + i]);
      if (j < before) result[j * count + before + i] = value;
    }
  }
  return result;
}

/**
 * The next block: Y less its part in the span of the basis, orthonormal. Empty where nothing new is left.
 *
 * Taken away twice: in a flat tail most of Y lies in the span, so what rounding leaves there would grow threefold with every block, until directions
 * that are there already came again as new ones.
 */
export function awayFrom(
  basis: readonly Float32Array[],
  inBasis: Float64Array,
  powered: Float32Array,
  pixels: number,
): Float32Array {
  const residual = less(powered, inBasis, basis, pixels);
  const added = powered.length / pixels;
  for (let i = 0; i < added; i++) {
    const row = residual.subarray(i * pixels, (i + 1) * pixels);
    const left = squares(row) / squares(powered.subarray(i * pixels, (i + 1) * pixels));
    // What is left of a row after all but 10⁻⁶ of it cancelled is rounding, not a direction.
    if (!(left > 1e-12)) row.fill(0);
  }
  const block = orthonormal(residual, pixels);
  if (block.length === 0) return block;
  return orthonormal(less(block, coordinates(block, basis, pixels), basis, pixels), pixels);
}

/** Patterns less their part in the span of the basis. */
function less(
  stack: Float32Array,
  inBasis: Float64Array,
  basis: readonly Float32Array[],
  pixels: number,
): Float32Array {
  const added = stack.length / pixels;
  const count = inBasis.length / added;
  const coefficients = new Float64Array(added * (added + count));
  for (let i = 0; i < added; i++) {
    coefficients[i * (added + count) + i] = 1;
    for (let j = 0; j < count; j++) coefficients[i * (added + count) + added + j] = -inBasis[i * count + j];
  }
  return combine(coefficients, [stack, ...basis], pixels);
}

const squares = (row: Float32Array): number => gram(row, row, row.length)[0];
