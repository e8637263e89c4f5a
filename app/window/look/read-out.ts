import { type Axis, printedUnit, type Size, significant } from "../../../src/index.ts";
import type { Point } from "../state/shapes.ts";

const calibrated = ([rows, columns]: readonly [Axis, Axis]): boolean => rows.unit !== "px" && columns.unit !== "px";

/** Where the position is and how bright the image is there. */
export function imageReadOut(
  [row, column]: Point,
  axes: readonly [Axis, Axis],
  values: Float32Array | undefined,
  size: Size,
): string {
  const parts = [`row ${row}, column ${column}`];
  if (calibrated(axes)) {
    const [y, x] = [row * axes[0].step, column * axes[1].step];
    parts.push(`${significant(y, 4)}, ${significant(x, 4)} ${printedUnit(axes[0].unit)}`);
  }
  const value = values?.[row * size[1] + column];
  if (value !== undefined) parts.push(`${significant(value, 5)} counts`);
  return parts.join("  ·  ");
}

/** Where the cursor is in the pattern: pixel, distance from the direct beam and its inverse, counts. */
export function patternReadOut(
  cursor: Point | undefined,
  axes: readonly [Axis, Axis],
  beam: Point,
  values: Float32Array | undefined,
  size: Size,
): string {
  if (!cursor) return "Move over the pattern to read it";
  const [row, column] = cursor;
  const parts = [`row ${row}, column ${column}`];
  const [down, across] = [row - beam[0], column - beam[1]];
  if (calibrated(axes)) {
    const distance = Math.hypot(down * axes[0].step, across * axes[1].step);
    const unit = axes[0].unit;
    parts.push(`${unit.startsWith("1/") ? "g" : "q"} = ${significant(distance, 4)} ${printedUnit(unit)}`);
    const inverse = /^1\/(.+)$/.exec(unit)?.[1];
    if (inverse && distance > 0) parts.push(`d = ${significant(1 / distance, 4)} ${printedUnit(inverse)}`);
  } else parts.push(`${significant(Math.hypot(down, across), 4)} px from the direct beam`);
  const value = values?.[row * size[1] + column];
  if (value !== undefined) parts.push(`${significant(value, 5)} counts`);
  return parts.join("  ·  ");
}
