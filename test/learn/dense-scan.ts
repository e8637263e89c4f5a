import { combine } from "../../src/algebra/combine.ts";
import { gram } from "../../src/algebra/gram.ts";
import { type Images, images, type Patterns, patterns, type Scan, type Size } from "../../src/scan/scan.ts";
import { applySteps } from "../../src/scan/sweep.ts";

/** A scan over a dense matrix in memory that counts its reads. */
export interface DenseScan extends Scan {
  readonly reads: () => number;
}

/** Both products by the matrix functions that are tested against ml-matrix. */
export function denseScan(positions: Size, pixels: Size, x: Float64Array): DenseScan {
  const width = pixels[0] * pixels[1];
  let reads = 0;
  const toImages = (stack: Patterns): Images => images(positions, Float32Array.from(gram(stack.values, x, width)));
  const toPatterns = (stack: Images): Patterns => patterns(pixels, combine(Float64Array.from(stack.values), x, width));
  return {
    positions,
    pixels,
    reads: () => reads,
    async toImages(stack) {
      reads++;
      return toImages(stack);
    },
    async toPatterns(stack) {
      reads++;
      return toPatterns(stack);
    },
    async sweep(stack, steps) {
      reads++;
      const stepped = applySteps(toImages(stack), steps);
      return { images: stepped, patterns: toPatterns(stepped) };
    },
    squared() {
      reads++;
      return denseScan(
        positions,
        pixels,
        x.map((value) => value * value),
      );
    },
  };
}
