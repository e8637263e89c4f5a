import { pow } from "../algebra/elementary.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, item, type Patterns, patterns, type Scan } from "../scan/scan.ts";

/**
 * Cluster centres as patterns: the mean of the recorded patterns, weighted by memberships^fuzzifier. One read of the scan.
 *
 * Unlike centres rebuilt from loadings and factors these hold all that was recorded, and are never negative where counts are not.
 *
 * @param scan         X: positions × pixels
 * @param memberships  clusters × positions, 0 … 1
 * @param fuzzifier    exponent of the weights, default 2; 1 for plain weighted means
 * @returns one pattern for each cluster [units of X]; a cluster without any weight has a pattern of zeros
 * @throws ShapeError memberships of another scan size
 * @example
 * const centres = await reproject(scan, memberships, 2);
 */
export async function reproject(scan: Scan, memberships: Images, fuzzifier = 2): Promise<Patterns> {
  if (memberships.values.length !== memberships.count * area(scan.positions)) {
    throw new ShapeError(
      `reproject: expected memberships over ${scan.positions.join("×")} positions, found ${memberships.size.join("×")}`,
      { expected: scan.positions, got: memberships.size },
    );
  }
  const weights =
    fuzzifier === 1
      ? memberships
      : images(
          scan.positions,
          memberships.values.map((u) => pow(u, fuzzifier)),
        );
  const sums = await scan.toPatterns(weights);
  const pixels = area(scan.pixels);
  const totals = Array.from({ length: weights.count }, (_, k) => item(weights, k).reduce((sum, w) => sum + w, 0));
  const means = sums.values.map((sum, i) => {
    const total = totals[Math.floor(i / pixels)];
    return total > 0 ? sum / total : 0;
  });
  return patterns(scan.pixels, means);
}
