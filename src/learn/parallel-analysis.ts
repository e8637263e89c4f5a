import { type Random, random } from "../algebra/random.ts";
import { type Biwhitened, biwhitened } from "../scan/biwhitened.ts";
import { denseScan } from "../scan/dense-scan.ts";
import { area } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { meanNoiseEdge } from "./noise-edge.ts";
import type { Svd } from "./results.ts";
import { svd } from "./svd.ts";

export interface ParallelAnalysisOptions extends Watch {
  /** Components that the simulated scans have. */
  readonly components: number;
  /** Of the noise of X̃: the gain of the detector. */
  readonly variance: number;
  /** Scans simulated, default 3. */
  readonly scans?: number;
  /** Integer for the counts drawn. */
  readonly seed: number;
}

/** Numbers in a simulated scan, at most: some tenths of a second for three. */
const MOST_VALUES = 4e5;

/**
 * Where the singular values of counting noise end on a scan like this one, as a part of where even normal noise ends: 1 but for what few counts do.
 *
 * Parallel analysis, with the counts drawn instead of permuted (a permutation would turn the contrast of the components into noise):
 * scans of `components` components are simulated from the expected counts, weighted and decomposed as the scan was, and the first singular value
 * beyond the components is noise. Where the scan is larger than that, so many times fewer positions and pixels are drawn at
 * random and expect so many times more counts: counts per position, counts per pixel and their ratio stay. X is not read.
 *
 * @param found  SVD of the biwhitened scan
 * @returns      the mean over the scans, usually 0.96 … 1
 * @see Horn, Psychometrika 30 (1965) 179 (the idea); Dobriban & Owen, J. R. Stat. Soc. B 81 (2019) 163 (why not to permute)
 */
export async function parallelAnalysis(
  found: Svd,
  even: Biwhitened,
  { components, variance, scans = 3, seed, signal, onProgress }: ParallelAnalysisOptions,
): Promise<number> {
  let sum = 0;
  for (let s = 0; s < scans; s++) {
    signal?.throwIfAborted();
    const noise = await biwhitened(simulated(found, even, components, variance, random(seed, 100 + s)));
    const [n, p] = noise.used;
    const smaller = Math.min(area(noise.scan.positions), area(noise.scan.pixels));
    if (components >= Math.min(n, p)) return 1;
    const { singularValues, total } = await svd(noise.scan, {
      components: Math.min(components + 1, smaller),
      seed,
      ...(signal && { signal }),
    });
    let left = total;
    for (let k = 0; k < components; k++) left -= singularValues[k] ** 2;
    const deviation = Math.sqrt(Math.max(0, left) / ((n - components) * (p - components)));
    sum += deviation > 0 ? singularValues[components] / (deviation * meanNoiseEdge(n, p)) : 1;
    onProgress?.("parallel analysis", (s + 1) / scans);
  }
  return sum / scans;
}

/** Counts drawn where the first components expect them, over all or a part of positions and pixels. */
function simulated({ loadings, factors }: Svd, even: Biwhitened, components: number, gain: number, draw: Random) {
  const reduction = Math.max(1, Math.sqrt((even.used[0] * even.used[1]) / MOST_VALUES));
  const rows = some(even.positions, even.used[0] / reduction, draw);
  const columns = some(even.pixels, even.used[1] / reduction, draw);
  const [n, p] = [area(loadings.size), area(factors.size)];
  const values = new Float32Array(rows.length * columns.length);
  const expected = new Float64Array(columns.length);
  rows.forEach((i, r) => {
    expected.fill(0);
    for (let k = 0; k < components; k++) {
      const loading = loadings.values[k * n + i];
      columns.forEach((j, c) => {
        expected[c] += loading * factors.values[k * p + j];
      });
    }
    columns.forEach((j, c) => {
      // Weights divided out: X̃ back to X, in electrons.
      const mean = expected[c] / (even.positions[i] * even.pixels[j] * gain);
      values[r * columns.length + c] = draw.poisson(reduction * mean);
    });
  });
  return denseScan([rows.length, 1], [columns.length, 1], values);
}

/** So many of the places with a weight, without repetition, in order. */
function some(weights: Float32Array, count: number, { integer }: Random): number[] {
  const places = Array.from(weights.keys()).filter((x) => weights[x] > 0);
  const wanted = Math.min(places.length, Math.max(1, Math.round(count)));
  if (wanted === places.length) return places;
  for (let x = 0; x < wanted; x++) {
    const other = x + integer(places.length - x);
    [places[x], places[other]] = [places[other], places[x]];
  }
  return places.slice(0, wanted).sort((a, b) => a - b);
}
