import { boxBlur, gaussianBlur } from "../algebra/blur.ts";
import { median } from "../algebra/median.ts";
import { DataError } from "../scan/errors.ts";
import { area } from "../scan/scan.ts";
import { type PatternSource, readPatterns } from "../scan/source.ts";
import { type BadPixels, findBadPixels } from "./bad-pixels.ts";
import { type Candidate, type Consensus, findConsensus } from "./consensus.ts";

/** What a look at some patterns tells about the direct beam: enough to follow it through all of them. */
export interface BeamSurvey {
  /** Radius of the beam (and of every spot), px. */
  readonly radius: number;
  readonly badPixels: BadPixels;
  /** Values are cut at this, so that a single spike cannot pass for the beam. */
  readonly cap: number;
  /** Where the beam is expected over the scan, and how far it strays from there. */
  readonly consensus: Consensus;
  /** The patterns looked at, bad pixels mended, with the place that each one's beam seems to have. */
  readonly looks: readonly Look[];
}

export interface Look {
  readonly row: number;
  readonly column: number;
  readonly pattern: Float32Array;
  /** Rough place of the direct beam, whole px; undefined where the pattern shows nothing near the consensus. */
  readonly beam: Candidate | undefined;
}

const mostLooks = 100;
const candidatesPerPattern = 30;

/**
 * Looks at up to 100 patterns spread evenly over the scan and finds what the direct beam is: the spot that is present
 * in (nearly) all patterns, in a place that drifts as a plane over the scan. Brightness counts by its square root only,
 * so a reflection that outshines the beam in part of the scan does not win.
 *
 * @throws DataError  no pattern holds a spot
 */
export async function surveyBeam(source: PatternSource, radius?: number, signal?: AbortSignal): Promise<BeamSurvey> {
  const patterns = await sample(source, signal);
  const [rows, columns] = source.pixels;
  const mean = new Float32Array(rows * columns);
  for (const { pattern } of patterns) {
    for (let i = 0; i < mean.length; i++) mean[i]! += pattern[i]! / patterns.length;
  }
  const badPixels = findBadPixels(mean, source.pixels, patterns.length);
  for (const { pattern } of patterns) mend(pattern, rows, columns, badPixels);
  const found =
    radius ??
    spotRadius(
      patterns.map((look) => look.pattern),
      rows,
      columns,
    );
  const spots = patterns.map(({ pattern }) => findSpots(pattern, rows, columns, found));
  const consensus = findConsensus(
    patterns.map(({ row, column }, i) => ({ row, column, candidates: spots[i]! })),
    source.positions,
    source.pixels,
    found,
  );
  if (consensus === undefined) {
    throw new DataError(
      `${source.name}: expected a direct beam in the patterns, found none in ${patterns.length} of them; if the scan is good, analyse it as recorded with --no-align`,
      {},
    );
  }
  const looks = patterns.map((look, i) => ({ ...look, beam: consensus.picks[i] }));
  const maxima = looks.flatMap(({ pattern, beam }) =>
    beam === undefined ? [] : [brightest(pattern, rows, columns, beam, found)],
  );
  return { radius: found, badPixels, cap: 2 * median(Float64Array.from(maxima)) + 3, consensus, looks };
}

async function sample(source: PatternSource, signal?: AbortSignal): Promise<Look[]> {
  const [rows, columns] = source.positions;
  const thinning = Math.sqrt(Math.max(1, (rows * columns) / mostLooks));
  const rowCount = Math.min(rows, Math.max(1, Math.min(mostLooks, Math.round(rows / thinning))));
  const columnCount = Math.min(columns, Math.max(1, Math.floor(mostLooks / rowCount)));
  const looks: Look[] = [];
  for (let i = 0; i < rowCount; i++) {
    for (let j = 0; j < columnCount; j++) {
      signal?.throwIfAborted();
      const row = Math.floor(((i + 0.5) * rows) / rowCount);
      // Staggered from row to row: a regular grid could step over a periodic specimen and never see part of it.
      const column = Math.floor(((j + (i % 2 === 0 ? 0.3 : 0.7)) * columns) / columnCount);
      const values = await readPatterns(source, row * columns + column, 1);
      const pattern = new Float32Array(area(source.pixels));
      for (let p = 0; p < pattern.length; p++) pattern[p] = values[p]! > 0 ? values[p]! : 0;
      looks.push({ row, column, pattern, beam: undefined });
    }
  }
  return looks;
}

function mend(pattern: Float32Array, rows: number, columns: number, badPixels: BadPixels): void {
  for (const pixel of badPixels) {
    const r = Math.floor(pixel / columns);
    const c = pixel % columns;
    const around: number[] = [];
    for (let y = Math.max(0, r - 1); y <= Math.min(rows - 1, r + 1); y++) {
      for (let x = Math.max(0, c - 1); x <= Math.min(columns - 1, c + 1); x++) {
        if (!badPixels.has(y * columns + x)) around.push(pattern[y * columns + x]!);
      }
    }
    pattern[pixel] = around.length === 0 ? 0 : around.reduce((sum, value) => sum + value, 0) / around.length;
  }
}

/**
 * Radius of the spots from the autocorrelation of the patterns, wherever the spots are: two disks of radius R overlap by
 * half when 0.808 R apart. A Gaussian spot of standard deviation σ gives 2.06 σ, about the best radius to collect it with.
 */
export function spotRadius(patterns: readonly Float32Array[], rows: number, columns: number): number {
  const reach = Math.min(24, Math.floor(Math.min(rows, columns) / 3));
  const correlation = new Float64Array(reach + 1);
  // A third of the patterns tells the spots' size as well as all of them.
  for (const pattern of patterns.filter((_, i) => i % 3 === 0 || patterns.length < 30)) {
    let energy = 0;
    for (let i = 0; i < pattern.length; i++) energy += pattern[i]! * pattern[i]!;
    if (energy === 0) continue;
    for (let d = 1; d <= reach; d++) {
      let sum = 0;
      for (let i = 0, end = pattern.length - d * columns; i < end; i++) sum += pattern[i]! * pattern[i + d * columns]!;
      for (let r = 0; r < rows; r++) {
        for (let i = r * columns, end = (r + 1) * columns - d; i < end; i++) sum += pattern[i]! * pattern[i + d]!;
      }
      correlation[d]! += sum / energy;
    }
  }
  // At 0 counting noise correlates with itself: continue the parabola of the next two instead.
  if (reach < 3) return 1;
  correlation[0] = correlation[1]! + Math.max(0, (correlation[1]! - correlation[2]!) / 3);
  let base = correlation[0]!;
  for (let d = 1; d <= reach && correlation[d]! <= base * 1.02; d++) base = Math.min(base, correlation[d]!);
  const half = (correlation[0]! + base) / 2;
  let d = 0;
  while (d < reach && correlation[d + 1]! > half) d++;
  const drop = correlation[d]! - (correlation[d + 1] ?? 0);
  const crossing = d + (drop > 0 ? (correlation[d]! - half) / drop : 0);
  return Math.min(Math.max(crossing / 0.808, 1), reach / 2);
}

/** The brightest local maxima of the pattern, smoothed by half its radius, above the mean of a box five radii wide. */
function findSpots(pattern: Float32Array, rows: number, columns: number, radius: number): Candidate[] {
  const spot = gaussianBlur(pattern, rows, columns, Math.max(0.6, radius / 2));
  const ground = boxBlur(spot, rows, columns, Math.ceil(2.5 * radius));
  for (let i = 0; i < spot.length; i++) spot[i]! -= ground[i]!;
  const found: Candidate[] = [];
  for (let r = 0; r < rows; r++) {
    for (let c = 0; c < columns; c++) {
      const value = spot[r * columns + c]!;
      if (value > 1e-6 * ground[r * columns + c]! && isPeak(spot, rows, columns, r, c)) {
        found.push({ place: [r, c], strength: value });
      }
    }
  }
  return found.sort((a, b) => b.strength - a.strength).slice(0, candidatesPerPattern);
}

function isPeak(image: Float32Array, rows: number, columns: number, row: number, column: number): boolean {
  const value = image[row * columns + column]!;
  for (let r = Math.max(0, row - 1); r <= Math.min(rows - 1, row + 1); r++) {
    for (let c = Math.max(0, column - 1); c <= Math.min(columns - 1, column + 1); c++) {
      if (image[r * columns + c]! > value) return false;
    }
  }
  return true;
}

function brightest(pattern: Float32Array, rows: number, columns: number, beam: Candidate, radius: number): number {
  const reach = Math.ceil(radius);
  let most = 0;
  for (let r = Math.max(0, beam.place[0] - reach); r <= Math.min(rows - 1, beam.place[0] + reach); r++) {
    for (let c = Math.max(0, beam.place[1] - reach); c <= Math.min(columns - 1, beam.place[1] + reach); c++) {
      most = Math.max(most, pattern[r * columns + c]!);
    }
  }
  return most;
}
