import type { Svd } from "../../src/learn/results.ts";
import { images, patterns, type Size } from "../../src/scan/scan.ts";
import { type DenseScan, denseScan } from "./dense-scan.ts";

/** A scan whose patterns are the given points, padded with a pixel of 1 for each, and a decomposition with the points as loadings. */
export function pointsScan(points: ArrayLike<number>, dimensions: number, size: Size): { scan: DenseScan; svd: Svd } {
  const n = size[0] * size[1];
  const pixels: Size = [2, dimensions];
  const loadings = new Float32Array(n * dimensions);
  const factors = new Float32Array(dimensions * 2 * dimensions);
  const x = new Float64Array(n * 2 * dimensions);
  for (let d = 0; d < dimensions; d++) {
    factors[d * 2 * dimensions + d] = 1;
    for (let i = 0; i < n; i++) {
      loadings[d * n + i] = points[i * dimensions + d];
      x[i * 2 * dimensions + d] = points[i * dimensions + d];
      x[i * 2 * dimensions + dimensions] = 1;
    }
  }
  const svd = {
    loadings: images(size, loadings),
    factors: patterns(pixels, factors),
    singularValues: new Float64Array(dimensions).fill(1),
    explained: new Float64Array(dimensions).fill(1 / dimensions),
    total: 1,
    reads: 0,
  };
  return { scan: denseScan(size, pixels, x), svd };
}
