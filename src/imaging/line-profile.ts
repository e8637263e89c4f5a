import { ShapeError } from "../scan/errors.ts";
import { type Images, item } from "../scan/scan.ts";
import type { Axis } from "../scan/source.ts";
import type { Point } from "./apertures.ts";

export interface LineProfileOptions {
  /** Parallel lines averaged, 1 px apart, centred on the line; default 1. */
  readonly width?: number;
  /** Row and column axis of the image: distances come in their unit; default: pixels. */
  readonly axes?: readonly [Axis, Axis];
}

/** Values along a line, for each image of a stack. */
export interface LineProfile {
  /** Distance of each sample from the start of the line, in `unit`. */
  readonly distance: Float64Array;
  readonly unit: string;
  /** One array for each image, as long as `distance`; NaN where the line lies outside the image. */
  readonly values: readonly Float32Array[];
}

/**
 * Values of images along a straight line, averaged across a width: how sharp a boundary is, and where.
 *
 * Samples lie evenly at most 1 px apart, from one end to the other, both included; values between positions are interpolated
 * linearly in rows and columns. Where the band reaches over the edge, the mean is of what is inside.
 *
 * @param stack  images that share the line
 * @param from   row and column of the start, px
 * @param to     row and column of the end, px
 * @throws ShapeError  ends that coincide or are not finite, width below 1, axes of different units
 * @example
 * const brightField = await virtualImages(scan, [disk(scan.pixels, [10, 12], 3)]);
 * const { distance, values } = lineProfile(brightField, [0, 0], [0, 4], { width: 3, axes: source.axes.positions });
 */
export function lineProfile(stack: Images, from: Point, to: Point, options: LineProfileOptions = {}): LineProfile {
  const { width = 1, axes } = options;
  const along = [to[0] - from[0], to[1] - from[1]] as const;
  const length = Math.hypot(...along);
  if (!(length > 0 && Number.isFinite(length))) {
    throw new ShapeError(`lineProfile: expected two different points, found ${from.join(", ")} and ${to.join(", ")}`, {
      expected: "two different points",
      got: [from, to],
    });
  }
  if (!(width >= 1 && Number.isFinite(width))) {
    throw new ShapeError(`lineProfile: expected a width of 1 px or more, found ${width}`, {
      expected: "≥ 1",
      got: width,
    });
  }
  if (axes && axes[0].unit !== axes[1].unit) {
    throw new ShapeError(
      `lineProfile: expected both axes in one unit, found "${axes[0].unit}" and "${axes[1].unit}"; leave axes out for pixels`,
      { expected: axes[0].unit, got: axes[1].unit },
    );
  }
  const samples = Math.ceil(length - 1e-9) + 1;
  const lines = Math.round(width);
  const across = [-along[1] / length, along[0] / length] as const;
  const physical = axes ? Math.hypot(along[0] * axes[0].step, along[1] * axes[1].step) : length;

  const values = Array.from({ length: stack.count }, () => new Float32Array(samples));
  for (let sample = 0; sample < samples; sample++) {
    const fraction = sample / (samples - 1);
    for (let i = 0; i < stack.count; i++) {
      const image = item(stack, i);
      let sum = 0;
      let inside = 0;
      for (let line = 0; line < lines; line++) {
        const aside = line - (lines - 1) / 2;
        const row = from[0] + fraction * along[0] + aside * across[0];
        const column = from[1] + fraction * along[1] + aside * across[1];
        const value = interpolated(image, stack.size, row, column);
        if (value === undefined) continue;
        sum += value;
        inside++;
      }
      values[i][sample] = inside === 0 ? Number.NaN : sum / inside;
    }
  }
  return {
    distance: Float64Array.from({ length: samples }, (_, i) => (physical * i) / (samples - 1)),
    unit: axes ? axes[0].unit : "px",
    values,
  };
}

function interpolated(
  image: Float32Array,
  [rows, columns]: readonly [number, number],
  row: number,
  column: number,
): number | undefined {
  // Ends computed as sums of fractions may lie a rounding error outside.
  const slack = 1e-9;
  if (row < -slack || column < -slack || row > rows - 1 + slack || column > columns - 1 + slack) return undefined;
  const top = Math.min(Math.max(Math.floor(row), 0), rows - 1);
  const left = Math.min(Math.max(Math.floor(column), 0), columns - 1);
  const bottom = Math.min(top + 1, rows - 1);
  const right = Math.min(left + 1, columns - 1);
  const down = Math.min(Math.max(row - top, 0), 1);
  const over = Math.min(Math.max(column - left, 0), 1);
  const upper = image[top * columns + left] * (1 - over) + image[top * columns + right] * over;
  const lower = image[bottom * columns + left] * (1 - over) + image[bottom * columns + right] * over;
  return upper * (1 - down) + lower * down;
}
