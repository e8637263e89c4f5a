import { nonNegativeLeastSquares, nonNegativeScratch } from "../algebra/nnls.ts";
import type { RowStep } from "./row-steps.ts";
import { area, type Images, images, type Patterns, type Scan, type Swept } from "./scan.ts";

/**
 * T = steps(X·B) and Xᵀ·T, in a single read of X where the scan can, in two where it cannot.
 *
 * @param scan      X: positions × pixels
 * @param patterns  B: k patterns
 * @param steps     what happens to each position's k values before they weigh its pattern, default nothing
 * @returns images T (k × positions) and patterns Xᵀ·T (k × pixels)
 * @example
 * const { patterns: powered } = await sweep(scan, patterns(scan.pixels, new Float32Array(area(scan.pixels)).fill(1)));
 */
export async function sweep(scan: Scan, patterns: Patterns, steps: readonly RowStep[] = []): Promise<Swept> {
  if (scan.sweep) return scan.sweep(patterns, steps);
  const stepped = applySteps(await scan.toImages(patterns), steps);
  return { images: stepped, patterns: await scan.toPatterns(stepped) };
}

/**
 * Xᵀ·steps(X·B): the patterns of a {@link sweep}, whose images are then not kept where the scan can do without them.
 *
 * @example
 * const powered = await power(scan, patterns(scan.pixels, new Float32Array(area(scan.pixels)).fill(1)));
 */
export async function power(scan: Scan, patterns: Patterns, steps: readonly RowStep[] = []): Promise<Patterns> {
  return scan.power ? scan.power(patterns, steps) : (await sweep(scan, patterns, steps)).patterns;
}

/** The images after the row steps, as new images. */
export function applySteps(before: Images, steps: readonly RowStep[]): Images {
  const { count, size } = before;
  const positions = area(size);
  const values = new Float32Array(before.values);
  const run = rowRunner(steps, count);
  const row = new Float64Array(count);
  for (let position = 0; position < positions; position++) {
    for (let k = 0; k < count; k++) row[k] = values[k * positions + position];
    run(row, position);
    for (let k = 0; k < count; k++) values[k * positions + position] = row[k];
  }
  return images(size, values);
}

/** A function that runs the steps on one position's row of k values in place. */
export function rowRunner(steps: readonly RowStep[], count: number): (row: Float64Array, position: number) => void {
  const scratch = nonNegativeScratch(count);
  return (row, position) => {
    for (const step of steps) {
      switch (step.step) {
        case "offset":
          for (let k = 0; k < count; k++) row[k] -= step.values[k];
          break;
        case "scale":
          for (let k = 0; k < count; k++) row[k] *= step.values[position];
          break;
        case "reciprocal":
          for (let k = 0; k < count; k++) row[k] = row[k] > 0 ? 1 / row[k] : 0;
          break;
        case "nonNegative":
          nonNegativeLeastSquares(step.gram, row, count, row, scratch);
          break;
        default:
          step satisfies never;
      }
    }
  };
}
