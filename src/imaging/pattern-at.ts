import { ShapeError } from "../scan/errors.ts";
import { type Patterns, patterns } from "../scan/scan.ts";
import { type PatternSource, readPatterns } from "../scan/source.ts";
import type { Point } from "./apertures.ts";

/**
 * The pattern recorded at one scan position.
 *
 * @param source    where the patterns come from
 * @param position  row and column of the scan, whole numbers from 0 on
 * @returns one pattern [counts]
 * @throws ShapeError  a position outside the scan (states its size)
 * @example
 * const one = await patternAt(source, [1, 2]);
 */
export async function patternAt(source: PatternSource, position: Point): Promise<Patterns> {
  const [rows, columns] = source.positions;
  const [row, column] = position;
  const inside = (value: number, count: number): boolean => Number.isInteger(value) && value >= 0 && value < count;
  if (!inside(row, rows) || !inside(column, columns)) {
    throw new ShapeError(
      `patternAt: expected a position from 0, 0 to ${rows - 1}, ${columns - 1}, found ${row}, ${column}`,
      { expected: source.positions, got: position },
    );
  }
  return patterns(source.pixels, Float32Array.from(await readPatterns(source, row * columns + column, 1)));
}
