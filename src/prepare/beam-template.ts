import { log } from "../algebra/elementary.ts";
import type { BadPixels } from "./bad-pixels.ts";
import type { BeamSurvey, Look } from "./beam-survey.ts";
import { type BeamTracker, beamTracker } from "./beam-tracker.ts";
import { planeAt } from "./plane.ts";

/** The direct beam as it looks on average, as weights of a likelihood. */
export interface BeamTemplate {
  /** Half width of the square that the weights fill, px. */
  readonly half: number;
  /** (2 half + 1)² values ≥ 0, row-major. */
  readonly weights: Float32Array;
  /** Where the beam's centre of mass lies from the middle of the square, px. */
  readonly offset: readonly [row: number, column: number];
}

/**
 * The template with which the place of a beam is most likely: Poisson counts p of a beam T over an even ground b have the
 * log-likelihood Σ p(x) · ln T(x − place) + constant, so the weights are ln(T/b), cut to where the beam is.
 *
 * T is the mean of the surveyed beams; it is made twice, the second time with the places that the first one found.
 */
export function beamTemplate(survey: BeamSurvey, pixels: readonly [number, number]): BeamTemplate {
  const nothingBad: BadPixels = new Set(); // the survey has mended them
  let places = survey.looks.map((look) => look.beam?.place);
  let template = averaged(survey, pixels, places);
  for (let round = 0; round < 2; round++) {
    const tracker: BeamTracker = beamTracker(template, { ...survey, badPixels: nothingBad }, pixels);
    places = survey.looks.map((look) => {
      if (look.beam === undefined) return undefined;
      const expected = near(look.beam.place, survey, look);
      const found = tracker.find(look.pattern, 0, expected, Math.ceil(survey.radius) + 1);
      const offset = template.offset;
      return [Math.round(found.row - offset[0]), Math.round(found.column - offset[1])] as const;
    });
    template = averaged(survey, pixels, places);
  }
  return template;
}

/** The picked spot, unless it is far from the plane and so perhaps a reflection: then the plane. */
function near(place: readonly [number, number], survey: BeamSurvey, look: Look): readonly [number, number] {
  const { planes, scatter } = survey.consensus;
  const expected = [planeAt(planes[0], look.row, look.column), planeAt(planes[1], look.row, look.column)] as const;
  const distance = Math.hypot(place[0] - expected[0], place[1] - expected[1]);
  return distance <= 3 * scatter + survey.radius + 2 ? place : expected;
}

function averaged(
  { looks, radius, cap }: BeamSurvey,
  [rows, columns]: readonly [number, number],
  places: readonly (readonly [number, number] | undefined)[],
): BeamTemplate {
  const support = 1.5 * radius + 1.5;
  const half = Math.ceil(support + 1.5);
  const side = 2 * half + 1;
  const sums = new Float64Array(side * side);
  const counts = new Float64Array(side * side);
  for (const [i, { pattern }] of looks.entries()) {
    const place = places[i];
    if (place === undefined) continue;
    for (let y = 0; y < side; y++) {
      const r = place[0] + y - half;
      if (r < 0 || r >= rows) continue;
      for (let x = 0; x < side; x++) {
        const c = place[1] + x - half;
        if (c < 0 || c >= columns) continue;
        sums[y * side + x]! += Math.min(cap, pattern[r * columns + c]!);
        counts[y * side + x]!++;
      }
    }
  }
  const mean = sums.map((sum, i) => (counts[i] === 0 ? 0 : sum / counts[i]!));
  const most = mean.reduce((high, value) => Math.max(high, value), 0);
  let ring = 0;
  let ringCount = 0;
  for (let i = 0; i < mean.length; i++) {
    const distance = Math.hypot(Math.floor(i / side) - half, (i % side) - half);
    if (distance <= support || distance > half || counts[i] === 0) continue;
    ring += mean[i]!;
    ringCount++;
  }
  // Without any ground a single stray count outside the beam would be infinitely unlikely: never below 1 % of the beam.
  const ground = Math.max(ring / Math.max(1, ringCount), 0.01 * most, Number.MIN_VALUE);
  const weights = new Float32Array(side * side);
  const moment = [0, 0];
  let total = 0;
  for (let i = 0; i < mean.length; i++) {
    const y = Math.floor(i / side) - half;
    const x = (i % side) - half;
    if (Math.hypot(y, x) > support) continue;
    weights[i] = Math.max(0, log(mean[i]! / ground));
    const above = Math.max(0, mean[i]! - ground);
    total += above;
    moment[0]! += above * y;
    moment[1]! += above * x;
  }
  return { half, weights, offset: total > 0 ? [moment[0]! / total, moment[1]! / total] : [0, 0] };
}
