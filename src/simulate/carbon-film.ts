import { type Canvas, distribution } from "./pattern-canvas.ts";

/** Part of the electrons that the film scatters. */
export const filmScatters = 0.1;

/** How much of a position the film covers, 0 … 1: the field below a slanting edge. y and x from −½ to ½ along the longer side. */
export const filmCover = (y: number, x: number, extent: number): number =>
  Math.min(1, Math.max(0, 0.5 + (y + 0.35 * x - 0.12) * extent));

/**
 * What amorphous carbon makes of the beam: broad rings at 1/2.1 and 1/1.2 Å⁻¹ over small-angle scattering; sums to 1 over the canvas.
 *
 * @param step  1/Å per px
 */
export function carbonHalo(canvas: Canvas, step: number): Float32Array {
  const ring = (k: number, at: number, width: number) => Math.exp(-(((k - at) / width) ** 2) / 2);
  return distribution(canvas, (y, x) => {
    const k = Math.hypot(y, x) * step;
    return ring(k, 0.476, 0.07) + 0.45 * ring(k, 0.85, 0.09) + 1.2 * (1 + (k / 0.12) ** 2) ** -1.5;
  });
}
