import { combine } from "../algebra/combine.ts";
import { gram } from "../algebra/gram.ts";
import { orthonormal } from "../algebra/orthonormal.ts";
import { random } from "../algebra/random.ts";
import { symmetricEigen, symmetricEigenvalues } from "../algebra/symmetric-eigen.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, coarse, images, patterns, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { sweep } from "../scan/sweep.ts";
import { requireFinite } from "./finite.ts";
import { awayFrom, bordered, coordinates } from "./krylov-basis.ts";
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
 * A randomised block Krylov method. Each read takes the block Q to Y = XᵀX·Q; the next block is Y made orthogonal to all
 * blocks before, and the answer is the best in the span of all of them (Rayleigh–Ritz). Blocks only give directions, so from
 * the third on they are multiplied {@link coarse}ly; loadings and singular values come from a closing read in full.
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
  const total = await squaredNorm(scan);
  const { width = blockWidth(components, positions * pixels) } = options;
  // Decomposing the smaller side whole costs as much as `smaller` / `width` reads.
  const found =
    smaller <= Math.max(6 * width, SMALL)
      ? await whole(scan, components)
      : await krylov(scan, Math.min(width, smaller), options);
  onProgress?.("svd", 1);
  return svdOf(scan, found, components, total);
}

/** More values than few memories hold: each read then costs more than what is multiplied in it. */
const LARGE = 2 ** 31;

/**
 * Patterns that a read carries for so many singular values of a scan of so many values. Never fixed by what is kept in memory, on which no bit
 * of a result may depend.
 */
export const blockWidth = (components: number, values: number): number =>
  (values > LARGE ? 8 : 4) * Math.ceil((components + 10) / 16);

/** A side so small is decomposed whole, whatever the width. */
const SMALL = 60;

/** Singular triplets, left vectors × positions and right vectors × pixels, both of unit length, as rows. */
interface Found {
  readonly values: Float64Array;
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly reads: number;
}

/** ‖X‖²: one read. */
async function squaredNorm(scan: Scan): Promise<number> {
  const { values } = await scan.squared().toImages(patterns(scan.pixels, new Float32Array(area(scan.pixels)).fill(1)));
  requireFinite("svd", values, values.length, "position");
  return values.reduce((sum, value) => sum + value, 0);
}

async function krylov(scan: Scan, width: number, options: SvdOptions): Promise<Found> {
  const { components, tolerance = 2e-3, maximumReads = 32, seed, signal, onProgress } = options;
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const directions = coarse(scan);
  const { normal } = random(seed);
  // Random images, seen as patterns: what X never shows, such as masked pixels, is in no block.
  const start = Float32Array.from({ length: width * positions }, normal);
  const seen = await directions.toPatterns(images(scan.positions, start));
  const basis: Float32Array[] = [];
  let projected: Float64Array = new Float64Array(0);
  const history: Float64Array[] = [];
  const lag = Math.max(1, Math.round(STEP / width));
  let block = orthonormal(seen.values, pixels);
  if (block.length === 0) return nothing;
  for (let reads = 2; ; reads++) {
    signal?.throwIfAborted();
    // The strong components are in the first two blocks, and rounding of the strong would hide the weak.
    const swept = await sweep(reads > EXACT_READS + 1 ? directions : scan, patterns(scan.pixels, block));
    requireFinite("svd", swept.images.values, positions, "position");
    basis.push(block);
    const powered = swept.patterns.values;
    const inBasis = coordinates(powered, basis, pixels);
    projected = bordered(projected, inBasis, block.length / pixels);
    const count = Math.sqrt(projected.length);
    const values = symmetricEigenvalues(projected, count).map((value) => Math.sqrt(Math.max(0, value)));
    history.unshift(values);
    onProgress?.("svd", reads / (maximumReads + 1));
    const enough =
      reads >= maximumReads ||
      count >= Math.min(positions, pixels) ||
      predictedError(values, history[lag], history[2 * lag], components) <= tolerance;
    if (!enough) block = awayFrom(basis, inBasis, powered, pixels);
    if (enough || block.length === 0) {
      const { vectors } = symmetricEigen(projected, count);
      return closed(scan, combine(vectors.subarray(0, components * count), basis, pixels), reads + 1);
    }
  }
}

const nothing: Found = { values: new Float64Array(), left: new Float32Array(), right: new Float32Array(), reads: 1 };

/** Sweeps that are taken in full. */
const EXACT_READS = 2;
/** Patterns that a step of the extrapolation takes: where blocks are narrow, one read alone may stand still before the next direction comes. */
const STEP = 16;

/**
 * Largest relative error that the wanted values still have, if their steps go on shrinking as the last two did
 * (Aitken's extrapolation). Values only grow from read to read.
 */
function predictedError(
  now: Float64Array,
  before: Float64Array | undefined,
  beforeThat: Float64Array | undefined,
  components: number,
): number {
  if (!before || !beforeThat) return Infinity;
  let worst = 0;
  for (let i = 0; i < components; i++) {
    const step = (now[i] ?? 0) - (before[i] ?? 0);
    // Below 10⁻⁶ of the largest value float32 rounding decides; steps there say nothing.
    if (!(step > 1e-6 * now[0])) continue;
    const ratio = step / Math.max(step, (before[i] ?? 0) - (beforeThat[i] ?? 0));
    worst = Math.max(worst, ratio < 1 ? ((step / now[i]) * ratio) / (1 - ratio) : Infinity);
  }
  return worst;
}

/** Loadings X·V of the right vectors found, turned so that they are orthogonal. One read, in full. */
async function closed(scan: Scan, right: Float32Array, reads: number): Promise<Found> {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const basis = orthonormal(right, pixels);
  const seen = (await scan.toImages(patterns(scan.pixels, basis))).values;
  requireFinite("svd", seen, positions, "position");
  const count = basis.length / pixels;
  const { values: squared, vectors } = symmetricEigen(gram(seen, seen, positions), count);
  let rank = 0;
  while (rank < count && squared[rank] > 1e-14 * squared[0]) rank++;
  const values = squared.slice(0, rank).map(Math.sqrt);
  const turned = vectors.slice(0, rank * count);
  return {
    values,
    left: combine(
      turned.map((value, i) => value / values[Math.floor(i / count)]),
      seen,
      positions,
    ),
    right: combine(turned, basis, pixels),
    reads,
  };
}

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
  singularValues.set(found.values);
  const loadings = new Float32Array(components * positions);
  const factors = new Float32Array(components * pixels);
  let kept = 0;
  found.values.forEach((value, i) => {
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
