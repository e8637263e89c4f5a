import { area, images } from "../scan/scan.ts";
import { type PatternSource, readPatterns } from "../scan/source.ts";
import type { PlaneFit } from "./alignment.ts";
import { findBadPixels } from "./bad-pixels.ts";
import { type BeamShadow, darkRegions, findBeamShadow } from "./beam-shadow.ts";
import { spotRadius } from "./beam-survey.ts";
import type { DirectBeam, DirectBeamOptions } from "./direct-beam.ts";
import { inversionCentre } from "./inversion-centre.ts";
import { fitPlane, planeAt } from "./plane.ts";
import { type Displaced, type Still, stillPattern } from "./still-pattern.ts";

const mostLooks = 400;
const mostBytes = 64 << 20;

/** The mean pattern is blurred less and less while the displacements come to rest, px: at first it is a blur of all of them. */
const blurs = [3, 2, 1.5, 1, 1, 0.6, 0.6, 0.6];

/** How far from the middle displacements are sought before anything is known of them, px. */
const widest = 8;

type Planes = readonly [PlaneFit, PlaneFit];

/**
 * Finds where the direct beam is behind a beam stop, from the rest of the patterns.
 *
 * The displacements of up to 400 patterns and their mean without displacements are found in turns (8 times), then the displacement of every
 * pattern. Believed is what is certain to 0.5 px and has no less than 0.35 of the counts of a bright pattern (the 90th percentile): vacuum, where the
 * hidden beam is all there is, takes the plane's place and is marked as repaired. If fewer than 4 displacements are believed, or under a
 * twentieth, all patterns stay where they are, all marked. The beam's place is the centre of inversion of the mean, to half a pixel.
 *
 * @returns undefined where nothing hides the beam: it is better found itself
 */
export async function trackHiddenBeam(
  source: PatternSource,
  { radius, signal, onProgress }: DirectBeamOptions,
): Promise<DirectBeam | undefined> {
  const count = area(source.positions);
  const places = evenly(count, mostLooks);
  const mean = new Float32Array(area(source.pixels));
  for (const i of places) {
    signal?.throwIfAborted();
    const values = await readPatterns(source, i, 1);
    for (let p = 0; p < mean.length; p++) if (values[p]! > 0) mean[p]! += values[p]! / places.length;
  }
  const regions = darkRegions(mean, source.pixels, places.length);
  if (regions === undefined) return undefined;
  const looked = evenly(count, Math.min(mostLooks, Math.max(30, Math.floor(mostBytes / (4 * mean.length)))));
  const looks: Float32Array[] = [];
  for (const i of looked) {
    signal?.throwIfAborted();
    looks.push(Float32Array.from(await readPatterns(source, i, 1), (value) => (value > 0 ? value : 0)));
  }
  const found = radius ?? spotRadius(looks.slice(0, 100), ...source.pixels);
  const shadow = findBeamShadow(mean, regions, source.pixels, found);
  if (shadow === undefined) return undefined;
  for (const pixel of findBadPixels(mean, source.pixels, places.length)) shadow.mask[pixel] = 1;
  const learnt = learn(source, looks, looked, shadow, found, signal);
  const displaced: Displaced[] = [];
  for (let i = 0; i < count && learnt !== undefined; i++) {
    signal?.throwIfAborted();
    if (i % 64 === 0) onProgress?.("finding the direct beam", 0.3 + (0.7 * i) / count);
    displaced.push(learnt.find(await readPatterns(source, i, 1), i));
  }
  const kept = believed(displaced);
  const planes = planesThrough(source, displaced, kept, (k) => k);
  const trusted = planes !== undefined && learnt !== undefined;
  const centre = trusted ? learnt.centre : shadow.centre;
  const plane = ([0, 1] as const).map((axis) => ({
    ...(trusted ? planes[axis] : { perRow: 0, perColumn: 0, rms: 0 }),
    constant: centre[axis] + (trusted ? planes[axis].constant : 0),
  })) as unknown as Planes;
  const measured = new Float32Array(2 * count).fill(Number.NaN);
  const fitted = new Float32Array(2 * count);
  const repaired = new Uint8Array(count).fill(1);
  for (let i = 0; i < count; i++) {
    for (const axis of [0, 1] as const) fitted[axis * count + i] = at(plane[axis], i, source);
    if (!trusted || kept[i] !== true) continue;
    repaired[i] = 0;
    measured[i] = centre[0] + displaced[i]!.row;
    measured[count + i] = centre[1] + displaced[i]!.column;
  }
  onProgress?.("finding the direct beam", 1);
  return {
    measured: images(source.positions, measured),
    fitted: images(source.positions, fitted),
    places: images(
      source.positions,
      measured.map((value, i) => (Number.isNaN(value) ? fitted[i]! : value)),
    ),
    plane,
    repaired,
    radius: found,
  };
}

interface Learnt {
  readonly centre: readonly [row: number, column: number];
  find(values: ArrayLike<number>, position: number): Displaced;
}

function learn(
  source: PatternSource,
  looks: readonly Float32Array[],
  positions: readonly number[],
  shadow: BeamShadow,
  radius: number,
  signal: AbortSignal | undefined,
): Learnt | undefined {
  const beam = { centre: shadow.centre, radius: 2 * radius + 2 };
  const reach = Math.min(widest, Math.floor(Math.min(...source.pixels) / 6));
  let shifts = looks.map(() => [0, 0] as readonly [number, number]);
  let used = [...looks.keys()];
  let planes: Planes | undefined;
  const made = (blur: number): Still =>
    stillPattern(
      used.map((k) => looks[k]!),
      used.map((k) => shifts[k]!),
      shadow.mask,
      source.pixels,
      blur,
      beam,
    );
  for (const [round, blur] of blurs.entries()) {
    signal?.throwIfAborted();
    const still = made(blur);
    const last = round >= blurs.length - 3;
    const expected = (k: number): readonly [number, number] =>
      planes === undefined ? [0, 0] : [at(planes[0], positions[k]!, source), at(planes[1], positions[k]!, source)];
    const displaced = looks.map((pattern, k) =>
      planes === undefined
        ? still.find(pattern, 0, [0, 0], reach)
        : still.find(pattern, 0, expected(k), last ? 3 : 4, last ? 0.8 : 2),
    );
    const kept = believed(displaced);
    planes = planesThrough(source, displaced, kept, (k) => positions[k]!);
    if (planes === undefined) return undefined;
    used = [...looks.keys()].filter((k) => kept[k] === true);
    shifts = displaced.map(({ row, column }) => [row, column]);
  }
  const still = made(0.6);
  const unseen = still.seen.map((value) => 1 - value);
  const known = planes!;
  return {
    centre: inversionCentre(still.template, unseen, source.pixels) ?? shadow.centre,
    find: (values, position) =>
      still.find(values, 0, [at(known[0], position, source), at(known[1], position, source)], 3, 0.8),
  };
}

function believed(displaced: readonly Displaced[]): boolean[] {
  const counts = Float64Array.from(displaced, (found) => found.counts).sort();
  const bright = counts[Math.floor(0.9 * counts.length)] ?? 0;
  return displaced.map((found) => found.uncertainty < 0.5 && found.counts >= 0.35 * bright);
}

function planesThrough(
  source: PatternSource,
  displaced: readonly Displaced[],
  kept: readonly boolean[],
  position: (k: number) => number,
): Planes | undefined {
  const columns = source.positions[1];
  const points = (["row", "column"] as const).map((axis) =>
    displaced.flatMap((found, k) =>
      kept[k] === true
        ? [{ row: Math.floor(position(k) / columns), column: position(k) % columns, value: found[axis] }]
        : [],
    ),
  );
  if (points[0]!.length < Math.max(4, displaced.length / 20)) return undefined;
  return points.map((along) => fitPlane(along, source.positions)) as unknown as Planes;
}

const at = (plane: PlaneFit, position: number, { positions }: PatternSource): number =>
  planeAt(plane, Math.floor(position / positions[1]), position % positions[1]);

/** Up to `most` of `count` positions, spread evenly. */
const evenly = (count: number, most: number): number[] =>
  Array.from({ length: Math.min(count, most) }, (_, k) => Math.floor(((k + 0.5) * count) / Math.min(count, most)));
