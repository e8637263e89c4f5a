import { combine } from "../algebra/combine.ts";
import { gram } from "../algebra/gram.ts";
import { orthonormal } from "../algebra/orthonormal.ts";
import { symmetricEigen, symmetricEigenvalues } from "../algebra/symmetric-eigen.ts";
import { area, coarse, patterns, type Scan } from "../scan/scan.ts";
import { sweep } from "../scan/sweep.ts";
import { closed, type Found, type KrylovOptions, krylov, predictedError, seenAtRandom } from "./block-krylov.ts";

/** Of all pixels. */
const PART = 1 / 8;
/** Of ‖X‖²: where the brightest hold less, noise lies in the others as well. */
const SHARE = 0.8;

/**
 * The brightest eighth of the pixels, ascending; undefined where they hold less than 80 % of ‖X‖², or are too few to decompose.
 *
 * @param squares  Σ x² of each pixel
 */
export function brightest(squares: Float32Array, components: number): Uint32Array | undefined {
  const count = Math.ceil(squares.length * PART);
  if (count < 4 * (components + SPARE)) return undefined;
  const least = squares.slice().sort()[squares.length - count];
  let equal = count - squares.reduce((above, value) => above + (value > least ? 1 : 0), 0);
  const chosen = Uint32Array.from(squares.keys()).filter(
    (pixel) => squares[pixel] > least || (squares[pixel] === least && equal-- > 0),
  );
  const held = chosen.reduce((sum, pixel) => sum + squares[pixel], 0);
  const all = squares.reduce((sum, value) => sum + value, 0);
  return all > 0 && held >= SHARE * all ? chosen : undefined;
}

/** Directions beyond those wanted: of all pixels, at random, for what bright pixels do not show. */
const SPARE = 4;
/** The steps of directions in dark pixels shrink at several rates: what the first two of them predict is three times too little. */
const CAUTION = 1 / 4;
/** Errors above so many times the tolerance are not mended by one read more. */
const HOPELESS = 5;
/** Who allows fewer reads than this takes values that still move. */
const PATIENT = 12;
/** Sweeps of the whole scan after which it is decomposed as if nothing were known. */
const ATTEMPTS = 2;

/**
 * The SVD from that of its bright pixels. Counting noise is largest where counts are, so the many weak singular values that take the time
 * differ little from those of the bright pixels alone, which cost an eighth. One read of all pixels, there and back, gives their share in
 * the dark ones; the closing read tells whether another is needed.
 *
 * Each half of a read only raises the values, so their steps are judged from half to half. What rises above the noise in dark pixels alone
 * keeps them moving, and is found the long way. Only a direction of dark pixels that is itself no stronger than the noise of bright ones may be
 * missed: values among noise are then those of the next direction, some 10⁻³ to 10⁻² below.
 *
 * @param bright  from {@link brightest}
 * @returns       values that stand still, or those of the first read where few are allowed; undefined where the scan cannot be seen in parts, or the values are still moving after two reads
 */
export async function fromBrightPixels(
  scan: Scan,
  bright: Uint32Array,
  options: KrylovOptions,
): Promise<Found | undefined> {
  const { components, tolerance, maximumReads, seed, signal } = options;
  const part = scan.selected?.(bright);
  if (!part) return undefined;
  const pixels = area(scan.pixels);
  const { right } = await krylov(part, { ...options, tolerance: tolerance / 2 });
  const beyond = await seenAtRandom(coarse(scan), SPARE, seed);
  const start = new Float32Array((right.length / bright.length) * pixels + beyond.length);
  bright.forEach((pixel, i) => {
    for (let k = 0; k * bright.length < right.length; k++) start[k * pixels + pixel] = right[k * bright.length + i];
  });
  start.set(beyond, start.length - beyond.length);
  let block = orthonormal(start, pixels);
  for (let attempt = 1; attempt <= ATTEMPTS; attempt++) {
    signal?.throwIfAborted();
    const { there, turned } = await thereAndBack(scan, block);
    const halfway = symmetricEigenvalues(gram(turned, turned, pixels), there.length);
    // The spare ones too: what only dark pixels hold rises among them before it is among the wanted.
    const found = await closed(scan, turned, there.length, attempt + 2);
    const error = predictedError(found.values, roots(halfway), roots(there), components);
    if (error <= CAUTION * tolerance || maximumReads < PATIENT) return found;
    if (error > HOPELESS * tolerance) return undefined;
    block = found.right;
  }
  return undefined;
}

/** A block seen as images, by their squared singular values; and Xᵀ·U of the left vectors U that these turn into, each of unit length. */
async function thereAndBack(scan: Scan, block: Float32Array) {
  const { images, patterns: powered } = await sweep(coarse(scan), patterns(scan.pixels, block));
  const { values, vectors } = symmetricEigen(gram(images.values, images.values, area(scan.positions)), images.count);
  // Smaller eigenvalues are the rounding of the Gram matrix.
  let rank = 0;
  while (rank < images.count && values[rank] > 1e-14 * values[0]) rank++;
  const turned = combine(
    vectors.subarray(0, rank * images.count).map((value, i) => value / Math.sqrt(values[Math.floor(i / images.count)])),
    powered.values,
    area(scan.pixels),
  );
  return { there: values.subarray(0, rank), turned };
}

const roots = (values: Float64Array): Float64Array => values.map((value) => Math.sqrt(Math.max(0, value)));
