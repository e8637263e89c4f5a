import { exp } from "./elementary.ts";
/**
 * Gaussian blur of a row-major image; beyond its edge the nearest pixel continues.
 *
 * @param sigma  px, > 0; the kernel is cut at 3σ and sums to 1
 */
export function gaussianBlur(image: Float32Array, rows: number, columns: number, sigma: number): Float32Array {
  const reach = Math.max(1, Math.ceil(3 * sigma));
  const kernel = Float64Array.from({ length: 2 * reach + 1 }, (_, i) => exp(-((i - reach) ** 2) / (2 * sigma * sigma)));
  const total = kernel.reduce((sum, value) => sum + value, 0);
  const across = new Float32Array(image.length);
  for (let r = 0; r < rows; r++) {
    const row = r * columns;
    for (let c = 0; c < columns; c++) {
      let sum = 0;
      if (c >= reach && c < columns - reach) {
        for (let k = 0, at = row + c - reach; k <= 2 * reach; k++, at++) sum += kernel[k]! * image[at]!;
      } else {
        for (let k = 0; k <= 2 * reach; k++) {
          sum += kernel[k]! * image[row + Math.min(columns - 1, Math.max(0, c + k - reach))]!;
        }
      }
      across[row + c] = sum / total;
    }
  }
  const blurred = new Float32Array(image.length);
  for (let r = 0; r < rows; r++) {
    const out = blurred.subarray(r * columns, (r + 1) * columns);
    for (let k = 0; k <= 2 * reach; k++) {
      const from = Math.min(rows - 1, Math.max(0, r + k - reach)) * columns;
      const weight = kernel[k]! / total;
      for (let c = 0; c < columns; c++) out[c]! += weight * across[from + c]!;
    }
  }
  return blurred;
}

/**
 * Mean over the square of (2 reach + 1)² pixels around each pixel, or what of it lies inside, by running sums: the cost does not
 * depend on the reach.
 */
export function boxBlur(image: Float32Array, rows: number, columns: number, reach: number): Float32Array {
  const wide = columns + 1;
  const sums = new Float64Array((rows + 1) * wide);
  for (let r = 0; r < rows; r++) {
    let row = 0;
    for (let c = 0; c < columns; c++) {
      row += image[r * columns + c]!;
      sums[(r + 1) * wide + c + 1] = sums[r * wide + c + 1]! + row;
    }
  }
  const blurred = new Float32Array(image.length);
  for (let r = 0; r < rows; r++) {
    const top = Math.max(0, r - reach);
    const bottom = Math.min(rows, r + reach + 1);
    for (let c = 0; c < columns; c++) {
      const left = Math.max(0, c - reach);
      const right = Math.min(columns, c + reach + 1);
      const sum =
        sums[bottom * wide + right]! -
        sums[bottom * wide + left]! -
        sums[top * wide + right]! +
        sums[top * wide + left]!;
      blurred[r * columns + c] = sum / ((bottom - top) * (right - left));
    }
  }
  return blurred;
}
