import { DataError } from "./errors.ts";
import { area, type Images, images, item, type Patterns, patterns, type Scan } from "./scan.ts";
import { weighted } from "./weighted.ts";

/** A scan whose noise is even, and the way back from what was learned on it. */
export interface PoissonScaled {
  /** X̃ᵢⱼ = Xᵢⱼ ÷ √(aᵢ bⱼ). */
  readonly scan: Scan;
  /** Loadings of X from loadings of X̃: × √aᵢ. */
  readonly loadings: (scaled: Images) => Images;
  /** Factors of X from factors of X̃: × √bⱼ. */
  readonly factors: (scaled: Patterns) => Patterns;
}

/**
 * Weights that make Poisson noise even: X̃ᵢⱼ = Xᵢⱼ ÷ √(aᵢ bⱼ), aᵢ = Σⱼ Xᵢⱼ ÷ ΣX and bⱼ = Σᵢ Xᵢⱼ, so that the noise of X̃
 * has variance 1 where X is of rank one. Least squares on X̃ is weighted least squares on X.
 *
 * Empty positions and pixels get weight 0 (nothing was counted, nothing is learned). Reads X twice.
 *
 * @param scan  X: positions × pixels, counts [e⁻], ≥ 0
 * @throws DataError a position or pixel sums to less than 0, or to no finite number
 * @see Keenan & Kotula, Surf. Interface Anal. 36 (2004) 203, eqs 8–10
 * @example
 * const { scan: even, factors } = await poissonScaled(scan);
 */
export async function poissonScaled(scan: Scan): Promise<PoissonScaled> {
  const ones = (length: number): Float32Array => new Float32Array(length).fill(1);
  const rows = await scan.toImages(patterns(scan.pixels, ones(area(scan.pixels))));
  const columns = await scan.toPatterns(images(scan.positions, ones(area(scan.positions))));
  const total = rows.values.reduce((sum, value) => sum + value, 0);
  const a = roots(rows.values, "position", total);
  const b = roots(columns.values, "pixel", 1);
  return {
    scan: weighted(scan, a.map(inverse), b.map(inverse)),
    loadings: (stack) => images(stack.size, rescaled(stack, a)),
    factors: (stack) => patterns(stack.size, rescaled(stack, b)),
  };
}

const inverse = (value: number): number => (value === 0 ? 0 : 1 / value);

function rescaled(stack: Images | Patterns, weights: Float32Array): Float32Array {
  const result = new Float32Array(stack.values.length);
  for (let k = 0; k < stack.count; k++) {
    const values = item(stack, k);
    for (let i = 0; i < values.length; i++) result[k * values.length + i] = values[i] * weights[i];
  }
  return result;
}

function roots(sums: Float32Array, what: "position" | "pixel", total: number): Float32Array {
  return sums.map((sum, index) => {
    if (!(sum >= 0 && Number.isFinite(sum))) {
      throw new DataError(
        `Poisson weighting: expected counts ≥ 0, found a sum of ${sum} at ${what} ${index}; subtract no background before, or learn without weighting`,
        { [what]: index },
      );
    }
    return total > 0 ? Math.sqrt(sum / total) : 0;
  });
}
