import { indicesWhere } from "../algebra/indices-where.ts";
import { type Random, random } from "../algebra/random.ts";
import { type Biwhitened, biwhitened } from "../scan/biwhitened.ts";
import { denseScan } from "../scan/dense-scan.ts";
import { area } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { meanNoiseEdge } from "./noise-edge.ts";
import type { Svd } from "./results.ts";
import { svd } from "./svd.ts";

export interface ParallelAnalysisOptions extends Watch {
  /** Of the noise of X̃: the gain of the detector. */
  readonly variance: number;
  /** Scans simulated, default 4. */
  readonly scans?: number;
  /** Integer for the counts drawn. */
  readonly seed: number;
}

/** Numbers in a simulated scan, at most: some tenths of a second for three. */
const MOST_VALUES = 4e5;

/**
 * Where the singular values of counting noise end on a scan like this one, as a part of where even normal noise ends: 1 but for
 * what few counts do.
 *
 * Parallel analysis, with counts drawn instead of permuted (a permutation would turn the contrast of the components into noise):
 * scans of one component, the first of the scan's own, are simulated, weighted and decomposed as the scan was, and their second singular
 * value is noise. Where the scan is larger than the limit, so many times fewer positions and pixels are drawn at random and expect so many
 * times more counts: counts per position, counts per pixel and their ratio stay (the result by 0.001 down to a quarter). X is not read.
 *
 * More components would be nearer to the scan, but dark pixels of a fit hold its noise, which made simulated counts less even than
 * they are and their end too low, by 0.005 to 0.01.
 *
 * @param found  SVD of the biwhitened scan
 * @returns      the mean over the scans, usually 0.97 … 1
 * @see Horn, Psychometrika 30 (1965) 179 (the idea); Dobriban & Owen, J. R. Stat. Soc. B 81 (2019) 163 (why not to permute)
 */
export async function parallelAnalysis(
  found: Svd,
  even: Biwhitened,
  { variance, scans = 4, seed, signal, onProgress }: ParallelAnalysisOptions,
): Promise<number> {
  let sum = 0;
  for (let s = 0; s < scans; s++) {
    signal?.throwIfAborted();
    const noise = await biwhitened(simulated(found, even, variance, random(seed, 100 + s)));
    const [n, p] = noise.used;
    const smaller = Math.min(area(noise.scan.positions), area(noise.scan.pixels));
    if (Math.min(n, p, smaller) < 2) return 1;
    const { singularValues, total } = await svd(noise.scan, {
      components: 2,
      tolerance: 5e-4,
      seed,
      ...(signal && { signal }),
    });
    const deviation = Math.sqrt(Math.max(0, total - singularValues[0] ** 2) / ((n - 1) * (p - 1)));
    sum += deviation > 0 ? singularValues[1] / (deviation * meanNoiseEdge(n, p)) : 1;
    onProgress?.("parallel analysis", (s + 1) / scans);
  }
  return sum / scans;
}

/** Counts drawn where the first component expects them, over all or a part of positions and pixels. */
function simulated({ loadings, factors }: Svd, even: Biwhitened, gain: number, draw: Random) {
  const reduction = Math.max(1, Math.sqrt((even.used[0] * even.used[1]) / MOST_VALUES));
  const rows = some(even.positions, even.used[0] / reduction, draw);
  const columns = some(even.pixels, even.used[1] / reduction, draw);
  const values = new Float32Array(rows.length * columns.length);
  rows.forEach((i, r) => {
    columns.forEach((j, c) => {
      // Weights divided out: X̃ back to X, in electrons.
      const weight = even.positions[i] * even.pixels[j] * gain;
      values[r * columns.length + c] = draw.poisson((reduction * loadings.values[i] * factors.values[j]) / weight);
    });
  });
  return denseScan([rows.length, 1], [columns.length, 1], values);
}

/** So many of the places with a weight, without repetition, in order. */
function some(weights: Float32Array, count: number, { integer }: Random): Int32Array {
  const places = indicesWhere(weights.length, (x) => weights[x] > 0);
  const wanted = Math.min(places.length, Math.max(1, Math.round(count)));
  if (wanted === places.length) return places;
  for (let x = 0; x < wanted; x++) {
    const other = x + integer(places.length - x);
    [places[x], places[other]] = [places[other], places[x]];
  }
  return places.slice(0, wanted).sort();
}
