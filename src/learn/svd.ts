import { combine } from "../algebra/combine.ts";
import { gram } from "../algebra/gram.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, images, patterns, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { closed, type Found, type KrylovOptions, krylov } from "./block-krylov.ts";
import { brightest, fromBrightPixels } from "./bright-pixels.ts";
import { requireFinite } from "./finite.ts";
import type { Svd } from "./results.ts";

export interface SvdOptions extends Watch {
  /** Singular values wanted, 1 … min(positions, pixels). */
  readonly components: number;
  /** Patterns that each read carries, default: a quarter of `components` + 10, a multiple of 4; twice that above 2³¹ values. Narrow blocks need more reads and fewer products. */
  readonly width?: number;
  /** Relative error allowed in any singular value, as predicted from its last steps, default 2·10⁻³. The leading ones are far better. */
  readonly tolerance?: number;
  /** Most reads of the scan by the iteration, default 32. */
  readonly maximumReads?: number;
  /** Integer for the start patterns. */
  readonly seed: number;
}

/**
 * Truncated singular value decomposition X ≈ U S Vᵀ: loadings U·S, factors V.
 *
 * A randomised block Krylov method ({@link krylov}). Blocks only give directions, so from the third on they are multiplied
 * coarsely; loadings and singular values come from a closing read in full. Where an eighth of the pixels holds most of ‖X‖², the
 * iteration sees these alone, and the whole scan is read there and back once more ({@link fromBrightPixels}). Else
 * 20 values of a flat noise tail to 2·10⁻³ take some 20 reads of eight patterns, where subspace iteration
 * needs a dozen of thirty; strong components are exact after three.
 * Where min(positions, pixels) is not far above `components`, the smaller side is decomposed whole, in one read.
 *
 * Not centred: pass {@link centred} scans for principal components. One more read gives the total, ‖X‖².
 * Sign: the entry of a loading that is largest in magnitude is positive, as in HyperSpy. An X of zeros has singular values 0,
 * zero loadings and zero factors. Fewer than `components` directions may exist: those missing are zero too.
 *
 * @param scan     X: positions × pixels
 * @returns        loadings k × positions [units of X]; factors k × pixels, orthonormal [1]; singular values [units of X]
 * @throws ShapeError components outside 1 … min(positions, pixels)
 * @throws DataError  X holds a value that is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @see Musco & Musco, Adv. Neural Inf. Process. Syst. 28 (2015) 1396, algorithm 2; Halko, Martinsson & Tropp, SIAM Rev. 53 (2011) 217
 * @example
 * const { singularValues, factors } = await svd(scan, { components: 20, seed: 1 });
 */
export async function svd(scan: Scan, options: SvdOptions): Promise<Svd> {
  const { components, signal, onProgress } = options;
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const smaller = Math.min(positions, pixels);
  if (!(Number.isInteger(components) && components >= 1 && components <= smaller)) {
    throw new ShapeError(
      `svd: expected components from 1 to ${smaller} (the smaller of positions and pixels), found ${components}`,
      { expected: [1, smaller], got: components },
    );
  }
  signal?.throwIfAborted();
  onProgress?.("svd", 0);
  const squares = scan.selected && (await squaredPixels(scan));
  const total = squares ? sumOf(squares) : await squaredNorm(scan);
  const { width = blockWidth(components, positions * pixels), tolerance = 2e-3, maximumReads = 32 } = options;
  const found = await decomposed(scan, squares, { ...options, width, tolerance, maximumReads });
  onProgress?.("svd", 1);
  return svdOf(scan, found, components, total);
}

async function decomposed(scan: Scan, squares: Float32Array | undefined, options: KrylovOptions): Promise<Found> {
  const { components, width, tolerance } = options;
  const smaller = Math.min(area(scan.positions), area(scan.pixels));
  // Decomposing the smaller side whole costs as much as `smaller` / `width` reads.
  if (smaller <= Math.max(6 * width, SMALL)) return whole(scan, components);
  const bright = squares && tolerance >= SURE ? brightest(squares, components) : undefined;
  const refined = bright && (await fromBrightPixels(scan, bright, options));
  if (refined) return refined;
  const { right, reads } = await krylov(scan, options);
  return right.length === 0 ? nothing : closed(scan, right, components, reads + 1);
}

/** More values than few memories hold: each read then costs more than what is multiplied in it. */
const LARGE = 2 ** 31;

/**
 * Patterns that a read carries for so many singular values of a scan of so many values. Never fixed by what is kept in memory, on which no bit
 * of a result may depend.
 */
export const blockWidth = (components: number, values: number): number =>
  (values > LARGE ? 8 : 4) * Math.ceil((components + 10) / 16);

/** Tighter tolerances than this are met the long way. */
const SURE = 1e-3;

/** A side so small is decomposed whole, whatever the width. */
const SMALL = 60;

const nothing: Found = { values: new Float64Array(), left: new Float32Array(), right: new Float32Array(), reads: 1 };

/** Σ x² of each pixel: one read. Undefined where float32 cannot hold them, as before huge weights of positions meet tiny ones of pixels. */
async function squaredPixels(scan: Scan): Promise<Float32Array | undefined> {
  const ones = images(scan.positions, new Float32Array(area(scan.positions)).fill(1));
  const { values } = await scan.squared().toPatterns(ones);
  return values.every(Number.isFinite) ? values : undefined;
}

/** ‖X‖²: one read. */
async function squaredNorm(scan: Scan): Promise<number> {
  const { values } = await scan.squared().toImages(patterns(scan.pixels, new Float32Array(area(scan.pixels)).fill(1)));
  requireFinite("svd", values, values.length, "position");
  return sumOf(values);
}

const sumOf = (values: Float32Array): number => values.reduce((sum, value) => sum + value, 0);

/** Decomposes the smaller side whole: X itself, as that many patterns or images. One read. */
async function whole(scan: Scan, components: number): Promise<Found> {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const short = Math.min(positions, pixels);
  const identity = new Float32Array(short * short);
  for (let i = 0; i < short; i++) identity[i * short + i] = 1;
  const rows =
    positions <= pixels
      ? (await scan.toPatterns(images(scan.positions, identity))).values
      : (await scan.toImages(patterns(scan.pixels, identity))).values;
  const length = rows.length / short;
  requireFinite("svd", rows, length, positions <= pixels ? "pixel" : "position");
  const { values: squared, vectors } = symmetricEigen(gram(rows, rows, length), short);
  let count = 0;
  // Smaller eigenvalues are the rounding of the float64 Gram matrix.
  while (count < components && squared[count] > 1e-14 * squared[0]) count++;
  const values = squared.slice(0, count).map(Math.sqrt);
  const own = vectors.slice(0, count * short);
  const other = combine(
    own.map((value, i) => value / values[Math.floor(i / short)]),
    rows,
    length,
  );
  const [left, right] = positions <= pixels ? [Float32Array.from(own), other] : [other, Float32Array.from(own)];
  return { values, left, right, reads: 1 };
}

function svdOf(scan: Scan, found: Found, components: number, squaredNorm: number): Svd {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const singularValues = new Float64Array(components);
  singularValues.set(found.values.subarray(0, components));
  const loadings = new Float32Array(components * positions);
  const factors = new Float32Array(components * pixels);
  let kept = 0;
  found.values.subarray(0, components).forEach((value, i) => {
    kept += value * value;
    const left = found.left.subarray(i * positions, (i + 1) * positions);
    const sign = signOfLargest(left);
    for (let x = 0; x < positions; x++) loadings[i * positions + x] = sign * value * left[x];
    for (let x = 0; x < pixels; x++) factors[i * pixels + x] = sign * found.right[i * pixels + x];
  });
  // Rounding of float32 sums must not make ratios sum to more than one.
  const total = Math.max(squaredNorm, kept);
  return Object.freeze({
    loadings: images(scan.positions, loadings),
    factors: patterns(scan.pixels, factors),
    singularValues,
    explained: singularValues.map((value) => (total > 0 ? (value * value) / total : 0)),
    total,
    reads: found.reads + 1,
  });
}

function signOfLargest(values: Float32Array): 1 | -1 {
  let largest = 0;
  for (const value of values) if (Math.abs(value) > Math.abs(largest)) largest = value;
  return largest < 0 ? -1 : 1;
}
