import { leastSquares } from "../algebra/least-squares.ts";
import { median } from "../algebra/median.ts";
import type { Size } from "../scan/scan.ts";
import type { PlaneFit } from "./alignment.ts";

/** A value at a scan position. */
export interface PlanePoint {
  readonly row: number;
  readonly column: number;
  readonly value: number;
}

/** What the plane says at a position. */
export const planeAt = (
  plane: Pick<PlaneFit, "constant" | "perRow" | "perColumn">,
  row: number,
  column: number,
): number => plane.constant + plane.perRow * row + plane.perColumn * column;

/**
 * Fits value = constant + perRow · row + perColumn · column, heedless of outliers.
 *
 * Iteratively reweighted least squares with Tukey's biweight, w = (1 − (r/4.685 s)²)², s = 1.4826 · median |r|, started
 * from the least absolute deviations (w = 1/|r|). Slopes that the points cannot tell (one row, one position) are 0.
 *
 * @param points  finite values; none gives a plane of NaN
 * @param size    of the scan: slopes are only sought along directions with more than one position
 * @see Huber & Ronchetti, Robust Statistics, 2nd ed. (2009), §7.8
 */
export function fitPlane(points: readonly PlanePoint[], size: Size): PlaneFit {
  const count = points.length;
  if (count === 0) return { constant: Number.NaN, perRow: 0, perColumn: 0, rms: Number.NaN };
  const middle = [(size[0] - 1) / 2, (size[1] - 1) / 2] as const;
  // Fewer than 4 points would be met exactly by any noise: a constant is then the honest plane.
  const sloped = count >= 4;
  const rows = new Float64Array(count * 3);
  const values = new Float64Array(count);
  for (const [i, point] of points.entries()) {
    rows[i * 3] = 1;
    rows[i * 3 + 1] = sloped && size[0] > 1 ? (point.row - middle[0]) / size[0] : 0;
    rows[i * 3 + 2] = sloped && size[1] > 1 ? (point.column - middle[1]) / size[1] : 0;
    values[i] = point.value;
  }
  const weights = new Float64Array(count).fill(1);
  const residuals = new Float64Array(count);
  let x: Float64Array = Float64Array.of(median(values), 0, 0);
  for (let iteration = 0; iteration < 30; iteration++) {
    for (let i = 0; i < count; i++) {
      residuals[i] = values[i]! - (x[0]! + x[1]! * rows[i * 3 + 1]! + x[2]! * rows[i * 3 + 2]!);
    }
    const scale = Math.max(1.4826 * median(residuals.map(Math.abs)), 1e-6);
    for (let i = 0; i < count; i++) {
      const r = Math.abs(residuals[i]!);
      if (iteration < 10) weights[i] = 1 / Math.max(r, scale);
      else weights[i] = r < 4.685 * scale ? (1 - (r / (4.685 * scale)) ** 2) ** 2 : 0;
    }
    const next = leastSquares(rows, values, weights);
    const moved = next.reduce((most, value, k) => Math.max(most, Math.abs(value - x[k]!)), 0);
    x = next;
    if (moved < 1e-9 && iteration >= 10) break;
  }
  let squares = 0;
  let kept = 0;
  for (let i = 0; i < count; i++) {
    if (weights[i] === 0) continue;
    squares += residuals[i]! ** 2;
    kept++;
  }
  const perRow = x[1]! / size[0];
  const perColumn = x[2]! / size[1];
  return {
    constant: x[0]! - perRow * middle[0] - perColumn * middle[1],
    perRow,
    perColumn,
    rms: Math.sqrt(squares / Math.max(1, kept)),
  };
}
