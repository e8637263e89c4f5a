import type { Size } from "../../../src/index.ts";
import type { Point } from "../state/shapes.ts";

/** Of lines through the middle, across, down and along the diagonals, the one along which a map changes most. */
export function firstLine(map: Float32Array | undefined, [rows, columns]: Size): readonly [Point, Point] {
  const [r, c] = [rows - 1, columns - 1];
  const [near, far] = [0.15, 0.85];
  const lines: readonly (readonly [Point, Point])[] = [
    [
      [r / 2, c * near],
      [r / 2, c * far],
    ],
    [
      [r * near, c / 2],
      [r * far, c / 2],
    ],
    [
      [r * near, c * near],
      [r * far, c * far],
    ],
    [
      [r * far, c * near],
      [r * near, c * far],
    ],
  ];
  const changes = lines.map(([from, to]) => {
    let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
    for (let t = 0; map && t <= 1; t += 0.02) {
      const row = Math.round(from[0] + t * (to[0] - from[0]));
      const column = Math.round(from[1] + t * (to[1] - from[1]));
      const value = map[row * columns + column];
      if (value < least) least = value;
      if (value > most) most = value;
    }
    return map ? most - least : 0;
  });
  return lines[changes.indexOf(Math.max(...changes))] ?? lines[0];
}
