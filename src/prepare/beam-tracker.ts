import type { BeamSurvey } from "./beam-survey.ts";
import type { BeamTemplate } from "./beam-template.ts";

/** Where the beam of one pattern is, px, and its counts above the ground around it. */
export interface Tracked {
  readonly row: number;
  readonly column: number;
  readonly strength: number;
  /** Ground counts under the beam: what the strength must stand out from. */
  readonly ground: number;
}

export interface BeamTracker {
  /**
   * Finds the beam of the pattern that starts at `start` of `values`, at most `reach` px from where it is expected.
   * Touches only the pixels of that window.
   */
  find(
    values: ArrayLike<number>,
    start: number,
    expected: readonly [row: number, column: number],
    reach: number,
  ): Tracked;
}

/**
 * Finds the beam in three steps: the brightest box of the beam's size (by running sums, favouring places near the expected one),
 * uphill to the most likely whole pixel of the template, and the top of the parabola through its neighbours.
 *
 * A spot's brightness is divided by (1 + (distance ÷ τ)²)²: a reflection must be far brighter than the
 * beam to be taken for it.
 */
export function beamTracker(
  template: BeamTemplate,
  { radius, cap, badPixels, consensus }: Pick<BeamSurvey, "radius" | "cap" | "badPixels" | "consensus">,
  [rows, columns]: readonly [number, number],
): BeamTracker {
  const { half, weights, offset } = template;
  const templateSide = 2 * half + 1;
  const box = Math.max(1, Math.round(0.886 * radius - 0.5)); // a square as large as the disk
  const tolerance = Math.max(2, radius, 2 * consensus.scatter);
  const parts = Uint8Array.from(weights, (_, i) => {
    const distance = Math.hypot(Math.floor(i / templateSide) - half - offset[0], (i % templateSide) - half - offset[1]);
    if (distance <= radius + 0.5) return 1; // the beam
    return Math.abs(distance - (1.5 * radius + 1.75)) <= 0.75 ? 2 : 0; // its ground
  });
  const beamCount = parts.reduce((count, part) => count + (part === 1 ? 1 : 0), 0);
  const ringCount = parts.reduce((count, part) => count + (part === 2 ? 1 : 0), 0);
  let side = 0;
  let window = new Float32Array(0);
  let sums = new Float64Array(0);
  let boxes = new Float64Array(0);

  /** Cuts the window out of the pattern; what lies outside the detector is 0. */
  function cut(values: ArrayLike<number>, start: number, top: number, left: number): void {
    window.fill(0);
    const firstRow = Math.max(0, -top);
    const lastRow = Math.min(side, rows - top);
    const firstColumn = Math.max(0, -left);
    const lastColumn = Math.min(side, columns - left);
    for (let y = firstRow; y < lastRow; y++) {
      const from = start + (top + y) * columns + left;
      for (let x = firstColumn, to = y * side + firstColumn; x < lastColumn; x++, to++) {
        const value = values[from + x]!;
        window[to] = value > 0 ? (value < cap ? value : cap) : 0;
      }
    }
    for (const pixel of badPixels) {
      const y = Math.floor(pixel / columns) - top;
      const x = (pixel % columns) - left;
      if (y >= firstRow && y < lastRow && x >= firstColumn && x < lastColumn) mend(y, x, top, left);
    }
  }

  function mend(y: number, x: number, top: number, left: number): void {
    let sum = 0;
    let count = 0;
    for (let dy = -1; dy <= 1; dy++) {
      for (let dx = -1; dx <= 1; dx++) {
        const r = top + y + dy;
        const c = left + x + dx;
        if (y + dy < 0 || y + dy >= side || x + dx < 0 || x + dx >= side) continue;
        if (r < 0 || r >= rows || c < 0 || c >= columns || badPixels.has(r * columns + c)) continue;
        sum += window[(y + dy) * side + x + dx]!;
        count++;
      }
    }
    window[y * side + x] = count === 0 ? 0 : sum / count;
  }

  /** sums[y, x] = everything above and left of (y, x). */
  function accumulate(): void {
    const wide = side + 1;
    for (let y = 0; y < side; y++) {
      let row = 0;
      for (let x = 0; x < side; x++) {
        row += window[y * side + x]!;
        sums[(y + 1) * wide + x + 1] = sums[y * wide + x + 1]! + row;
      }
    }
  }

  function boxSum(y: number, x: number): number {
    const wide = side + 1;
    const top = (y - box) * wide;
    const bottom = (y + box + 1) * wide;
    return sums[bottom + x + box + 1]! - sums[bottom + x - box]! - sums[top + x + box + 1]! + sums[top + x - box]!;
  }

  function likelihood(y: number, x: number): number {
    let sum = 0;
    for (let v = 0; v < templateSide; v++) {
      let at = (y + v - half) * side + x - half;
      let w = v * templateSide;
      for (const end = w + templateSide; w < end; w++, at++) sum += weights[w]! * window[at]!;
    }
    return sum;
  }

  return {
    find(values, start, expected, reach) {
      const margin = reach + half + 1;
      if (side !== 2 * margin + 1) {
        side = 2 * margin + 1;
        window = new Float32Array(side * side);
        sums = new Float64Array((side + 1) * (side + 1));
        boxes = new Float64Array(side * side);
      }
      const top = Math.round(expected[0]) - margin;
      const left = Math.round(expected[1]) - margin;
      cut(values, start, top, left);
      accumulate();

      const y0 = Math.max(margin - reach, -top);
      const y1 = Math.min(margin + reach, rows - 1 - top);
      const x0 = Math.max(margin - reach, -left);
      const x1 = Math.min(margin + reach, columns - 1 - left);
      let lowest = Number.POSITIVE_INFINITY;
      for (let v = y0; v <= y1; v++) {
        for (let u = x0; u <= x1; u++) {
          const sum = boxSum(v, u);
          boxes[v * side + u] = sum;
          if (sum < lowest) lowest = sum;
        }
      }
      let highest = -1;
      let y = margin;
      let x = margin;
      for (let v = y0; v <= y1; v++) {
        for (let u = x0; u <= x1; u++) {
          const squared = (v + top - expected[0]) ** 2 + (u + left - expected[1]) ** 2;
          const nearness = 1 / (1 + squared / (tolerance * tolerance));
          const value = (boxes[v * side + u]! - lowest) * nearness * nearness;
          if (value > highest) {
            highest = value;
            y = v;
            x = u;
          }
        }
      }

      let here = likelihood(y, x);
      let up = likelihood(y - 1, x);
      let down = likelihood(y + 1, x);
      let before = likelihood(y, x - 1);
      let after = likelihood(y, x + 1);
      for (let step = 0; step < 4 * reach; step++) {
        const most = Math.max(up, down, before, after);
        if (most <= here) break;
        const [nextY, nextX] =
          most === up ? [y - 1, x] : most === down ? [y + 1, x] : most === before ? [y, x - 1] : [y, x + 1];
        if (nextY < y0 || nextY > y1 || nextX < x0 || nextX > x1) break;
        y = nextY;
        x = nextX;
        here = most;
        up = likelihood(y - 1, x);
        down = likelihood(y + 1, x);
        before = likelihood(y, x - 1);
        after = likelihood(y, x + 1);
      }
      let beam = 0;
      let ring = 0;
      for (let v = -half; v <= half; v++) {
        for (let u = -half; u <= half; u++) {
          const part = parts[(v + half) * templateSide + u + half];
          if (part === 0) continue;
          const value = window[(y + v) * side + x + u]!;
          if (part === 1) beam += value;
          else ring += value;
        }
      }
      const ground = (ring / Math.max(1, ringCount)) * beamCount;
      return {
        row: y + top + offset[0] + summit(up, here, down),
        column: x + left + offset[1] + summit(before, here, after),
        strength: beam - ground,
        ground,
      };
    },
  };
}

/** Where the parabola through three neighbouring values has its top, from the middle one, at most half a pixel. */
function summit(before: number, here: number, after: number): number {
  const curvature = before - 2 * here + after;
  if (!(curvature < 0)) return 0;
  return Math.min(0.5, Math.max(-0.5, (before - after) / (2 * curvature)));
}
