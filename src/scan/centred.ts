import { ShapeError } from "./errors.ts";
import { area, type Images, images, item, type Patterns, patterns, type Scan } from "./scan.ts";
import { sweep } from "./sweep.ts";

/**
 * The scan with one pattern subtracted from every position: X − 1·meanᵀ. With the mean pattern this is PCA's centring.
 *
 * Engines that can subtract while they load do so, so that norms and distances do not cancel: on a common background of
 * 100–150 over 16 384 pixels, ‖x − mean‖² = 81.9 came out as 816 from float32 sums of ‖x‖² − 2x·mean + ‖mean‖².
 * Other scans get the difference of the products, exact enough for the products themselves.
 *
 * @param scan  X: positions × pixels
 * @param mean  one pattern, usually the mean pattern
 * @throws ShapeError mean is not one pattern of the scan's pixels
 * @example
 * const pca = centred(scan, await meanPattern(scan));
 */
export function centred(scan: Scan, mean: Patterns): Scan {
  const pixels = area(scan.pixels);
  if (mean.count !== 1 || mean.values.length !== pixels) {
    throw new ShapeError(
      `centred: expected one pattern of ${pixels} pixels, found ${mean.count} of ${area(mean.size)}`,
      {
        expected: [1, ...scan.pixels],
        got: [mean.count, ...mean.size],
      },
    );
  }
  return scan.minus ? scan.minus(mean.values) : difference(scan, mean);
}

function difference(scan: Scan, mean: Patterns): Scan {
  return {
    positions: scan.positions,
    pixels: scan.pixels,
    async toImages(operand) {
      return lowered(await scan.toImages(operand), projections(operand, mean));
    },
    async toPatterns(operand) {
      return less(await scan.toPatterns(operand), mean, sums(operand));
    },
    squared: () => squaredDifference(scan, mean),
    async sweep(operand, steps) {
      const offset = { step: "offset", values: projections(operand, mean) } as const;
      const swept = await sweep(scan, operand, [offset, ...steps]);
      return { images: swept.images, patterns: less(swept.patterns, mean, sums(swept.images)) };
    },
  };
}

/** (X − 1mᵀ)∘(X − 1mᵀ) = X∘X − 2 X·diag(m) + 1·(m∘m)ᵀ: cancels where m is far larger than the spread about it. */
function squaredDifference(scan: Scan, mean: Patterns): Scan {
  const squares = scan.squared();
  const meanSquared = patterns(
    mean.size,
    mean.values.map((value) => value * value),
  );
  const timesMean = (stack: Patterns): Patterns =>
    patterns(
      stack.size,
      stack.values.map((value, i) => value * mean.values[i % mean.values.length]),
    );
  return {
    positions: scan.positions,
    pixels: scan.pixels,
    async toImages(operand) {
      const [all, cross] = [await squares.toImages(operand), await scan.toImages(timesMean(operand))];
      const raised = lowered(
        all,
        projections(operand, meanSquared).map((value) => -value),
      );
      return images(
        all.size,
        raised.values.map((value, i) => value - 2 * cross.values[i]),
      );
    },
    async toPatterns(operand) {
      const [all, cross] = [await squares.toPatterns(operand), timesMean(await scan.toPatterns(operand))];
      const raised = less(
        all,
        meanSquared,
        sums(operand).map((value) => -value),
      );
      return patterns(
        all.size,
        raised.values.map((value, i) => value - 2 * cross.values[i]),
      );
    },
    squared(): Scan {
      throw new ShapeError("squared: expected a scan or its square, found a square; the fourth power is not offered", {
        expected: "X or X∘X",
        got: "X∘X∘X∘X",
      });
    },
  };
}

/** ⟨operand_k, mean⟩ for every k. */
function projections(operand: Patterns, mean: Patterns): Float64Array {
  return Float64Array.from({ length: operand.count }, (_, k) => {
    const values = item(operand, k);
    let sum = 0;
    for (let i = 0; i < values.length; i++) sum += values[i] * mean.values[i];
    return sum;
  });
}

const sums = (operand: Images): Float64Array =>
  Float64Array.from({ length: operand.count }, (_, k) => item(operand, k).reduce((sum, value) => sum + value, 0));

function lowered(stack: Images, by: Float64Array): Images {
  const positions = area(stack.size);
  return images(
    stack.size,
    stack.values.map((value, i) => value - by[Math.floor(i / positions)]),
  );
}

function less(stack: Patterns, mean: Patterns, weights: Float64Array): Patterns {
  const pixels = area(stack.size);
  return patterns(
    stack.size,
    stack.values.map((value, i) => value - weights[Math.floor(i / pixels)] * mean.values[i % pixels]),
  );
}
