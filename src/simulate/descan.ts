import { random } from "../algebra/random.ts";
import { area, type Images, images, type Size } from "../scan/scan.ts";

export interface DescanOptions {
  readonly positions: Size;
  /** Half the range over which the direct beam drifts, px. */
  readonly descan: number;
  /** Standard deviation from position to position, px. */
  readonly jitter: number;
  /** Eighths of pixels instead of whole ones. */
  readonly fractional: boolean;
  readonly seed: number;
}

/** Sub-pixel steps per pixel in which a fractional descan is made. */
export const phases = 8;

/** No pattern is displaced by more, px: whatever the seed, the patterns are rendered with the same margin. */
export const farthestShift = ({ descan, jitter }: Pick<DescanOptions, "descan" | "jitter">): number =>
  Math.ceil(1.5 * descan + 5 * jitter);

/** Displacement of the direct beam: a plane with a slow curvature, and a jitter from the scan coils; 2 × positions, rows first, px. */
export function descanShifts(options: DescanOptions): Images {
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
