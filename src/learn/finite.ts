import { DataError } from "../scan/errors.ts";

/**
 * Stops where a product of the scan holds NaN or ±Infinity: a value of X was not finite, or sums left the range of float32.
 *
 * @param values  images or patterns, k × length, row-major
 * @param length  positions or pixels
 * @throws DataError naming the first position or pixel
 */
export function requireFinite(
  method: string,
  values: ArrayLike<number>,
  length: number,
  what: "position" | "pixel",
): void {
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) continue;
    const index = i % length;
    throw new DataError(
      `${method}: expected finite values, found ${values[i]} from ${what} ${index}; mask it, or repair the data before learning`,
      { [what]: index },
    );
  }
}
