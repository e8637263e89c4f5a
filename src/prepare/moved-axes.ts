import type { Axes, Axis } from "../scan/source.ts";

/** The axes of patterns whose first pixel was pixel [row, column]: the same pixel keeps its calibrated value. */
export function moved(axes: Axes, row: number, column: number): Axes {
  const by = (axis: Axis, pixels: number): Axis => ({ ...axis, origin: axis.origin + pixels * axis.step });
  return { positions: axes.positions, pixels: [by(axes.pixels[0], row), by(axes.pixels[1], column)] };
}
