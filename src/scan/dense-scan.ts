import { combine } from "../algebra/combine.ts";
import { gram, type Stack } from "../algebra/gram.ts";
import { area, images, patterns, type Scan, type Size } from "./scan.ts";

/**
 * A small scan held as a matrix of numbers, for what is simulated in passing: no source, no engine.
 *
 * @param values  positions × pixels, row-major, used as they are
 */
export function denseScan(positions: Size, pixels: Size, values: Stack): Scan {
  const width = area(pixels);
  return {
    positions,
    pixels,
    toImages: async (operand) => images(positions, Float32Array.from(gram(operand.values, values, width))),
    toPatterns: async (operand) => patterns(pixels, combine(Float64Array.from(operand.values), values, width)),
    squared: () =>
      denseScan(
        positions,
        pixels,
        values.map((value) => value * value),
      ),
  };
}
