import { area, type Size } from "../../../src/index.ts";
import type { Point } from "../state/shapes.ts";

/** A mask with a stroke from one place to another painted on: pixels no farther than the radius from it become `value`. */
export function brushed(
  mask: Uint8Array | undefined,
  [rows, columns]: Size,
  from: Point,
  to: Point,
  radius: number,
  value: 0 | 1,
): Uint8Array {
  const next = mask ? mask.slice() : new Uint8Array(area([rows, columns])).fill(1);
  const [down, across] = [to[0] - from[0], to[1] - from[1]];
  const length2 = down * down + across * across;
  const low = (a: number, b: number): number => Math.max(0, Math.floor(Math.min(a, b) - radius));
  const high = (a: number, b: number, most: number): number => Math.min(most - 1, Math.ceil(Math.max(a, b) + radius));
  for (let r = low(from[0], to[0]); r <= high(from[0], to[0], rows); r++) {
    for (let c = low(from[1], to[1]); c <= high(from[1], to[1], columns); c++) {
      const along = length2 === 0 ? 0 : ((r - from[0]) * down + (c - from[1]) * across) / length2;
      const t = Math.min(1, Math.max(0, along));
      const distance2 = (r - from[0] - t * down) ** 2 + (c - from[1] - t * across) ** 2;
      if (distance2 <= radius * radius) next[r * columns + c] = value;
    }
  }
  return next;
}

/** A mask with a rectangle of pixels left out. */
export function boxed(mask: Uint8Array | undefined, [rows, columns]: Size, from: Point, to: Point): Uint8Array {
  const next = mask ? mask.slice() : new Uint8Array(area([rows, columns])).fill(1);
  const [top, bottom] = [Math.min(from[0], to[0]), Math.max(from[0], to[0])];
  const [left, right] = [Math.min(from[1], to[1]), Math.max(from[1], to[1])];
  for (let r = Math.max(0, Math.round(top)); r <= Math.min(rows - 1, Math.round(bottom)); r++) {
    for (let c = Math.max(0, Math.round(left)); c <= Math.min(columns - 1, Math.round(right)); c++) {
      next[r * columns + c] = 0;
    }
  }
  return next;
}
