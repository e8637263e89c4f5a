import { inverseOf, product, transformed, transposed } from "../algebra/small-matrix.ts";
import type { CountSpace } from "./count-space.ts";
import {
  coordinateCovariances,
  coordinateNoise,
  type IntensityPlane,
  intensityPlane,
  type MixedNoise,
  meanNoise,
  type Place,
  placed,
  toCoordinates,
} from "./intensity-plane.ts";
import { minimumVolumeSimplex } from "./minimum-volume-simplex.ts";
import { sampledCorners } from "./mixture-sampler.ts";
import { neighbourMeans, type Picking, pickedVertices } from "./picked-vertices.ts";
import { thinCorner } from "./thin-corner.ts";

/** A {@link Place} of the components, and how sure it is. */
export interface Vertices extends Place {
  /** Standard deviations of the coordinates by counting noise. */
  readonly noise: Float64Array;
  /** Part of the positions without each component. */
  readonly onFacet: Float64Array;
  /** k × k: how well each vertex (row) is known, as standard deviations of its amounts of each component; 0 where that was not looked at. */
  readonly spread: Float64Array;
  /** −ln likelihood per position, comparable between starts. */
  readonly objective: number;
  readonly converged: boolean;
}

/** Vertices are found on at most so many positions, evenly spread: their error is then far below that of the patterns. */
const MOST_POSITIONS = 6000;

/** A refinement moves no vertex further, in parts of a component. */
const LARGEST_REFINEMENT = 0.25;

/** Vertices as picked, for a first look or as a method of its own. */
export function onlyPicked(space: CountSpace, picking: Picking, seed: number): Vertices | undefined {
  const noise = meanNoise(space);
  const plane = intensityPlane(space, noise);
  const vertices = pickedVertices(space.k, neighbourMeans(space, plane.points), picking, seed);
  return (
    vertices &&
    seen(space, plane, noise, vertices, {
      onFacet: new Float64Array(space.k),
      spread: new Float64Array(space.k ** 2),
      objective: 0,
      converged: true,
    })
  );
}

/**
 * The smallest simplex that holds the positions up to their counting noise, from several picked starts; the likeliest, refined by sampling.
 *
 * Noise depends on what is where, so it is computed anew from the components found.
 */
export function smallestSimplex(space: CountSpace, seed: number): Vertices | undefined {
  const thin = thinned(space, MOST_POSITIONS);
  const noise = meanNoise(thin);
  const plane = intensityPlane(thin, noise);
  const whole = thin === space ? plane : intensityPlane(space, meanNoise(space), plane.conserved);
  const smooth = neighbourMeans(space, whole.points);
  const starts = (["successive-projection", "n-findr", "vertex-component-analysis"] as const).flatMap(
    (picking) => pickedVertices(space.k, smooth, picking, seed) ?? [],
  );
  const fits = different(starts, plane, space.k).map((start) => fitted(thin, plane, noise, start, [8, 4, 2, 1]));
  const likeliest = fits.reduce<Vertices | undefined>(
    (least, fit) => (least && least.objective <= fit.objective ? least : fit),
    undefined,
  );
  if (!likeliest) return undefined;
  const mixed = mixedNoise(thin, likeliest);
  const there = intensityPlane(thin, mixed, plane.conserved);
  const byVolume = fitted(thin, there, mixed, likeliest.vertices, [1]);
  const bySampling = space.k > 1 ? sampled(thin, byVolume, seed) : byVolume;
  const best = nearby(byVolume, bySampling) ? bySampling : byVolume;
  return thin === space ? best : overAll(space, whole, best);
}

/**
 * The simplex with one corner far beyond all positions: of a component that is thin wherever it is, found by the walls that positions with
 * it and without it stand along ({@link thinCorner}). Of all picked corners that may lie below such a one, that under which the simplex holds
 * the positions best; undefined where none holds them.
 */
export function thinSimplex(space: CountSpace, seed: number): Vertices | undefined {
  const { k } = space;
  if (k < 3) return undefined;
  const thin = thinned(space, MOST_POSITIONS);
  const noise = meanNoise(thin);
  const closings = (["successive-projection", "n-findr"] as const).flatMap((picking) => {
    const whole = onlyPicked(space, picking, seed);
    if (!whole) return [];
    const start = seen(thin, intensityPlane(thin, noise, whole.plane.conserved), noise, whole.vertices, whole);
    return Array.from({ length: k }, (_, t) => ({ t, found: closed(thin, start, noise, t) }));
  });
  let least: { readonly t: number; readonly found: Vertices; readonly beyond: number } | undefined;
  for (const { t, found } of closings) {
    const beyond = found ? outside(found, k) : Infinity;
    if (found && !(least && least.beyond <= beyond)) least = { t, found, beyond };
  }
  if (!least) return undefined;
  let best = least.found;
  for (let round = 0; round < ROUNDS; round++) {
    const mixed = mixedNoise(thin, best);
    best = closed(thin, overPure(thin, best, mixed, least.t), mixed, least.t) ?? best;
  }
  if (outside(best, k) > MOST_OUTSIDE * (k - 1)) return undefined;
  return thin === space ? best : overAll(space, intensityPlane(space, meanNoise(space), best.plane.conserved), best);
}

/** Mean over positions of Σ min(0, a/σ)²: half the number of facets that a position lies on, where noise alone lifts it out. */
function outside({ coordinates, noise }: Vertices, k: number): number {
  let sum = 0;
  for (let at = 0; at < coordinates.length; at++) sum += Math.min(0, coordinates[at] / noise[at]) ** 2;
  return (sum * k) / coordinates.length;
}

/** With corner t where the walls between the others meet. */
function closed(space: CountSpace, start: Vertices, noise: MixedNoise, t: number): Vertices | undefined {
  const { k } = space;
  const { plane, coordinates } = start;
  const q = toCoordinates(start.vertices, plane, k);
  const noiseAfter = (transform: Float64Array): Float64Array =>
    coordinateNoise(plane, transformed(coordinates, transform, k), noise, product(transform, q, k), k);
  const corner = thinCorner({ k, coordinates, noise: noiseAfter }, t);
  if (!corner) return undefined;
  const vertices = start.vertices.slice();
  for (let c = 0; c < k; c++) {
    vertices[t * k + c] = corner.reduce((sum, part, s) => sum + part * start.vertices[s * k + c], 0);
  }
  return seen(space, plane, noise, vertices, start);
}

/** With every corner but t at the mean of the positions that hold it alone, as far as noise tells; corners that hardly any hold stay. */
function overPure(space: CountSpace, start: Vertices, noise: MixedNoise, t: number): Vertices {
  const { k } = space;
  const { plane, coordinates } = start;
  const sums = new Float64Array(k * k);
  const counts = new Float64Array(k);
  for (let at = 0; at < plane.intensity.length; at++) {
    const present = Array.from({ length: k }, (_, s) => s).filter(
      (s) => Math.abs(coordinates[at * k + s]) > 2 * start.noise[at * k + s],
    );
    const only = present[0];
    if (present.length !== 1 || only === t) continue;
    counts[only]++;
    for (let c = 0; c < k; c++) sums[only * k + c] += plane.points[at * k + c];
  }
  const vertices = start.vertices.map((value, at) => {
    const s = Math.floor(at / k);
    return counts[s] >= FEWEST_PURE ? sums[at] / counts[s] : value;
  });
  return seen(space, plane, noise, vertices, start);
}

/** Of the k − 1 facets that a pure position lies on noise lifts it out of half; a simplex with more {@link outside} does not hold the positions. */
const MOST_OUTSIDE = 0.7;
/** Corners and walls are fitted in turn so often. */
const ROUNDS = 3;
/** So many positions make a mean. */
const FEWEST_PURE = 6;

/** What was found on a part of the positions, seen on all of them. */
function overAll(space: CountSpace, plane: IntensityPlane, found: Vertices): Vertices {
  const exact = mixedNoise(space, placed(plane, found.vertices, space.k));
  return seen(space, intensityPlane(space, exact, plane.conserved), exact, found.vertices, found);
}

/** Corners as draws from the posterior have them on average. */
function sampled(space: CountSpace, start: Vertices, seed: number): Vertices {
  const { k } = space;
  const noise = mixedNoise(space, start);
  const plane = intensityPlane(space, noise, start.plane.conserved);
  const { q, coordinates, vertices: corners } = placed(plane, start.vertices, k);
  const covariances = coordinateCovariances(plane, coordinates, noise, q, k);
  const found = sampledCorners({ k, coordinates, covariances }, { seed });
  const vertices = product(found.corners, corners, k);
  return seen(space, plane, noise, vertices, { ...start, ...found });
}

function fitted(
  space: CountSpace,
  plane: IntensityPlane,
  noise: MixedNoise,
  start: Float64Array,
  anneal: readonly number[],
): Vertices {
  const { k } = space;
  const { q, coordinates } = placed(plane, start, k);
  const found = minimumVolumeSimplex(coordinates, k, {
    anneal,
    noise: (transform) =>
      coordinateNoise(plane, transformed(coordinates, transform, k), noise, product(transform, q, k), k),
  });
  const after = product(found.transform, q, k);
  const vertices = transposed(inverseOf(after, k)!.inverse, k);
  const objective = found.objective - inverseOf(q, k)!.logDeterminant;
  return seen(space, plane, noise, vertices, { ...found, objective, spread: new Float64Array(k * k) });
}

function seen(
  { k }: CountSpace,
  plane: IntensityPlane,
  noise: MixedNoise,
  vertices: Float64Array,
  found: Pick<Vertices, "onFacet" | "spread" | "objective" | "converged">,
): Vertices {
  const { q, ...place } = placed(plane, vertices, k);
  const { onFacet, spread, objective, converged } = found;
  return {
    ...place,
    noise: coordinateNoise(plane, place.coordinates, noise, q, k),
    onFacet,
    spread,
    objective,
    converged,
  };
}

/** Whether vertices moved by a refinement, not to another solution. */
function nearby(before: Vertices, after: Vertices): boolean {
  return furthest(before.vertices, after.vertices, before.plane) <= LARGEST_REFINEMENT;
}

/** Starts that are not the same corners in another order. */
function different(starts: readonly Float64Array[], plane: IntensityPlane, k: number): Float64Array[] {
  const kept: Float64Array[] = [];
  for (const start of starts) {
    if (!kept.some((other) => furthest(other, inOrderOf(other, start, plane, k), plane) < SAME)) kept.push(start);
  }
  return kept;
}

/** In parts of a component: starts nearer to each other end in one place. */
const SAME = 0.02;

/** How far vertices lie from others, in parts of a component. */
function furthest(from: Float64Array, to: Float64Array, plane: IntensityPlane): number {
  const k = Math.sqrt(from.length);
  const moved = transformed(to, toCoordinates(from, plane, k), k);
  return moved.reduce((most, value, at) => Math.max(most, Math.abs(value - (at % (k + 1) === 0 ? 1 : 0))), 0);
}

/** Each vertex in the place of the one that it is mostly made of. */
function inOrderOf(reference: Float64Array, vertices: Float64Array, plane: IntensityPlane, k: number): Float64Array {
  const amounts = transformed(vertices, toCoordinates(reference, plane, k), k);
  const ordered = new Float64Array(k * k);
  for (let t = 0; t < k; t++) {
    let mostly = 0;
    for (let s = 1; s < k; s++) if (amounts[t * k + s] > amounts[t * k + mostly]) mostly = s;
    ordered.set(vertices.subarray(t * k, (t + 1) * k), mostly * k);
  }
  return ordered;
}

/** Counting noise of mixtures: that of each component's pattern, in the amounts found. */
function mixedNoise(space: CountSpace, { vertices, coordinates, plane }: Place): MixedNoise {
  const { k } = space;
  const parts = new Float64Array(coordinates.length);
  for (let at = 0; at < plane.intensity.length; at++) {
    let total = 0;
    for (let t = 0; t < k; t++) total += Math.max(0, coordinates[at * k + t]);
    for (let t = 0; t < k; t++) {
      parts[at * k + t] = (plane.intensity[at] * Math.max(0, coordinates[at * k + t])) / total;
    }
  }
  return { covariances: space.covariances(space.patternsOf(vertices)), parts };
}

function thinned(space: CountSpace, most: number): CountSpace {
  const count = space.used.length;
  if (count <= most) return space;
  return { ...space, used: Int32Array.from({ length: most }, (_, i) => space.used[Math.floor((i * count) / most)]) };
}
