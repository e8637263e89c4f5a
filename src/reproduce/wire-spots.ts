import { item, type Patterns } from "../scan/scan.ts";
import { cosine } from "./matching.ts";
import type { WireScan } from "./wire-scans.ts";

/** A spot of a pattern: place of its middle, px, and its height above its surroundings. */
export interface Spot {
  readonly row: number;
  readonly column: number;
  readonly height: number;
}

/** The value that so large a part of the values does not exceed. */
export function quantile(values: ArrayLike<number>, part: number): number {
  const sorted = Float64Array.from(values).sort();
  return sorted[Math.min(sorted.length - 1, Math.floor(part * sorted.length))] ?? Number.NaN;
}

/** Mean over a disk, px. */
export const diskMean = (
  pattern: Float32Array,
  [, columns]: readonly [number, number],
  at: readonly [number, number],
  radius: number,
): number => mean(around(pattern, columns, at, (distance) => distance <= radius));

/** Median over a ring, px: the local background of a spot. */
export const ringMedian = (
  pattern: Float32Array,
  [, columns]: readonly [number, number],
  at: readonly [number, number],
  inner: number,
  outer: number,
): number =>
  quantile(
    around(pattern, columns, at, (distance) => distance > inner && distance <= outer),
    0.5,
  );

function around(
  pattern: Float32Array,
  columns: number,
  at: readonly [number, number],
  wanted: (distance: number) => boolean,
): number[] {
  const rows = pattern.length / columns;
  const values: number[] = [];
  const reach = 8;
  for (let r = Math.max(0, Math.round(at[0]) - reach); r <= Math.min(rows - 1, Math.round(at[0]) + reach); r++) {
    for (let c = Math.max(0, Math.round(at[1]) - reach); c <= Math.min(columns - 1, Math.round(at[1]) + reach); c++) {
      if (wanted(Math.hypot(r - at[0], c - at[1]))) values.push(pattern[r * columns + c]!);
    }
  }
  return values;
}

const mean = (values: readonly number[]): number => values.reduce((a, b) => a + b, 0) / values.length;

/**
 * The brightest spots of a pattern outside the direct beam, brightest first, no two nearer than two spot radii: places where the mean over the
 * spot's disk exceeds the ring about it most.
 */
export function brightestSpots(
  pattern: Float32Array,
  size: readonly [number, number],
  { centre, radius }: Pick<WireScan, "centre" | "radius">,
  most: number,
): Spot[] {
  const spot = Math.max(1.5, radius);
  const margin = Math.ceil(spot) + 1;
  const found: Spot[] = [];
  for (let r = margin; r < size[0] - margin; r++) {
    for (let c = margin; c < size[1] - margin; c++) {
      if (Math.hypot(r - centre[0], c - centre[1]) < 3 * spot) continue;
      const height = diskMean(pattern, size, [r, c], spot) - ringMedian(pattern, size, [r, c], spot + 1, spot + 3.5);
      if (height > 0) found.push({ row: r, column: c, height });
    }
  }
  const chosen: Spot[] = [];
  for (const candidate of found.sort((a, b) => b.height - a.height)) {
    if (chosen.length >= most) break;
    if (chosen.every(({ row, column }) => Math.hypot(row - candidate.row, column - candidate.column) >= 2 * spot + 1))
      chosen.push(candidate);
  }
  return chosen;
}

/** Spots of one pattern that another lacks: brightest of the difference of both, scaled to the same sum. */
export function spotsOnlyIn(
  own: Float32Array,
  other: Float32Array,
  size: readonly [number, number],
  beam: Pick<WireScan, "centre" | "radius">,
  most: number,
): Spot[] {
  const [a, b] = [own, other].map((values) => values.reduce((sum, value) => sum + value, 0)) as [number, number];
  return brightestSpots(
    own.map((value, i) => value / a - other[i]! / b),
    size,
    beam,
    most,
  );
}

/** The spots nearest to the direct beam, on its ring of spots: {111} of a face-centred crystal seen along ⟨110⟩. */
export function innermostSpots(spots: readonly Spot[], centre: readonly [number, number]): Spot[] {
  const distance = ({ row, column }: Spot): number => Math.hypot(row - centre[0], column - centre[1]);
  const nearest = Math.min(...spots.map(distance));
  return spots.filter((spot) => distance(spot) < 1.1 * nearest);
}

/** How far from the Bragg condition a spot is half as bright [1/Å]: 0.44 ÷ t for 110 nm, and what 1.5 mrad of convergence spread. */
const halfWidth = (g: number): number => Math.hypot(4e-4, 1.3e-3 * g);

/**
 * Centre of the Laue circle of a pattern, rows and columns from the direct beam [mrad], 0 on a zone axis: the circle through the direct beam for which
 * the brightness expected of spots, 1 ÷ (1 + (s ÷ w)²) with s = λ (g² − 2 g·c) ÷ 2 and w what thickness and convergence allow, times the root of the usual height, is most like
 * the root of that seen (cosine). Spots that a circle expects and that are dark count against it. Sought in steps of 1 mrad.
 *
 * @param spots       places where some pattern of the scan has a spot, with the height that it has in this one
 * @param usual       their heights in the mean of many patterns: how strong a reflection is when it is lit
 * @param step        1/Å per px
 * @param wavelength  Å
 */
export function laueCircle(
  spots: readonly Spot[],
  usual: readonly Spot[],
  centre: readonly [number, number],
  step: number,
  wavelength: number,
): readonly [row: number, column: number] {
  const roots = (list: readonly Spot[]): number[] => list.map(({ height }) => Math.sqrt(Math.max(0, height)));
  const [seen, lit] = [roots(spots), roots(usual)];
  const vectors = spots.map(({ row, column }) => [(row - centre[0]) * step, (column - centre[1]) * step] as const);
  let best: readonly [number, number] = [0, 0];
  let most = Number.NEGATIVE_INFINITY;
  const farthest = 45;
  for (let y = -farthest; y <= farthest; y++) {
    for (let x = -farthest; x <= farthest; x++) {
      // y and x are angles [mrad]; λ c is what enters.
      const expected = vectors.map(([row, column], i) => {
        const s = (wavelength * (row ** 2 + column ** 2)) / 2 - (row * y + column * x) / 1000;
        return lit[i]! / (1 + (s / halfWidth(Math.hypot(row, column))) ** 2);
      });
      const alike = cosine(seen, expected);
      if (alike > most) [best, most] = [[y, x], alike];
    }
  }
  return best;
}

/** The same places with the heights that another pattern has there. */
export const heightsIn = (
  pattern: Float32Array,
  size: readonly [number, number],
  spots: readonly Spot[],
  radius: number,
): Spot[] =>
  spots.map(({ row, column }) => ({
    row,
    column,
    height:
      diskMean(pattern, size, [row, column], Math.max(1.5, radius)) -
      ringMedian(pattern, size, [row, column], Math.max(1.5, radius) + 1, Math.max(1.5, radius) + 3.5),
  }));

/** Which of some patterns is the background: the one with most of its counts in the direct beam. */
export function backgroundOf(stack: Patterns, { centre, radius }: Pick<WireScan, "centre" | "radius">): number {
  const shares = Array.from({ length: stack.count }, (_, k) =>
    directBeamShare(item(stack, k), stack.size, { centre, radius }),
  );
  return shares.indexOf(Math.max(...shares));
}

/** Part of a pattern's counts that lies in the direct beam. */
export function directBeamShare(
  pattern: Float32Array,
  size: readonly [number, number],
  { centre, radius }: Pick<WireScan, "centre" | "radius">,
): number {
  let [inside, all] = [0, 0];
  for (let i = 0; i < pattern.length; i++) {
    const value = Math.max(0, pattern[i]!);
    all += value;
    if (Math.hypot(Math.floor(i / size[1]) - centre[0], (i % size[1]) - centre[1]) <= radius + 1) inside += value;
  }
  return all > 0 ? inside / all : 0;
}
