import { leastSquares } from "../algebra/least-squares.ts";
import { median } from "../algebra/median.ts";
import { random } from "../algebra/random.ts";
import type { Size } from "../scan/scan.ts";
import { fitPlane, planeAt } from "./plane.ts";

/** A spot that may be the direct beam. */
export interface Candidate {
  readonly place: readonly [row: number, column: number];
  readonly strength: number;
}

export interface Sighting {
  readonly row: number;
  readonly column: number;
  /** Brightest first. */
  readonly candidates: readonly Candidate[];
}

type Plane = { readonly constant: number; readonly perRow: number; readonly perColumn: number };

export interface Consensus {
  readonly planes: readonly [Plane, Plane];
  /** How far the beam strays from the planes, as a standard deviation, px (from the median). */
  readonly scatter: number;
  /** The candidate of each sighting that is taken for the beam. */
  readonly picks: readonly (Candidate | undefined)[];
}

const hypotheses = 600;

/**
 * The one spot that most sightings have in common, in a place that is a plane over the scan (random sample consensus).
 *
 * A hypothesis is a constant place (any of a sighting's three brightest) or the plane through the spots of three sightings. Its score
 * is Σ √(strength ÷ brightest of that sighting) / (1 + (distance ÷ τ)²) over the sightings, τ = max(2, radius), times a
 * mild preference for the middle of the detector (up to 20 %) and for little descan (up to 30 %). The first decides between spots
 * that are present everywhere; the second keeps a plane from climbing from the beam to a reflection and back.
 *
 * @returns undefined where no sighting has a candidate
 * @see Fischler & Bolles, Commun. ACM 24 (1981) 381
 */
export function findConsensus(
  sightings: readonly Sighting[],
  scan: Size,
  pixels: Size,
  radius: number,
): Consensus | undefined {
  const seen = sightings.filter((sighting) => sighting.candidates.length > 0);
  if (seen.length === 0) return undefined;
  const tolerance = Math.max(2, radius);
  let best: readonly [Plane, Plane] | undefined;
  let highest = -1;
  const weigh = (planes: readonly [Plane, Plane]) => {
    const value = score(planes, seen, scan, pixels, tolerance);
    if (value > highest) {
      highest = value;
      best = planes;
    }
  };
  for (const { candidates } of seen) {
    for (const { place } of candidates.slice(0, 3)) weigh([level(place[0]), level(place[1])]);
  }
  const { integer } = random(1);
  for (let h = 0; h < hypotheses && seen.length >= 4; h++) {
    const drawn = [0, 1, 2].map(() => {
      const sighting = seen[integer(seen.length)]!;
      const { place } = sighting.candidates[integer(Math.min(2, sighting.candidates.length))]!;
      return { row: sighting.row, column: sighting.column, place };
    });
    const rows = Float64Array.from(drawn.flatMap(({ row, column }) => [1, row, column]));
    const planes = ([0, 1] as const).map((axis) => {
      const [constant, perRow, perColumn] = leastSquares(
        rows,
        drawn.map(({ place }) => place[axis]),
      );
      return { constant: constant!, perRow: perRow!, perColumn: perColumn! };
    }) as [Plane, Plane];
    if (planes.every((plane, axis) => gentle(plane, scan, pixels[axis]!))) weigh(planes);
  }
  return refine(best!, sightings, scan, tolerance);
}

const level = (constant: number): Plane => ({ constant, perRow: 0, perColumn: 0 });

/** Descan by more than half the detector could not have been recorded. */
const gentle = (plane: Plane, scan: Size, pixels: number): boolean => drift(plane, scan) <= pixels / 2;

/** How far the plane moves over the whole scan, px. */
const drift = (plane: Plane, scan: Size): number =>
  Math.abs(plane.perRow) * scan[0] + Math.abs(plane.perColumn) * scan[1];

function score(
  planes: readonly [Plane, Plane],
  seen: readonly Sighting[],
  scan: Size,
  pixels: Size,
  tolerance: number,
): number {
  let sum = 0;
  for (const sighting of seen) {
    const pick = choose(sighting, planes, tolerance);
    if (pick !== undefined) sum += pick.weight;
  }
  const middle = [(scan[0] - 1) / 2, (scan[1] - 1) / 2] as const;
  const off = planes.map((plane, axis) => (planeAt(plane, ...middle) - (pixels[axis]! - 1) / 2) / (pixels[axis]! / 2));
  const descan = planes.map((plane, axis) => drift(plane, scan) / (pixels[axis]! / 2));
  return sum * (1 - 0.2 * Math.min(1, Math.hypot(off[0]!, off[1]!))) * (1 - 0.3 * Math.max(descan[0]!, descan[1]!));
}

function choose(sighting: Sighting, planes: readonly [Plane, Plane], tolerance: number) {
  const row = planeAt(planes[0], sighting.row, sighting.column);
  const column = planeAt(planes[1], sighting.row, sighting.column);
  const strongest = sighting.candidates[0]?.strength ?? 1;
  let pick: { readonly candidate: Candidate; readonly weight: number } | undefined;
  for (const candidate of sighting.candidates) {
    const squared = (candidate.place[0] - row) ** 2 + (candidate.place[1] - column) ** 2;
    const weight = Math.sqrt(candidate.strength / strongest) / (1 + squared / tolerance ** 2);
    if (pick === undefined || weight > pick.weight) pick = { candidate, weight };
  }
  return pick;
}

/** Fits the planes to the picks and picks again by the planes, until both rest. */
function refine(
  start: readonly [Plane, Plane],
  sightings: readonly Sighting[],
  scan: Size,
  tolerance: number,
): Consensus {
  let planes = start;
  let scatter = 0;
  let picks: (Candidate | undefined)[] = [];
  for (let iteration = 0; iteration < 4; iteration++) {
    picks = sightings.map((sighting) => choose(sighting, planes, Math.max(tolerance, 2 * scatter))?.candidate);
    planes = ([0, 1] as const).map((axis) =>
      fitPlane(
        sightings.flatMap(({ row, column }, i) => {
          const pick = picks[i];
          return pick === undefined ? [] : [{ row, column, value: pick.place[axis] }];
        }),
        scan,
      ),
    ) as unknown as [Plane, Plane];
    const residuals = sightings.flatMap(({ row, column }, i) => {
      const pick = picks[i];
      return pick === undefined
        ? []
        : planes.map((plane, axis) => Math.abs(pick.place[axis]! - planeAt(plane, row, column)));
    });
    scatter = 1.4826 * median(Float64Array.from(residuals));
  }
  const far = 4 * Math.max(scatter, tolerance / 2) + tolerance;
  picks = picks.map((pick, i) => {
    const { row, column } = sightings[i]!;
    return pick !== undefined &&
      Math.hypot(pick.place[0] - planeAt(planes[0], row, column), pick.place[1] - planeAt(planes[1], row, column)) <=
        far
      ? pick
      : undefined;
  });
  return { planes, scatter, picks };
}
