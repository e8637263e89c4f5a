import { gram, type Stack } from "../algebra/gram.ts";
import { random } from "../algebra/random.ts";
import { ShapeError } from "../scan/errors.ts";
import type { Watch } from "../scan/source.ts";
import { type Descents, followed, refinedStart } from "./coarse-to-fine.ts";
import { descendFactors } from "./coordinate-descent.ts";
import { type FactorSpace, factorSpace, narrowed, thinned } from "./factor-space.ts";
import { patternsAt, purePatterns } from "./nmf-starts.ts";
import { nndsvdFactors } from "./nndsvd.ts";
import type { Svd } from "./results.ts";

export interface NmfErrorsOptions extends Watch {
  /** Errors are found for 1, 2, … this many components; at most those of the SVD. */
  readonly components: number;
  readonly seed: number;
}

/** Singular components used beyond the wanted ones. */
const MARGIN = 4;
/** Most of the work is done on this much of the scan. */
const [PART_POSITIONS, PART_PIXELS] = [1500, 2500];

/**
 * ‖X − loadingsᵀ·factors‖ of non-negative factorisations with 1, 2, … `components` components, X seen through its SVD.
 *
 * For choosing a number of components: exact enough for that (10⁻⁵ or so above what {@link nmf} ends with), X is not read.
 * Each number starts from NNDSVD, from successive projection, and from the factors of one component less with the pattern
 * that these describe worst, so errors never rise with the number of components.
 *
 * @param svd  uncentred SVD of X, best with a few components more than `components`
 * @returns the error of each number of components, "1", "2", … [units of X]
 * @throws ShapeError components outside 1 … components of the SVD
 * @example
 * const errors = nmfErrors(found, { components: 6, seed: 1 });
 */
export function nmfErrors(
  svd: Svd,
  { components, seed, signal, onProgress }: NmfErrorsOptions,
): Readonly<Record<string, number>> {
  const available = svd.singularValues.length;
  if (!(Number.isInteger(components) && components >= 1 && components <= available)) {
    throw new ShapeError(`nmfErrors: expected components from 1 to the SVD's ${available}, found ${components}`, {
      expected: [1, available],
      got: components,
    });
  }
  const errors: Record<string, number> = {};
  const all = factorSpace(svd, components + MARGIN);
  const part = thinned(all, PART_POSITIONS, PART_PIXELS);
  // One for all numbers: in many positions that of each would be garbage as large as the SVD.
  const room = new Float64Array(all.a.length);
  let least = Infinity;
  let before: Float64Array | undefined;
  for (let k = 1; k <= components; k++) {
    signal?.throwIfAborted();
    if (all.rank === 0) {
      errors[k] = 0;
      continue;
    }
    const [space, own] = [narrowed(all, k + MARGIN), narrowed(part, k + MARGIN)];
    const starts: Stack[] = [nndsvdFactors(svd, { components: k }).values];
    if (before) starts.push(purePatterns(space, k, random(seed, k), room), grown(space, before));
    const followings = starts.map((start) => followed(space, own, start, k, { maximumIterations: 30, signal }));
    const best = followings.reduce((a, b) => (b.objective < a.objective ? b : a));
    const last: Descents = { tolerance: 1e-6, maximumIterations: 20, signal };
    const whole = descendFactors(space, refinedStart(space, own, best, k, last).start, k, last);
    before = whole.factors;
    least = Math.min(least, whole.objective);
    errors[k] = least;
    onProgress?.("nmf errors", k / components);
  }
  return Object.freeze(errors);
}

/** Factors of one component less, and the pattern of the position that lies farthest from their span. */
function grown(space: FactorSpace, before: Float64Array): Float64Array {
  const { rank, v, a, pixels, positions } = space;
  // The factors as points of the SVD space, made orthonormal one after another.
  const points = gram(before, v, pixels);
  const axes: Float64Array[] = [];
  for (let at = 0; at < points.length; at += rank) {
    const axis = points.slice(at, at + rank);
    for (const other of axes) remove(axis, other);
    const norm = Math.hypot(...axis);
    if (norm > 0) axes.push(axis.map((x) => x / norm));
  }
  let farthest = 0;
  let largest = -1;
  const point = new Float64Array(rank);
  for (let i = 0; i < positions; i++) {
    for (let c = 0; c < rank; c++) point[c] = a[c * positions + i];
    for (const axis of axes) remove(point, axis);
    let squared = 0;
    for (let c = 0; c < rank; c++) squared += point[c] * point[c];
    if (squared > largest) [farthest, largest] = [i, squared];
  }
  const factors = new Float64Array(before.length + pixels);
  factors.set(before);
  factors.set(patternsAt(space, [farthest]), before.length);
  return factors;
}

function remove(point: Float64Array, axis: Float64Array): void {
  let along = 0;
  for (let c = 0; c < point.length; c++) along += point[c] * axis[c];
  for (let c = 0; c < point.length; c++) point[c] -= along * axis[c];
}
