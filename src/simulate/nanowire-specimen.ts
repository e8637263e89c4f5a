import { random } from "../algebra/random.ts";
import { area, type Images, images } from "../scan/scan.ts";
import type { NanowireOptions } from "./nanowire.ts";

/** What is where: the parts of twin A, twin B, vacuum and carbon film at every position (sum 1), and how far along the wire it is. */
export interface Specimen {
  /** 4 × positions: twin A, twin B, vacuum, carbon film. */
  readonly abundances: Images;
  /** Place along the wire, −1 … 1 across the field: the bend follows it. */
  readonly along: Float32Array;
  /** 2 × positions: row and column displacement of the direct beam, px. */
  readonly shifts: Images;
}

/** Boundaries along the wire, as fractions of the field; width is how long both twins overlap, as a fraction. Odd segments are twin B. */
const boundaries = [
  { at: -0.33, width: 0.02 },
  { at: -0.12, width: 0.02 },
  { at: 0.02, width: 0.02 },
  { at: 0.28, width: 0.16 }, // oblique to the beam
] as const;

/** Part of the electrons that the carbon film scatters. */
const filmScatters = 0.1;

/**
 * A hexagonal wire seen along one of its side faces' edges: full thickness over the inner half of its width and linearly less outside. Twin
 * segments follow each other along the wire; the film covers the field below a slanting edge.
 */
export function nanowireSpecimen(options: Required<NanowireOptions>): Specimen {
  const { positions, wireAngle } = options;
  const [rows, columns] = positions;
  const count = area(positions);
  const abundances = new Float32Array(4 * count);
  const along = new Float32Array(count);
  const angle = (wireAngle * Math.PI) / 180;
  const extent = Math.max(rows, columns);
  const halfWidth = 0.24;
  for (let i = 0; i < count; i++) {
    const y = (Math.floor(i / columns) - (rows - 1) / 2) / extent;
    const x = ((i % columns) - (columns - 1) / 2) / extent;
    const v = x * Math.cos(angle) - y * Math.sin(angle);
    const u = x * Math.sin(angle) + y * Math.cos(angle);
    const thickness = Math.min(1, Math.max(0, (halfWidth - Math.abs(u)) / (halfWidth / 2)));
    let second = 0;
    for (const [n, { at, width }] of boundaries.entries()) {
      const passed = Math.min(1, Math.max(0, 0.5 + (v - at) / width));
      second += n % 2 === 0 ? passed : -passed;
    }
    const film = filmScatters * Math.min(1, Math.max(0, 0.5 + (y + 0.35 * x - 0.12) * extent));
    abundances[i] = (1 - film) * thickness * (1 - second);
    abundances[count + i] = (1 - film) * thickness * second;
    abundances[2 * count + i] = (1 - film) * (1 - thickness);
    abundances[3 * count + i] = film;
    along[i] = Math.max(-1, Math.min(1, 2 * v));
  }
  return { abundances: images(positions, abundances), along, shifts: descanShifts(options) };
}

/** Sub-pixel steps per pixel in which a fractional descan is made. */
export const phases = 8;

/** No pattern is displaced by more, px: whatever the seed, the patterns are rendered with the same margin. */
export const farthestShift = ({ descan, jitter }: Required<NanowireOptions>): number =>
  Math.ceil(1.5 * descan + 5 * jitter);

/** A plane with a slow curvature, and a jitter from the scan coils; whole pixels, or eighths where asked for fractions. */
function descanShifts(options: Required<NanowireOptions>): Images {
  const { positions, descan, jitter, fractional, seed } = options;
  const farthest = farthestShift(options);
  const [rows, columns] = positions;
  const count = area(positions);
  const shifts = new Float32Array(2 * count);
  const { normal } = random(seed, -1);
  const step = fractional ? phases : 1;
  for (let i = 0; i < count; i++) {
    const v = rows > 1 ? (2 * Math.floor(i / columns)) / (rows - 1) - 1 : 0;
    const u = columns > 1 ? (2 * (i % columns)) / (columns - 1) - 1 : 0;
    const row = descan * (0.8 * v - 0.25 * u + 0.2 * (u * u - 1 / 3));
    const column = descan * (0.3 * v + u - 0.2 * (v * v - 1 / 3));
    for (const [axis, place] of [row, column].entries()) {
      const wandering = Math.max(-farthest, Math.min(farthest, place + jitter * normal()));
      shifts[axis * count + i] = Math.round(wandering * step) / step + 0; // + 0: no −0
    }
  }
  return images(positions, shifts);
}
