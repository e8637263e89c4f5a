import { median } from "../algebra/median.ts";
import { DataError, ShapeError } from "../scan/errors.ts";
import { area, type Images, images } from "../scan/scan.ts";
import { type PatternSource, patternBytes, readPatterns, typedArray, type Watch } from "../scan/source.ts";
import type { PlaneFit } from "./alignment.ts";
import { type BeamSurvey, surveyBeam } from "./beam-survey.ts";
import { beamTemplate } from "./beam-template.ts";
import { type BeamTracker, beamTracker, type Tracked } from "./beam-tracker.ts";
import { trackHiddenBeam } from "./hidden-beam.ts";
import { fitPlane, planeAt } from "./plane.ts";

export interface DirectBeamOptions extends Watch {
  /** Radius of the direct beam, px; found from the data if left out. */
  readonly radius?: number;
  /** How far from the plane the beam is looked for, px; from the data if left out. */
  readonly searchRadius?: number;
}

export interface DirectBeam {
  /** Row and column as measured, px, sub-pixel (2 × positions); NaN where the beam was not found. */
  readonly measured: Images;
  /** Row and column of the plane through the measured places, px (2 × positions). */
  readonly fitted: Images;
  /** Measured, or where that is an outlier or NaN the plane moved by the median of the neighbours' residuals (2 × positions). */
  readonly places: Images;
  readonly plane: readonly [PlaneFit, PlaneFit];
  /** 1 where `places` is not the measured place. */
  readonly repaired: Uint8Array;
  /** Radius of the direct beam, px. */
  readonly radius: number;
}

const chunkBytes = 2 << 20;

/**
 * Finds the direct beam of every pattern to a fraction of a pixel.
 *
 * A survey of up to 100 patterns tells the beam's size and the plane in which it drifts over the scan (descan). Then every
 * pattern is searched near that plane, and the place is the most likely one of the mean beam, Σ p(x) · ln(T(x − place)/b),
 * for Poisson counts p, mean beam T and ground b. A plane is fitted to the places, heedless of outliers; outliers are searched a
 * second time nearer to the plane, and taken from it if that fails. Reads every pattern once, and the surveyed ones twice.
 *
 * Where a beam stop hides the beam, the place is found from the rest of the pattern instead, see {@link trackHiddenBeam}.
 *
 * @param source  patterns, counts [any], values that are negative or NaN count as 0
 * @returns see {@link DirectBeam}
 * @throws DataError   no pattern shows a direct beam
 * @throws ShapeError  a radius is not positive
 * @throws AbortError  signal was aborted
 * @example
 * const { measured, radius } = await findDirectBeam(source);
 */
export async function findDirectBeam(source: PatternSource, options: DirectBeamOptions = {}): Promise<DirectBeam> {
  const { radius, searchRadius, signal, onProgress } = options;
  for (const [name, value] of Object.entries({ radius, searchRadius })) {
    if (value !== undefined && !(value > 0 && value < Math.max(...source.pixels))) {
      throw new ShapeError(
        `${name}: expected pixels, more than 0 and less than ${Math.max(...source.pixels)}, found ${value}`,
        {
          expected: source.pixels,
          got: value,
        },
      );
    }
  }
  onProgress?.("finding the direct beam", 0);
  const hidden = await trackHiddenBeam(source, options);
  if (hidden !== undefined) return hidden;
  const survey = await surveyBeam(source, radius, signal);
  const tracker = beamTracker(beamTemplate(survey, source.pixels), survey, source.pixels);
  const reach = Math.ceil(searchRadius ?? defaultReach(survey, source));
  const tracked = await trackAll(source, tracker, survey, reach, options);
  const measured = believed(tracked, source);
  if (measured[0]!.every(Number.isNaN)) {
    throw new DataError(
      `${source.name}: expected a direct beam in the patterns, found none; if the scan is good, analyse it as recorded with --no-align`,
      {},
    );
  }
  const result = await settle(source, tracker, survey, measured, signal);
  onProgress?.("finding the direct beam", 1);
  return result;
}

function defaultReach({ consensus, radius }: BeamSurvey, source: PatternSource): number {
  const wide = 4 * consensus.scatter + Math.max(3, radius);
  return Math.max(2, Math.min(wide, Math.min(...source.pixels) / 2));
}

async function trackAll(
  source: PatternSource,
  tracker: BeamTracker,
  { consensus }: BeamSurvey,
  reach: number,
  { signal, onProgress }: Watch,
): Promise<Tracked[]> {
  const count = area(source.positions);
  const columns = source.positions[1];
  const size = area(source.pixels);
  const chunk = Math.max(1, Math.floor(chunkBytes / patternBytes(source)));
  const bytes = new Uint8Array(chunk * patternBytes(source));
  const values = typedArray(source.dtype, bytes.buffer);
  const tracked: Tracked[] = [];
  for (let first = 0; first < count; first += chunk) {
    signal?.throwIfAborted();
    onProgress?.("finding the direct beam", 0.05 + (0.9 * first) / count);
    const length = Math.min(chunk, count - first);
    await source.read(first, length, bytes.subarray(0, length * patternBytes(source)));
    for (let i = 0; i < length; i++) {
      const row = Math.floor((first + i) / columns);
      const column = (first + i) % columns;
      const expected = [planeAt(consensus.planes[0], row, column), planeAt(consensus.planes[1], row, column)] as const;
      tracked.push(tracker.find(values, i * size, expected, reach));
    }
  }
  return tracked;
}

/** Rows and columns of the beams that stand out from their ground and are no less than 5 % of the usual beam; NaN for the others. */
function believed(tracked: readonly Tracked[], source: PatternSource): [Float64Array, Float64Array] {
  const usual = median(Float64Array.from(tracked.map((beam) => beam.strength)));
  const counting = source.dtype !== "f32" && source.dtype !== "f64"; // other values need not be counts
  const stands = ({ strength, ground }: Tracked) =>
    strength > 0 && strength >= 0.05 * usual && (!counting || (strength >= 3 && strength >= 2 * Math.sqrt(ground)));
  return [
    Float64Array.from(tracked, (beam) => (stands(beam) ? beam.row : Number.NaN)),
    Float64Array.from(tracked, (beam) => (stands(beam) ? beam.column : Number.NaN)),
  ];
}

/** Fits the planes, searches outliers a second time, and repairs what remains. */
async function settle(
  source: PatternSource,
  tracker: BeamTracker,
  { radius, consensus }: BeamSurvey,
  measured: [Float64Array, Float64Array],
  signal: AbortSignal | undefined,
): Promise<DirectBeam> {
  const size = source.positions;
  const count = area(size);
  const fitBoth = () =>
    measured.map((values) => fitPlane(points(values, size[1]), size)) as unknown as [PlaneFit, PlaneFit];
  const residual = (planes: readonly [PlaneFit, PlaneFit], axis: 0 | 1, i: number) =>
    measured[axis][i]! - planeAt(planes[axis], Math.floor(i / size[1]), i % size[1]);

  let planes = fitBoth();
  const scatter = Math.max(
    ...([0, 1] as const).map((axis) => spread(measured[axis].map((_, i) => residual(planes, axis, i)))),
  );
  const limit = Math.max(1.5 * radius + 1, 6 * scatter, 1);
  const outlying = (i: number) => {
    const distance = Math.hypot(residual(planes, 0, i), residual(planes, 1, i));
    return !(distance <= limit) && !agrees(i);
  };
  /** A jump that its neighbours share is a jump of the beam, not a reflection. */
  const agrees = (i: number) =>
    ([0, 1] as const).every((axis) => {
      const around = neighbourhood(i, size, 1).filter((n) => n !== i && Number.isFinite(measured[axis][n]!));
      if (around.length < 3) return false;
      const middle = median(Float64Array.from(around, (n) => residual(planes, axis, n)));
      return Math.abs(residual(planes, axis, i) - middle) <= Math.max(radius, 3 * scatter) / 2;
    });

  const suspects = Array.from({ length: count }, (_, i) => i).filter(outlying);
  const doubtful = new Uint8Array(count);
  for (const i of suspects) doubtful[i] = 1;
  const local = (axis: 0 | 1, i: number) => {
    const kept = neighbourhood(i, size, 2).filter((n) => doubtful[n] === 0);
    const plane = planeAt(planes[axis], Math.floor(i / size[1]), i % size[1]);
    return kept.length < 3 ? plane : plane + median(Float64Array.from(kept, (n) => residual(planes, axis, n)));
  };
  const near = Math.max(2, Math.ceil(3 * Math.min(scatter, consensus.scatter + 1)));
  for (const i of suspects) {
    if (Number.isNaN(measured[0][i]!)) continue; // nothing stood out even in the wide window
    signal?.throwIfAborted();
    const expected = [local(0, i), local(1, i)] as const;
    const again = tracker.find(await readPatterns(source, i, 1), 0, expected, near);
    const believable = again.strength > 2 * Math.sqrt(again.ground) && again.strength > 0;
    if (believable && Math.hypot(again.row - expected[0], again.column - expected[1]) <= Math.min(limit, near)) {
      measured[0][i] = again.row;
      measured[1][i] = again.column;
      doubtful[i] = 0;
    }
  }
  const trusted = measured.map((values) => values.map((value, i) => (doubtful[i] === 1 ? Number.NaN : value)));
  planes = trusted.map((values, axis) =>
    values.every(Number.isNaN) ? planes[axis as 0 | 1] : fitPlane(points(values, size[1]), size),
  ) as unknown as [PlaneFit, PlaneFit];
  const fitted = new Float32Array(2 * count);
  const places = new Float32Array(2 * count);
  for (const axis of [0, 1] as const) {
    for (let i = 0; i < count; i++) {
      fitted[axis * count + i] = planeAt(planes[axis], Math.floor(i / size[1]), i % size[1]);
      places[axis * count + i] = doubtful[i] === 1 ? local(axis, i) : measured[axis][i]!;
    }
  }
  const asMeasured = new Float32Array(2 * count);
  asMeasured.set(measured[0]);
  asMeasured.set(measured[1], count);
  return {
    measured: images(size, asMeasured),
    fitted: images(size, fitted),
    places: images(size, places),
    plane: planes,
    repaired: doubtful,
    radius,
  };
}

function points(values: Float64Array, columns: number) {
  return Array.from(values, (value, i) => ({ row: Math.floor(i / columns), column: i % columns, value })).filter(
    (point) => Number.isFinite(point.value),
  );
}

const spread = (residuals: Float64Array): number => 1.4826 * median(residuals.filter(Number.isFinite).map(Math.abs));

function neighbourhood(i: number, [rows, columns]: readonly [number, number], reach: number): number[] {
  const row = Math.floor(i / columns);
  const column = i % columns;
  const found: number[] = [];
  for (let r = Math.max(0, row - reach); r <= Math.min(rows - 1, row + reach); r++) {
    for (let c = Math.max(0, column - reach); c <= Math.min(columns - 1, column + reach); c++)
      found.push(r * columns + c);
  }
  return found;
}
