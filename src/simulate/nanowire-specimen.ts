import { area, type Images, images } from "../scan/scan.ts";
import { filmCover, filmScatters } from "./carbon-film.ts";
import { descanShifts } from "./descan.ts";
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
    const film = filmScatters * filmCover(y, x, extent);
    abundances[i] = (1 - film) * thickness * (1 - second);
    abundances[count + i] = (1 - film) * thickness * second;
    abundances[2 * count + i] = (1 - film) * (1 - thickness);
    abundances[3 * count + i] = film;
    along[i] = Math.max(-1, Math.min(1, 2 * v));
  }
  return { abundances: images(positions, abundances), along, shifts: descanShifts(options) };
}
