import { DataError } from "./errors.ts";
import { area, images, type Patterns, patterns, type Scan } from "./scan.ts";
import type { Watch } from "./source.ts";
import { sweep } from "./sweep.ts";
import { weighted } from "./weighted.ts";

/** A scan in whose every position and every pixel counting noise has the same mean variance. */
export interface Biwhitened {
  /** X̃ᵢⱼ = √uᵢ Xᵢⱼ √vⱼ. */
  readonly scan: Scan;
  /** √u, a weight per position; 0 for those left out. */
  readonly positions: Float32Array;
  /** √v, a weight per pixel; 0 for those left out. */
  readonly pixels: Float32Array;
  /** How many positions and how many pixels are not left out. */
  readonly used: readonly [positions: number, pixels: number];
  /** How often X was read. */
  readonly reads: number;
}

/**
 * A pixel has to record at this many positions (of even brightness; more where it is uneven): fewer say nothing about what
 * varies together, and weighted to even noise they would drown what does. A single spike is one position.
 */
const FEWEST_POSITIONS = 10;
/** Root mean square by which sums of positions may miss their number of pixels. */
const TOLERANCE = 0.02;
const MOST_SWEEPS = 12;

/**
 * Weights under which Poisson noise is as even as can be, whatever the contrast: u and v with Σⱼ uᵢ Xᵢⱼ vⱼ = pixels for every
 * position and Σᵢ uᵢ Xᵢⱼ vⱼ = positions for every pixel. A count's variance is its expectation, so the noise of X̃ has variance 1
 * on average along every row and column, and its singular values follow the law of Marchenko and Pastur, to √n + √p. Weights from the
 * sums alone (Keenan & Kotula) do that only where X is of rank one.
 *
 * Found by Sinkhorn's iteration, one read of X each, three to six where patterns overlap. Where a detector records g per electron,
 * variances are g instead of 1, still even. Pixels that record at fewer than ten positions, (Σx)² ÷ Σx² < 10, get weight 0.
 *
 * @param scan  X: positions × pixels, ≥ 0
 * @throws DataError  a pixel sums to less than 0, or to no finite number
 * @throws AbortError signal was aborted
 * @see Landa, Zhang & Kluger, SIAM J. Math. Data Sci. 4 (2022) 1420
 * @example
 * const { scan: even, used } = await biwhitened(scan);
 */
export async function biwhitened(scan: Scan, { signal }: Watch = {}): Promise<Biwhitened> {
  const ones = images(scan.positions, new Float32Array(area(scan.positions)).fill(1));
  const sums = (await scan.toPatterns(ones)).values;
  const wrong = sums.findIndex((sum) => !(sum >= 0 && Number.isFinite(sum)));
  if (wrong >= 0) {
    throw new DataError(
      `biwhitening: expected counts ≥ 0, found a sum of ${sums[wrong]} in pixel ${wrong}; subtract no background before, or learn without weighting`,
      { pixel: wrong },
    );
  }
  const squares = (await scan.squared().toPatterns(ones)).values;
  const fewest = Math.min(FEWEST_POSITIONS, Math.sqrt(ones.values.length));
  const kept = sums.map((sum, j) => (sum > 0 && sum * sum >= fewest * squares[j] ? 1 : 0));
  const p = kept.reduce((count, one) => count + one, 0);
  let v = sums.map((sum, j) => (kept[j] ? 1 / sum : 0));
  let u = new Float32Array(ones.values.length);
  let n = 0;
  let reads = 2;
  for (let sweeps = 1; sweeps <= MOST_SWEEPS && p > 0; sweeps++) {
    signal?.throwIfAborted();
    const swept = await sweep(scan, patterns(scan.pixels, v), [{ step: "reciprocal" }]);
    reads++;
    const next = swept.images.values.map((value) => p * value);
    n = next.reduce((count, value) => count + (value > 0 ? 1 : 0), 0);
    const missed = rms(next, (value, i) => u[i] / value - 1);
    u = next;
    v = reciprocals(swept.patterns, n / p, kept);
    if (missed <= TOLERANCE) break;
  }
  const [rootU, rootV] = [u.map(Math.sqrt), v.map(Math.sqrt)];
  return Object.freeze({
    scan: weighted(scan, rootU, rootV),
    positions: rootU,
    pixels: rootV,
    used: [n, p] as const,
    reads,
  });
}

/** `times` ÷ value where the pixel is kept. */
const reciprocals = ({ values }: Patterns, times: number, kept: Float32Array): Float32Array<ArrayBuffer> =>
  Float32Array.from(values, (value, j) => (kept[j] && value > 0 ? times / value : 0));

function rms(values: Float32Array, of: (value: number, index: number) => number): number {
  let [sum, count] = [0, 0];
  values.forEach((value, i) => {
    if (value > 0) {
      sum += of(value, i) ** 2;
      count++;
    }
  });
  return Math.sqrt(sum / Math.max(1, count));
}
