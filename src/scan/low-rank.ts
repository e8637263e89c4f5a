import { combine } from "../algebra/combine.ts";
import { gram } from "../algebra/gram.ts";
import { area, type Images, images, type Patterns, patterns, type Scan } from "./scan.ts";

/**
 * The scan loadingsᵀ · factors: what a decomposition kept of X, seen as X is. Its products cost milliseconds, since X is not read.
 *
 * @param loadings  k × positions
 * @param factors   k × pixels
 * @example
 * const stand = lowRank(await svd(scan, { components: 20, seed: 1 }));
 */
export function lowRank({ loadings, factors }: { readonly loadings: Images; readonly factors: Patterns }): Scan {
  const [positions, pixels] = [area(loadings.size), area(factors.size)];
  return {
    positions: loadings.size,
    pixels: factors.size,
    toImages: async ({ values }) =>
      images(loadings.size, combine(gram(values, factors.values, pixels), loadings.values, positions)),
    toPatterns: async ({ values }) =>
      patterns(factors.size, combine(gram(values, loadings.values, positions), factors.values, pixels)),
    // (Σ l f)² = Σ over pairs of l l′ · f f′.
    squared: () => lowRank({ loadings: pairs(loadings, 2, images), factors: pairs(factors, 1, patterns) }),
  };
}

/** Products of all pairs of rows; a pair of different rows stands for two, which one of the two stacks counts. */
function pairs<Stack extends Images | Patterns>(
  stack: Stack,
  twice: number,
  made: (size: Stack["size"], values: Float32Array) => Stack,
): Stack {
  const length = area(stack.size);
  const values = new Float32Array(((stack.count * (stack.count + 1)) / 2) * length);
  let at = 0;
  for (let a = 0; a < stack.count; a++) {
    for (let b = a; b < stack.count; b++) {
      const weight = a === b ? 1 : twice;
      for (let i = 0; i < length; i++) {
        values[at++] = weight * stack.values[a * length + i] * stack.values[b * length + i];
      }
    }
  }
  return made(stack.size, values);
}
