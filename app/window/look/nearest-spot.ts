import type { Size } from "../../../src/index.ts";
import type { Point } from "../state/shapes.ts";

/** A reflection that was clicked: its centre, px. */
export type Spot = Point;

/** The spot near a clicked pixel: uphill to the brightest pixel, then the centre of mass about it above the darkest value there. */
export function nearestSpot(values: Float32Array, [rows, columns]: Size, [row, column]: Point): Spot {
  const at = (r: number, c: number): number =>
    r < 0 || c < 0 || r >= rows || c >= columns ? Number.NEGATIVE_INFINITY : values[r * columns + c];
  let [r, c] = [row, column];
  const farthest = Math.max(2, Math.round(Math.min(rows, columns) / 30));
  for (let step = 0; step < farthest; step++) {
    let best: Point = [r, c];
    for (let dr = -1; dr <= 1; dr++) {
      for (let dc = -1; dc <= 1; dc++) if (at(r + dr, c + dc) > at(best[0], best[1])) best = [r + dr, c + dc];
    }
    if (best[0] === r && best[1] === c) break;
    [r, c] = best;
  }
  const reach = 2;
  let least = Number.POSITIVE_INFINITY;
  for (let dr = -reach; dr <= reach; dr++) {
    for (let dc = -reach; dc <= reach; dc++) {
      const value = at(r + dr, c + dc);
      if (Number.isFinite(value)) least = Math.min(least, value);
    }
  }
  let [sum, down, across] = [0, 0, 0];
  for (let dr = -reach; dr <= reach; dr++) {
    for (let dc = -reach; dc <= reach; dc++) {
      const value = at(r + dr, c + dc);
      if (!Number.isFinite(value)) continue;
      sum += value - least;
      down += (value - least) * dr;
      across += (value - least) * dc;
    }
  }
  return sum > 0 ? [r + down / sum, c + across / sum] : [r, c];
}
