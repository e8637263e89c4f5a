import { gram } from "../algebra/gram.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";
import { area, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { weighted } from "../scan/weighted.ts";
import { aboveNoise } from "./noise-edge.ts";
import { blockWidth, svd } from "./svd.ts";

export interface SplitHalfOptions extends Watch {
  /** Directions learned on one half, more than there are components. */
  readonly components: number;
  readonly seed: number;
}

/**
 * How many components learned on one half of the positions are seen again in the other half.
 *
 * Halves are the black and the white squares of a checkerboard, so both hold every grain. Directions V come from the SVD of the black
 * half; T = X·V of the white half is components × its positions, and its singular values are those of noise alone but for what both
 * halves share. The noise is judged by T itself, so nothing is assumed of it but that positions are independent: gain, read noise, a camera
 * that spreads electrons over pixels all leave the vote alone. What repeats is counted, be it a crystal or bending.
 *
 * A component so weak that half of the positions do not show it is missed. Reads X as often as an SVD, and once more.
 *
 * @param scan  X̃ with even noise: positions × pixels
 * @param used  positions that count, as weights > 0
 * @returns     the count, `components` where they reach no floor; undefined where halves are too small to tell
 * @see Owen & Perry, Ann. Appl. Stat. 3 (2009) 564 (cross-validated singular values)
 * @example
 * const used = new Float32Array(scan.positions[0] * scan.positions[1]).fill(1);
 * const repeated = await splitHalf(scan, used, { components: 12, seed: 1 });
 */
export async function splitHalf(
  scan: Scan,
  used: Float32Array,
  { components, seed, signal, onProgress }: SplitHalfOptions,
): Promise<number | undefined> {
  const columns = scan.positions[1];
  const black = used.map((weight, i) => (weight > 0 && (Math.floor(i / columns) + i) % 2 === 0 ? 1 : 0));
  const white = used.map((weight, i) => (weight > 0 && black[i] === 0 ? 1 : 0));
  const [learnt, judged] = [sum(black), sum(white)];
  const wanted = Math.min(components, Math.floor(learnt / 2), Math.floor(judged / 2), area(scan.pixels));
  if (wanted < 3) return undefined;
  const found = await svd(weighted(scan, black), {
    components: wanted,
    // Directions in noise need not converge, only those that rise above it.
    width: blockWidth(wanted, 0),
    maximumReads: 5,
    tolerance: 0.02,
    seed,
    ...(signal && { signal }),
    ...(onProgress && { onProgress: (_: string, fraction: number) => onProgress("split half", 0.9 * fraction) }),
  });
  const seen = await weighted(scan, white).toImages(found.factors);
  const squares = gram(seen.values, seen.values, area(seen.size));
  const { values } = symmetricEigen(squares, seen.count);
  onProgress?.("split half", 1);
  const again = aboveNoise({
    values: values.map((value) => Math.sqrt(Math.max(0, value))),
    total: values.reduce((all, value) => all + Math.max(0, value), 0),
    rows: judged,
    columns: wanted,
  });
  return again.count;
}

const sum = (values: Float32Array): number => values.reduce((all, value) => all + value, 0);
