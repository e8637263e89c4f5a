import { median } from "../algebra/median.ts";
import { inverseOf, product, transformed, transposed } from "../algebra/small-matrix.ts";
import type { CountSpace } from "./count-space.ts";
import { coordinateNoise, type IntensityPlane, intensityPlane, type MixedNoise, meanNoise } from "./intensity-plane.ts";
import { minimumVolumeSimplex } from "./minimum-volume-simplex.ts";
import { type Picking, pickedVertices } from "./picked-vertices.ts";

/** Where the components lie in the count space, and every used position as a mixture of them. */
export interface Vertices {
  readonly plane: IntensityPlane;
  /** k × k, rows are vertices. */
  readonly vertices: Float64Array;
  /** Used positions × k, rows sum to 1; noise makes some negative. */
  readonly coordinates: Float64Array;
  /** Standard deviations of the coordinates by counting noise. */
  readonly noise: Float64Array;
  /** Part of the positions without each component. */
  readonly onFacet: Float64Array;
  /** −ln likelihood per position, comparable between starts. */
  readonly objective: number;
  readonly converged: boolean;
}

/** Vertices are found on at most so many positions, evenly spread: their error is then far below that of the patterns. */
const MOST_POSITIONS = 20_000;

/** Up to this noise of the coordinates it can be told which components are absent from a position, so that each pulls by its own face. */
const TELLING_NOISE = 0.04;
/** In parts of a component. */
const LARGEST_REFINEMENT = 0.1;

/** Vertices as picked, for a first look or as a method of its own. */
export function onlyPicked(space: CountSpace, picking: Picking, seed: number): Vertices | undefined {
  const noise = meanNoise(space);
  const plane = intensityPlane(space, noise);
  const vertices = pickedVertices(space, plane, picking, seed);
  return (
    vertices &&
    seen(space, plane, noise, vertices, { onFacet: new Float64Array(space.k), objective: 0, converged: true })
  );
}

/**
 * The smallest simplex that holds the positions up to their counting noise, from several picked starts; the likeliest, refined.
 *
 * Noise depends on what is where, so it is computed anew from the components found: twice, after which nothing changes any more.
 */
export function smallestSimplex(space: CountSpace, seed: number): Vertices | undefined {
  const thin = thinned(space, MOST_POSITIONS);
  const noise = meanNoise(thin);
  const plane = intensityPlane(thin, noise);
  const whole = thin === space ? plane : intensityPlane(space, meanNoise(space), plane.conserved);
  const starts = (["successive-projection", "n-findr", "vertex-component-analysis"] as const).flatMap(
    (picking) => pickedVertices(space, whole, picking, seed) ?? [],
  );
  const fits = starts.map((start) => fitted(thin, plane, noise, start, [8, 4, 2, 1], "volume"));
  let best = fits.reduce<Vertices | undefined>(
    (least, fit) => (least && least.objective <= fit.objective ? least : fit),
    undefined,
  );
  if (!best) return undefined;
  for (let round = 0; round < 2; round++) {
    const better = mixedNoise(thin, best);
    const there = intensityPlane(thin, better, plane.conserved);
    const byVolume = fitted(thin, there, better, best.vertices, [1], "volume");
    const byFaces = fitted(thin, there, better, byVolume.vertices, [1, 1, 1], "faces");
    best = median(byVolume.noise) <= TELLING_NOISE && nearby(byVolume, byFaces) ? byFaces : byVolume;
  }
  if (thin === space) return best;
  const guess = seen(space, whole, meanNoise(space), best.vertices, best);
  const exact = mixedNoise(space, guess);
  return seen(space, intensityPlane(space, exact, plane.conserved), exact, best.vertices, best);
}

function fitted(
  space: CountSpace,
  plane: IntensityPlane,
  noise: MixedNoise,
  start: Float64Array,
  anneal: readonly number[],
  pull: "volume" | "faces",
): Vertices {
  const { k } = space;
  const q = toCoordinates(start, plane, k);
  const coordinates = transformed(plane.points, q, k);
  const found = minimumVolumeSimplex(coordinates, k, {
    anneal,
    pull,
    noise: (transform) =>
      coordinateNoise(plane, transformed(coordinates, transform, k), noise, product(transform, q, k), k),
  });
  const after = product(found.transform, q, k);
  const vertices = transposed(inverseOf(after, k)!.inverse, k);
  const objective = found.objective - inverseOf(q, k)!.logDeterminant;
  return seen(space, plane, noise, vertices, { ...found, objective });
}

function seen(
  { k }: CountSpace,
  plane: IntensityPlane,
  noise: MixedNoise,
  vertices: Float64Array,
  found: Pick<Vertices, "onFacet" | "objective" | "converged">,
): Vertices {
  const q = toCoordinates(vertices, plane, k);
  const coordinates = transformed(plane.points, q, k);
  const { onFacet, objective, converged } = found;
  return {
    plane,
    vertices: transposed(inverseOf(q, k)!.inverse, k),
    coordinates,
    noise: coordinateNoise(plane, coordinates, noise, q, k).sigma,
    onFacet,
    objective,
    converged,
  };
}

/** Whether vertices moved by a refinement, not to another solution. */
function nearby(before: Vertices, after: Vertices): boolean {
  const k = Math.sqrt(before.vertices.length);
  const moved = transformed(after.vertices, toCoordinates(before.vertices, before.plane, k), k);
  return moved.every((value, at) => Math.abs(value - (at % (k + 1) === 0 ? 1 : 0)) <= LARGEST_REFINEMENT);
}

/** Q with a = Q z for z = Σ aₜ vₜ, vertices brought onto the plane so that coordinates sum to 1. */
function toCoordinates(vertices: Float64Array, { normal }: IntensityPlane, k: number): Float64Array {
  const onPlane = vertices.slice();
  for (let t = 0; t < k; t++) {
    let height = 0;
    for (let c = 0; c < k; c++) height += normal[c] * vertices[t * k + c];
    for (let c = 0; c < k; c++) onPlane[t * k + c] /= height;
  }
  return transposed(inverseOf(onPlane, k)!.inverse, k);
}

/** Counting noise of mixtures: that of each component's pattern, in the amounts found. */
function mixedNoise(space: CountSpace, { vertices, coordinates, plane }: Vertices): MixedNoise {
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
