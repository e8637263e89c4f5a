import { combine, recombine } from "../algebra/combine.ts";
import { gram } from "../algebra/gram.ts";
import { orthonormal } from "../algebra/orthonormal.ts";
import { random } from "../algebra/random.ts";
import { symmetricEigen, symmetricEigenvalues } from "../algebra/symmetric-eigen.ts";
import { area, coarse, images, patterns, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { power } from "../scan/sweep.ts";
import { requireFinite } from "./finite.ts";
import { awayFrom, bordered, coordinates, withColumns } from "./krylov-basis.ts";

export interface KrylovOptions extends Watch {
  readonly components: number;
  /** Patterns that each read carries. */
  readonly width: number;
  /** Relative error allowed in any singular value, as predicted from its last steps. */
  readonly tolerance: number;
  readonly maximumReads: number;
  readonly seed: number;
}

/** Singular triplets, left vectors × positions and right vectors × pixels, both of unit length, as rows. */
export interface Found {
  readonly values: Float64Array;
  readonly left: Float32Array;
  readonly right: Float32Array;
  readonly reads: number;
}

/** Reads of X on one of its sides: with blocks of patterns, there and back in one, or with blocks of images, in two. */
interface Side {
  readonly length: number;
  /** XᵀX·Q, or XXᵀ·Q, in full or coarsely. */
  power(block: Float32Array, scan: Scan): Promise<Float32Array>;
  /** A block of random directions: what X never shows, such as masked pixels, is in none. */
  start(scan: Scan, count: number, seed: number): Promise<Float32Array>;
  /** The right vectors that directions of this side stand for. */
  right(directions: Float32Array): Promise<Float32Array>;
  readonly readsEach: number;
}

/** So many times more pixels than positions, and blocks are of images: what is kept and made orthogonal is so many times shorter. */
const LOPSIDED = 8;

function sideOf(scan: Scan): Side {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  if (LOPSIDED * positions >= pixels) {
    return {
      length: pixels,
      async power(block, scan) {
        const operand = patterns(scan.pixels, block);
        const { values } = await power(scan, operand);
        // A position that is not finite makes all sums so: seen again, to tell which.
        if (!values.every(Number.isFinite))
          requireFinite("svd", (await scan.toImages(operand)).values, positions, "position");
        return values;
      },
      start: seenAtRandom,
      right: async (directions) => directions,
      readsEach: 1,
    };
  }
  return {
    length: positions,
    async power(block, scan) {
      const { values } = await scan.toImages(await scan.toPatterns(images(scan.positions, block)));
      requireFinite("svd", values, positions, "position");
      return values;
    },
    async start(scan, count, seed) {
      const { normal } = random(seed);
      const values = Float32Array.from({ length: count * pixels }, normal);
      return (await scan.toImages(patterns(scan.pixels, values))).values;
    },
    right: async (directions) => (await scan.toPatterns(images(scan.positions, directions))).values,
    readsEach: 2,
  };
}

/**
 * Directions of the largest singular values by a randomised block Krylov method.
 *
 * Each read takes the block Q to Y = XᵀX·Q; the next block is Y made orthogonal to all blocks before, and the answer is the best in the
 * span of all of them (Rayleigh–Ritz). Where there are far more pixels than positions, blocks are of images instead, Y = XXᵀ·Q.
 *
 * @returns right vectors as rows, at most `components`, each of some length; how often X was read
 * @see Musco & Musco, Adv. Neural Inf. Process. Syst. 28 (2015) 1396, algorithm 2
 */
export async function krylov(
  scan: Scan,
  { components, width, tolerance, maximumReads, seed, signal, onProgress }: KrylovOptions,
): Promise<{ readonly right: Float32Array; readonly reads: number }> {
  const smaller = Math.min(area(scan.positions), area(scan.pixels));
  const side = sideOf(scan);
  const { length } = side;
  const directions = coarse(scan);
  const basis: Float32Array[] = [];
  // XᵀX·Q of the first blocks: what others share with the strong components is told by these, not by rounded directions.
  const full: Float32Array[] = [];
  let projected: Float64Array = new Float64Array(0);
  const history: Float64Array[] = [];
  const lag = Math.max(1, Math.round(STEP / width));
  let block = orthonormal(await side.start(directions, Math.min(width, smaller), seed), length);
  if (block.length === 0) return { right: block, reads: 1 };
  for (let reads = 2; ; reads++) {
    signal?.throwIfAborted();
    // The strong components are in the first two blocks, and rounding of the strong would hide the weak.
    const inFull = reads <= EXACT_READS + 1;
    const powered = await side.power(block, inFull ? scan : directions);
    basis.push(block);
    const inBasis = coordinates(powered, basis, length);
    const added = block.length / length;
    projected = bordered(projected, withColumns(inBasis, coordinates(block, full, length), added), added);
    if (inFull) full.push(powered);
    const count = Math.sqrt(projected.length);
    const values = symmetricEigenvalues(projected, count).map((value) => Math.sqrt(Math.max(0, value)));
    history.unshift(values);
    onProgress?.("svd", reads / (maximumReads + 1));
    const enough =
      reads >= maximumReads ||
      count >= smaller ||
      stoodStill(history, tolerance, components) ||
      predictedError(values, history[lag], history[2 * lag], components) <= tolerance;
    if (!enough) block = awayFrom(basis, inBasis, powered, length);
    if (enough || block.length === 0) {
      const { vectors } = symmetricEigen(projected, count);
      const found = combine(vectors.subarray(0, components * count), basis, length);
      return { right: await side.right(found), reads: side.readsEach * (reads - 1) + 1 };
    }
  }
}

/** Sweeps that are taken in full. */
const EXACT_READS = 2;
/** Patterns that a step of the extrapolation takes: where blocks are narrow, one read alone may stand still before the next direction comes. */
const STEP = 16;

/** Part of the tolerance that a value may move in a read while it stands still. */
const STILL = 1e-3;

/** Whether no wanted value has moved in the last two reads: strong components are there after three or four, however narrow the block. */
function stoodStill(history: readonly Float64Array[], tolerance: number, components: number): boolean {
  const [now, , before] = history;
  if (!before || before.length < components) return false;
  return now.subarray(0, components).every((value, i) => value - before[i] <= STILL * tolerance * value);
}

/** Random images, seen as patterns: what X never shows, such as masked pixels, is in none. One read. */
export async function seenAtRandom(scan: Scan, count: number, seed: number): Promise<Float32Array> {
  const { normal } = random(seed);
  const start = Float32Array.from({ length: count * area(scan.positions) }, normal);
  return (await scan.toPatterns(images(scan.positions, start))).values;
}

/**
 * Largest relative error that the wanted values still have, if their steps go on shrinking as the last two did
 * (Aitken's extrapolation). Values only grow from read to read.
 */
export function predictedError(
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

/** Loadings X·V of the right vectors found, turned so that they are orthogonal, the largest `components` of them. One read, in full. */
export async function closed(scan: Scan, right: Float32Array, components: number, reads: number): Promise<Found> {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const basis = orthonormal(right, pixels);
  const seen = (await scan.toImages(patterns(scan.pixels, basis))).values;
  requireFinite("svd", seen, positions, "position");
  const count = basis.length / pixels;
  const { values: squared, vectors } = symmetricEigen(gram(seen, seen, positions), count);
  let rank = 0;
  while (rank < Math.min(count, components) && squared[rank] > 1e-14 * squared[0]) rank++;
  const values = squared.slice(0, rank).map(Math.sqrt);
  const turned = vectors.slice(0, rank * count);
  return {
    values,
    // In place: both together would be the most that a scan of many positions takes.
    left: recombine(
      turned.map((value, i) => value / values[Math.floor(i / count)]),
      seen,
      positions,
    ),
    right: combine(turned, basis, pixels),
    reads,
  };
}
