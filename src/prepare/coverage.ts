import { nonNegativeLeastSquares } from "../algebra/nnls.ts";
import { area, type Images, item, type Patterns, patterns, type Size } from "../scan/scan.ts";

/** Which pixels of an aligned pattern were recorded where, after its content was moved by whole pixels within the detector. */
export interface Coverage {
  /** 1 where every position recorded the pixel: the pixels that can be learned from without bias. */
  readonly everywhere: Uint8Array;
  /**
   * Patterns whose remaining pixels come from the positions that did record them.
   *
   * "mean": Σ w·x ÷ Σ w over those positions, for weighted means. "fit": the non-negative least-squares fit of those
   * positions' values by their loadings. Pixels that count everywhere, and pixels that nobody recorded, stay as they are.
   *
   * @param learned  k patterns, learned where `everywhere` is 1
   * @param weights  k images: memberships^fuzzifier, or loadings
   * @param sums     k patterns: Σ weights · recorded patterns, over all pixels
   */
  complete(learned: Patterns, weights: Images, sums: Patterns, how: "mean" | "fit"): Patterns;
}

/**
 * @param pixels  size of the detector, which is also that of the aligned patterns ("fill")
 * @param shifts  2 × positions, whole pixels, as {@link recentred} takes them
 * @example
 * const { everywhere } = coverage(source.pixels, (await align(source)).shifts);
 */
export function coverage(pixels: Size, shifts: Images): Coverage {
  const [rows, columns] = pixels;
  const groups = groupsOf(shifts);
  const recorded = ({ down, right }: Group, pixel: number): boolean => {
    const row = Math.floor(pixel / columns) + down;
    const column = (pixel % columns) + right;
    return row >= 0 && row < rows && column >= 0 && column < columns;
  };
  const everywhere = new Uint8Array(area(pixels));
  for (let pixel = 0; pixel < everywhere.length; pixel++) {
    everywhere[pixel] = groups.every((group) => recorded(group, pixel)) ? 1 : 0;
  }

  function complete(learned: Patterns, weights: Images, sums: Patterns, how: "mean" | "fit"): Patterns {
    const k = learned.count;
    const values = learned.values.slice();
    // Σ over a group of w (mean) or w·wᵀ (fit): what a pixel needs is the sum over the groups that recorded it.
    const grams = groups.map((group) => gramOf(weights, group.positions, how));
    const gram = new Float64Array(k * k);
    const target = new Float64Array(k);
    const found = new Float64Array(k);
    for (let pixel = 0; pixel < everywhere.length; pixel++) {
      if (everywhere[pixel] === 1) continue;
      gram.fill(0);
      groups.forEach((group, i) => {
        if (recorded(group, pixel)) for (let j = 0; j < gram.length; j++) gram[j] += grams[i][j];
      });
      for (let i = 0; i < k; i++) target[i] = item(sums, i)[pixel];
      if (how === "fit") nonNegativeLeastSquares(gram, target, k, found);
      for (let i = 0; i < k; i++) {
        const seen = gram[i * k + i];
        if (seen > 0) values[i * everywhere.length + pixel] = how === "fit" ? found[i] : target[i] / seen;
      }
    }
    return patterns(pixels, values);
  }

  return { everywhere, complete };
}

/** Positions that were moved alike. */
interface Group {
  readonly down: number;
  readonly right: number;
  readonly positions: number[];
}

function groupsOf(shifts: Images): readonly Group[] {
  const [down, right] = [item(shifts, 0), item(shifts, 1)];
  const groups = new Map<string, Group>();
  for (let position = 0; position < down.length; position++) {
    const key = `${down[position]},${right[position]}`;
    const group = groups.get(key) ?? { down: down[position], right: right[position], positions: [] };
    group.positions.push(position);
    groups.set(key, group);
  }
  return [...groups.values()];
}

function gramOf(weights: Images, positions: readonly number[], how: "mean" | "fit"): Float64Array {
  const k = weights.count;
  const gram = new Float64Array(k * k);
  for (let i = 0; i < k; i++) {
    const a = item(weights, i);
    if (how === "mean") {
      for (const position of positions) gram[i * k + i] += a[position];
      continue;
    }
    for (let j = 0; j < k; j++) {
      const b = item(weights, j);
      for (const position of positions) gram[i * k + j] += a[position] * b[position];
    }
  }
  return gram;
}
