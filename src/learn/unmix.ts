import { gram } from "../algebra/gram.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, item, type Patterns, patterns, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { type Assumption, assumptionsOf, purePositions } from "./assumptions.ts";
import { type CountSpace, countSpace } from "./count-space.ts";
import { freedom } from "./freedom.ts";
import { constrainedMaps, weightedPatterns } from "./fully-constrained-least-squares.ts";
import { MOST_COMPONENTS } from "./mixture-amounts.ts";
import type { Picking } from "./picked-vertices.ts";
import type { Decomposition } from "./results.ts";
import { onlyPicked, smallestSimplex, thinSimplex, type Vertices } from "./vertices.ts";

/** How the vertices are found: the smallest simplex around all positions, or picked among them. */
export type Geometry = "minimum-volume" | Picking;

export interface UnmixOptions extends Watch {
  /** 1 … min(positions, pixels). */
  readonly components: number;
  /** Integer for the SVD and for the picked starts. */
  readonly seed: number;
  /** Default "minimum-volume"; the others are what it starts from, for comparison. */
  readonly geometry?: Geometry;
}

/** Patterns in counts and the part of each at every position: loadings ≥ 0, summing to 1 (or to ≤ 1 where intensity varies). */
export interface Unmixing extends Decomposition {
  readonly components: number;
  /** Which route was taken and why, in a sentence. */
  readonly method: string;
  /** ‖X − loadingsᵀ·factors‖, Frobenius, over the data as recorded. */
  readonly residual: number;
  /** What does not hold of what the method assumes. Empty where all is well. */
  readonly assumptions: readonly Assumption[];
  /** Counting noise of the loadings, as standard deviation before constraints: mean over positions, per component [1]. */
  readonly noise: readonly number[];
  /** How many positions hold the component alone. */
  readonly pure: readonly number[];
  /** How far noise leaves each pattern open: standard deviation of the part of another component in it [1]; 0 where corners were picked. */
  readonly uncertainty: readonly number[];
  /**
   * k rows of k: the largest part of pattern t (row) that could be pattern s without t turning negative [1]. Where t has pure
   * positions they exclude it; where it has none, nothing in the data does.
   */
  readonly freedom: readonly (readonly number[])[];
}

/**
 * Unmixing by geometry: X ≈ loadingsᵀ · factors, where factors are whole patterns in counts and loadings are parts of a position.
 *
 * Mixtures of k patterns fill a simplex whose corners are the patterns. The scan is taken to its k Poisson-weighted dimensions; corners are
 * picked there (averaged over neighbours), then moved to the smallest simplex that holds all positions up to their known counting noise;
 * the maps are fully constrained, Poisson-weighted least squares of the recorded data. Pure positions are used where there are some and
 * not needed where mixtures reach every facet. Where intensity is not conserved, positions are compared by shape and loadings sum to ≤ 1.
 * Where the smallest simplex has patterns more negative than noise explains, a component that is thin everywhere is looked for, a film for instance;
 * where there is none either, the picked corners are kept (`method` says which), as they are of more than 53 components.
 * Costs one SVD and four reads more. Components are ordered by contribution ‖loading‖·‖factor‖, largest first.
 *
 * @param scan     X: positions × pixels, counts, ≥ 0
 * @returns        see {@link Unmixing}
 * @throws ShapeError components outside 1 … min(positions, pixels), or more than the scan spans
 * @throws DataError  a position or pixel sums to less than 0
 * @throws AbortError signal was aborted; nothing is returned
 * @see docs/methods/unmix.md; Keenan & Kotula, Surf. Interface Anal. 36 (2004) 203; Bioucas-Dias et al., IEEE JSTARS 5 (2012) 354 (review)
 * @example
 * const { factors, loadings, method, assumptions } = await unmix(scan, { components: 3, seed: 1 });
 */
export async function unmix(scan: Scan, options: UnmixOptions): Promise<Unmixing> {
  const { components: k, seed, geometry = "minimum-volume", signal, onProgress } = options;
  const smaller = Math.min(area(scan.positions), area(scan.pixels));
  if (!(Number.isInteger(k) && k >= 1 && k <= smaller)) {
    throw new ShapeError(
      `unmix: expected components from 1 to ${smaller} (the smaller of positions and pixels), found ${k}`,
      {
        expected: [1, smaller],
        got: k,
      },
    );
  }
  const space = await countSpace(scan, k, seed, {
    ...(signal && { signal }),
    onProgress: (_, fraction) => onProgress?.("unmix", 0.6 * fraction),
  });
  const located = locate(space, geometry, seed);
  const { found, rejected } = located;
  signal?.throwIfAborted();
  onProgress?.("unmix", 0.8);
  const brightest = found.plane.conserved ? 1 : found.plane.intensity.reduce((a, b) => Math.max(a, b), 0);
  const factors = nonNegative(space.patternsOf(found.vertices.map((value) => value * brightest)));
  const fit = await fitted(scan, space, factors, found.plane.conserved);
  onProgress?.("unmix", 1);
  const order = byContribution(fit.loadings, factors);
  const ordered = { loadings: taken(fit.loadings, order), factors: taken(factors, order) };
  const free = freedom(ordered.factors);
  const pure = order.map((t) => purePositions(found.coordinates, k, t));
  return Object.freeze({
    ...ordered,
    components: k,
    method: sentence(geometry, located),
    residual: fit.residual,
    assumptions: Object.freeze(assumptionsOf({ found, rejected, ...ordered, order, free, pure })),
    noise: Object.freeze(order.map((t) => meanNoise(found, t))),
    pure: Object.freeze(pure),
    uncertainty: Object.freeze(order.map((t) => Math.max(...found.spread.subarray(t * k, (t + 1) * k)))),
    freedom: Object.freeze(free.map((row) => Object.freeze(row))),
  });
}

/** The vertices, and how negative the patterns of the smallest simplex are, as a part of their counts, where it was rejected for that. */
function locate(
  space: CountSpace,
  geometry: Geometry,
  seed: number,
): { found: Vertices; rejected?: number; thin?: boolean; many?: boolean } {
  const many = geometry === "minimum-volume" && space.k > MOST_COMPONENTS;
  const smallest = geometry === "minimum-volume" && !many ? smallestSimplex(space, seed) : undefined;
  const below = smallest ? negative(space, smallest) : 0;
  if (smallest && below <= 0.05) return { found: smallest };
  const start = onlyPicked(space, geometry === "minimum-volume" ? "successive-projection" : geometry, seed);
  if (smallest && (!start || below <= 0.05 + 2 * negative(space, start))) return { found: smallest };
  const thin = smallest && start && thinSimplex(space, seed);
  if (thin && negative(space, thin) <= 0.02 + 2 * negative(space, start)) return { found: thin, thin: true };
  const found = start ?? smallest;
  if (!found) {
    throw new ShapeError(
      `unmix: expected positions that span ${space.k} components at a common intensity, found fewer; ask for fewer components`,
      { expected: space.k, got: "fewer" },
    );
  }
  return { found, ...(smallest && { rejected: below }), ...(many && { many }) };
}

/** Part of the patterns' counts that is negative. */
function negative(space: CountSpace, { vertices }: Vertices): number {
  const { values } = space.patternsOf(vertices);
  let [below, all] = [0, 0];
  for (const value of values) {
    all += Math.abs(value);
    if (value < 0) below -= value;
  }
  return below / all;
}

/** Maps and residual: one read for the products, one for ‖X‖². */
async function fitted(scan: Scan, space: CountSpace, factors: Patterns, conserved: boolean) {
  const k = factors.count;
  const weighted = weightedPatterns(factors, space.weights);
  const both = new Float32Array(2 * factors.values.length);
  both.set(weighted.values);
  both.set(factors.values, weighted.values.length);
  const products = await scan.toImages(patterns(scan.pixels, both));
  const half = products.values.length / 2;
  const loadings = constrainedMaps(
    factors,
    weighted,
    images(scan.positions, products.values.subarray(0, half)),
    conserved ? "one" : "at most one",
  );
  const ones = patterns(scan.pixels, new Float32Array(area(scan.pixels)).fill(1));
  let squares = (await scan.squared().toImages(ones)).values.reduce((sum, value) => sum + value, 0);
  for (let x = 0; x < half; x++) squares -= 2 * loadings.values[x] * products.values[half + x];
  const ofFactors = gram(factors.values, factors.values, area(scan.pixels));
  const ofLoadings = gram(loadings.values, loadings.values, area(scan.positions));
  for (let x = 0; x < k * k; x++) squares += ofFactors[x] * ofLoadings[x];
  return { loadings, residual: Math.sqrt(Math.max(0, squares)) };
}

function sentence(geometry: Geometry, located: ReturnType<typeof locate>): string {
  const { plane } = located.found;
  const intensity = plane.conserved
    ? "intensity is conserved, so loadings sum to 1"
    : `intensity varies by ${(100 * plane.excess).toFixed(0)} % beyond mixing, so positions were compared by shape and loadings sum to at most 1`;
  return `${corners(geometry, located)}; ${intensity}; maps by Poisson-weighted fully constrained least squares.`;
}

function corners(geometry: Geometry, { rejected, thin, many }: ReturnType<typeof locate>): string {
  if (geometry !== "minimum-volume") return `Corners picked by ${geometry}, averaged over neighbours`;
  if (many) {
    return `Corners picked by successive projection, averaged over neighbours: the smallest simplex is for at most ${MOST_COMPONENTS} components`;
  }
  if (rejected !== undefined) {
    return "Corners picked by successive projection, since the smallest simplex has patterns more negative than noise explains";
  }
  return thin
    ? "One component is thin wherever it is: corners at the means of the positions that hold one of the others alone, its own where the walls between these meet"
    : "Smallest simplex that holds all positions up to their counting noise";
}

function meanNoise({ noise, vertices }: Vertices, t: number): number {
  const k = Math.sqrt(vertices.length);
  let sum = 0;
  for (let at = t; at < noise.length; at += k) sum += noise[at];
  return (sum * k) / noise.length;
}

const nonNegative = ({ size, values }: Patterns): Patterns =>
  patterns(
    size,
    values.map((value) => Math.max(0, value)),
  );

function byContribution(loadings: Images, factors: Patterns): number[] {
  const norm = (values: Float32Array): number => Math.sqrt(values.reduce((sum, value) => sum + value * value, 0));
  const contributions = Array.from(
    { length: factors.count },
    (_, t) => norm(item(loadings, t)) * norm(item(factors, t)),
  );
  return Array.from(contributions.keys()).sort((a, b) => contributions[b] - contributions[a] || a - b);
}

function taken<Stack extends Images | Patterns>(stack: Stack, order: readonly number[]): Stack {
  const values = new Float32Array(stack.values.length);
  order.forEach((from, to) => {
    values.set(item(stack, from), to * area(stack.size));
  });
  return { ...stack, values };
}
