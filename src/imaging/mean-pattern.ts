import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, item, type Patterns, patterns, type Scan } from "../scan/scan.ts";

/**
 * The mean of all patterns. One read of the scan.
 *
 * @param scan  X: positions × pixels
 * @returns one pattern [counts per position]
 * @example
 * const mean = await meanPattern(scan);
 */
export function meanPattern(scan: Scan): Promise<Patterns> {
  return regionMeanPattern(scan, images(scan.positions, new Float32Array(area(scan.positions)).fill(1)));
}

/**
 * The mean pattern of each region: Σ weight · pattern ÷ Σ weight. One read of the scan for all regions.
 *
 * @param scan     X: positions × pixels
 * @param regions  one image of weights for each region, ≥ 0: 0 and 1 for a mask, or anything between
 * @returns one pattern for each region [counts per position]
 * @throws ShapeError  regions of another scan size, a negative or non-finite weight, or a region without any weight
 * @example
 * const [rows, columns] = scan.positions;
 * const upperHalf = images(scan.positions, Float32Array.from({ length: rows * columns }, (_, i) => (i < (rows * columns) / 2 ? 1 : 0)));
 * const mean = await regionMeanPattern(scan, upperHalf);
 */
export async function regionMeanPattern(scan: Scan, regions: Images): Promise<Patterns> {
  if (regions.size[0] !== scan.positions[0] || regions.size[1] !== scan.positions[1]) {
    throw new ShapeError(
      `regionMeanPattern: expected regions over the scan's ${scan.positions.join("×")} positions, found ${regions.size.join("×")}`,
      { expected: scan.positions, got: regions.size },
    );
  }
  const totals = Array.from({ length: regions.count }, (_, region) => total(item(regions, region), region));
  const sums = await scan.toPatterns(regions);
  const pixels = area(scan.pixels);
  return patterns(
    scan.pixels,
    sums.values.map((sum, i) => sum / totals[Math.floor(i / pixels)]),
  );
}

function total(weights: Float32Array, region: number): number {
  let sum = 0;
  for (const weight of weights) {
    if (!(weight >= 0 && weight < Infinity)) {
      throw new ShapeError(`regionMeanPattern: expected weights of 0 or more, found ${weight} in region ${region}`, {
        expected: "≥ 0",
        got: weight,
      });
    }
    sum += weight;
  }
  if (sum === 0) {
    throw new ShapeError(`regionMeanPattern: expected at least one position in region ${region}, found none`, {
      expected: "at least 1 position",
      got: 0,
    });
  }
  return sum;
}
