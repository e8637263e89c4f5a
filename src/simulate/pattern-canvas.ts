import type { Size } from "../scan/scan.ts";

/** Where a pattern is drawn: the detector with a margin, so that a displaced pattern has what moves in. */
export interface Canvas {
  readonly size: Size;
  /** Direct beam, px of the canvas. */
  readonly centre: readonly [row: number, column: number];
}

/** A distribution over the canvas that sums to 1; `height` is given rows and columns from the direct beam, px. */
export function distribution({ size, centre }: Canvas, height: (row: number, column: number) => number): Float32Array {
  const values = new Float32Array(size[0] * size[1]);
  for (let r = 0, i = 0; r < size[0]; r++) {
    for (let c = 0; c < size[1]; c++, i++) values[i] = height(r - centre[0], c - centre[1]);
  }
  const total = values.reduce((sum, value) => sum + value, 0);
  return values.map((value) => value / total);
}

/** Diffuse scattering about the direct beam, (1 + (k/width)²)^−3/2; `width` in px. */
export const diffuse = (canvas: Canvas, width: number): Float32Array =>
  distribution(canvas, (y, x) => (1 + (y * y + x * x) * (1 / width) ** 2) ** -1.5);
