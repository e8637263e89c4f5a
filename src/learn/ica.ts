import { type Random, random } from "../algebra/random.ts";
import { inverseOf, product, transposed } from "../algebra/small-matrix.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, type Patterns, patterns } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { type Contrast, deflation, negentropy, parallel, type Whitened } from "./fast-ica.ts";
import { requireFinite } from "./finite.ts";
import type { Decomposition, Svd } from "./results.ts";

export interface IcaOptions extends Watch {
  /** How many leading SVD components are turned, 1 … those of the SVD. */
  readonly components: number;
  /** What is to be independent: the patterns, pixel by pixel (default), or the maps, position by position. */
  readonly of?: "patterns" | "maps";
  /** Learn on the differences between neighbours along rows and columns (as HyperSpy does), default false. */
  readonly differences?: boolean;
  /** "parallel": all components at once (default). "deflation": one after the other. */
  readonly algorithm?: "parallel" | "deflation";
  /** How far from normal is measured: "logcosh" (default), "exp" (robust to outliers), "cube" (kurtosis). */
  readonly contrast?: Contrast;
  /** Converged when every |cos| between a direction and itself one iteration before exceeds 1 − tolerance, default 10⁻¹⁰. */
  readonly tolerance?: number;
  readonly maximumIterations?: number;
  /** How many starts, default 5. */
  readonly starts?: number;
  /** Integer for the starts. */
  readonly seed: number;
  /** Positions that count (maps), 1 = used. Those left out are 0 in the result. */
  readonly positions?: Uint8Array | undefined;
  /** Pixels that count (patterns), 1 = used. Those left out are 0 in the result. */
  readonly pixels?: Uint8Array | undefined;
}

/** Independent components; the independent half has mean 0 and mean square 1. */
export interface Ica extends Decomposition {
  /** k × k: the independent half is unmixing · (that half of the SVD) − offsets. */
  readonly unmixing: Float64Array;
  /** What was subtracted so that the independent half has mean 0: with it added, loadings and factors multiply to the SVD's part of X. */
  readonly offsets: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
  /** For each component, the mean over the other starts of |cosine| to its match there, 0 … 1: 1 where every start found it. */
  readonly stability: Float64Array;
}

/** Starts are told apart at this tolerance; the best goes on. */
const ROUGHLY = 1e-6;

/** Directions weaker than this part of the strongest, squared, are rounding of float32. */
const NO_DIRECTION = 1e-12;

/**
 * Independent component analysis: turns the first k SVD components so that their patterns (or maps) are as far from normal, and so as
 * independent of each other, as they can be.
 *
 * FastICA: centre, whiten, then w ← E[z g(wᵀz)] − E[g′(wᵀz)] w, orthogonal to each other. Several starts; the one with the largest
 * negentropy is returned. Values may be negative; patterns that share reflections or a direct beam are not independent, and come out
 * mixed (docs/methods/ica.md). X is not read.
 *
 * Order: ‖loading‖·‖factor‖, largest first. Sign: the value of a factor that is largest in magnitude is positive.
 *
 * @param svd  decomposition of the scan; with masked pixels or positions give the same masks here
 * @returns    see {@link Ica}; loadings k × positions, factors k × pixels
 * @throws ShapeError components out of range, or more than the directions in which the values vary; a mask of another size
 * @throws DataError  a value is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Hyvärinen, IEEE Trans. Neural Netw. 10 (1999) 626, equations 20 (deflation), 26 and 37 (parallel)
 * @example
 * const { factors, stability } = ica(found, { components: 3, seed: 1 });
 */
export function ica(svd: Svd, options: IcaOptions): Ica {
  const { components: k, of = "patterns", differences = false, starts = 5, seed, signal, onProgress } = options;
  const available = svd.singularValues.length;
  if (!(Number.isInteger(k) && k >= 1 && k <= available)) {
    throw new ShapeError(`ica: expected components from 1 to the SVD's ${available}, found ${k}`, {
      expected: [1, available],
      got: k,
    });
  }
  const side: Images | Patterns = of === "patterns" ? svd.factors : svd.loadings;
  const used = usedOf(side, of === "patterns" ? options.pixels : options.positions);
  requireFinite(
    "ica",
    side.values.subarray(0, k * area(side.size)),
    area(side.size),
    of === "maps" ? "position" : "pixel",
  );
  const samples = differences ? neighbourDifferences(side, k, used) : valuesOf(side, k, used);
  const white = whitened(samples, k);
  const draw = random(seed);
  const { contrast = "logcosh", tolerance = 1e-10, maximumIterations = 500 } = options;
  const fastIca = options.algorithm === "deflation" ? deflation : parallel;
  const roughly = { contrast, tolerance: Math.max(tolerance, ROUGHLY), maximumIterations: 150, signal };
  const found = Array.from({ length: k === 1 ? 1 : Math.max(1, starts) }, (_, start) => {
    signal?.throwIfAborted();
    const ended = fastIca(white, directions(k, draw), roughly);
    onProgress?.("ica", (start + 1) / (Math.max(1, starts) + 1));
    return { ...ended, negentropy: negentropy(white, ended.directions, contrast) };
  });
  const chosen = found.reduce((most, next) => (next.negentropy > most.negentropy * (1 + 1e-9) ? next : most));
  const best = fastIca(white, chosen.directions, { contrast, tolerance, maximumIterations, signal });
  onProgress?.("ica", 1);
  const turned = turn(svd, product(best.directions, white.whitening, k), k, of, used);
  const stability = new Float64Array(k);
  for (const other of found) {
    const cosines = matched(best.directions, other.directions, k);
    for (let t = 0; t < k && other !== chosen; t++) stability[t] += cosines[turned.order[t]] / (found.length - 1);
  }
  return Object.freeze({
    loadings: turned.loadings,
    factors: turned.factors,
    unmixing: turned.unmixing,
    offsets: turned.offsets,
    iterations: chosen.iterations + best.iterations,
    converged: best.converged,
    stability: found.length > 1 ? stability : stability.fill(1),
  });
}

function usedOf(side: Images | Patterns, mask: Uint8Array | undefined): Uint8Array {
  const length = area(side.size);
  if (mask && mask.length !== length) {
    throw new ShapeError(`ica: expected a mask of ${side.size.join("×")} values, found ${mask.length}`, {
      expected: length,
      got: mask.length,
    });
  }
  return mask ?? new Uint8Array(length).fill(1);
}

/** Samples × k of the values that count. */
function valuesOf(side: Images | Patterns, k: number, used: Uint8Array): Float64Array {
  const samples = new Float64Array(used.length * k);
  let at = 0;
  for (let x = 0; x < used.length; x++) {
    if (!used[x]) continue;
    for (let t = 0; t < k; t++) samples[at++] = side.values[t * used.length + x];
  }
  return samples.subarray(0, at);
}

/** Samples × k: each value less the one above it, then less the one to its left, where both count. */
function neighbourDifferences(side: Images | Patterns, k: number, used: Uint8Array): Float64Array {
  const [, columns] = side.size;
  const samples = new Float64Array(2 * used.length * k);
  let at = 0;
  // In one column both steps are the same.
  for (const step of columns > 1 ? [columns, 1] : [1]) {
    for (let x = step; x < used.length; x++) {
      const wraps = x % columns < step % columns;
      if (!used[x] || !used[x - step] || wraps) continue;
      for (let t = 0; t < k; t++) {
        const row = t * used.length + x;
        samples[at++] = side.values[row] - side.values[row - step];
      }
    }
  }
  return samples.subarray(0, at);
}

function whitened(samples: Float64Array, k: number): Whitened & { readonly whitening: Float64Array } {
  const count = samples.length / k;
  const mean = new Float64Array(k);
  for (let i = 0; i < samples.length; i++) mean[i % k] += samples[i] / count;
  const covariance = new Float64Array(k * k);
  let largest = 0;
  for (let at = 0; at < samples.length; at += k) {
    for (let i = 0; i < k; i++) {
      largest = Math.max(largest, samples[at + i] ** 2);
      for (let j = 0; j < k; j++) {
        covariance[i * k + j] += ((samples[at + i] - mean[i]) * (samples[at + j] - mean[j])) / count;
      }
    }
  }
  const { values, vectors } = symmetricEigen(covariance, k);
  let rank = 0;
  while (rank < k && values[rank] > NO_DIRECTION * values[0]) rank++;
  if (rank < k) {
    throw new ShapeError(`ica: expected components up to ${rank} (directions in which the values vary), found ${k}`, {
      expected: [1, rank],
      got: k,
    });
  }
  const whitening = vectors.map((value, i) => value / Math.sqrt(values[Math.floor(i / k)]));
  const white = new Float64Array(samples.length);
  for (let at = 0; at < samples.length; at += k) {
    for (let i = 0; i < k; i++) {
      let sum = 0;
      for (let j = 0; j < k; j++) sum += whitening[i * k + j] * (samples[at + j] - mean[j]);
      white[at + i] = sum;
    }
  }
  return { samples: white, k, whitening };
}

const directions = (k: number, { normal }: Random): Float64Array => Float64Array.from({ length: k * k }, normal);

interface Turned extends Pick<Ica, "loadings" | "factors" | "unmixing" | "offsets"> {
  /** Which direction became each component. */
  readonly order: readonly number[];
}

/** The SVD turned by the unmixing, scaled, signed and ordered. */
function turn(svd: Svd, rough: Float64Array, k: number, of: "patterns" | "maps", used: Uint8Array): Turned {
  const [independent, other] = of === "patterns" ? [svd.factors, svd.loadings] : [svd.loadings, svd.factors];
  const offsets = new Float64Array(k);
  const unmixing = rough.slice();
  const rows = combined(rough, independent, k);
  const count = used.reduce((sum, value) => sum + (value ? 1 : 0), 0);
  for (let t = 0; t < k; t++) {
    const row = rows[t];
    const mean = row.reduce((sum, value, x) => sum + (used[x] ? value : 0), 0) / count;
    const square = row.reduce((sum, value, x) => sum + (used[x] ? (value - mean) ** 2 : 0), 0) / count;
    const scale = 1 / Math.sqrt(square);
    for (let x = 0; x < row.length; x++) row[x] = used[x] ? scale * (row[x] - mean) : 0;
    for (let j = 0; j < k; j++) unmixing[t * k + j] *= scale;
    offsets[t] = scale * mean;
  }
  const others = combined(transposed(inverseOf(unmixing, k)!.inverse, k), other, k);
  // The independent halves all have the same norm.
  const norms = others.map((row) => row.reduce((sum, value) => sum + value * value, 0));
  const order = Array.from(norms.keys()).sort((a, b) => norms[b] - norms[a] || a - b);
  const signs = order.map((t) => signOfLargest(of === "patterns" ? rows[t] : others[t]));
  const gathered = (from: readonly Float64Array[]): Float32Array => {
    const length = from[0].length;
    const values = new Float32Array(k * length);
    order.forEach((t, to) => {
      for (let x = 0; x < length; x++) values[to * length + x] = signs[to] * from[t][x];
    });
    return values;
  };
  const halves = of === "patterns" ? [others, rows] : [rows, others];
  return {
    loadings: images(svd.loadings.size, gathered(halves[0])),
    factors: patterns(svd.factors.size, gathered(halves[1])),
    unmixing: Float64Array.from(unmixing, (_, i) => {
      const to = Math.floor(i / k);
      return signs[to] * unmixing[order[to] * k + (i % k)];
    }),
    offsets: Float64Array.from(order, (t, to) => signs[to] * offsets[t]),
    order,
  };
}

/** Combinations of the first k items of a stack, in float64. */
function combined(coefficients: Float64Array, stack: Images | Patterns, k: number): Float64Array[] {
  const length = area(stack.size);
  return Array.from({ length: k }, (_, t) => {
    const row = new Float64Array(length);
    for (let j = 0; j < k; j++) {
      const c = coefficients[t * k + j];
      for (let x = 0; x < length; x++) row[x] += c * stack.values[j * length + x];
    }
    return row;
  });
}

function signOfLargest(values: Float64Array): 1 | -1 {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? -1 : 1;
}

/** For each direction of one start, |cos| to its partner in another: the best pairs first, each taken once. */
function matched(one: Float64Array, other: Float64Array, k: number): Float64Array {
  const pairs: { i: number; j: number; cosine: number }[] = [];
  for (let i = 0; i < k; i++) {
    for (let j = 0; j < k; j++) {
      let dot = 0;
      for (let l = 0; l < k; l++) dot += one[i * k + l] * other[j * k + l];
      pairs.push({ i, j, cosine: Math.min(1, Math.abs(dot)) });
    }
  }
  pairs.sort((a, b) => b.cosine - a.cosine);
  const result = new Float64Array(k);
  const [taken, given] = [new Set<number>(), new Set<number>()];
  for (const { i, j, cosine } of pairs) {
    if (taken.has(i) || given.has(j)) continue;
    taken.add(i);
    given.add(j);
    result[i] = cosine;
  }
  return result;
}
