import type { ScaleLinear } from "d3-scale";
import { contours, fuzzyMemberships } from "../../../src/index.ts";

/** One contour line of one cluster's memberships: its path, and how thick it is drawn. */
export interface MembershipContour {
  readonly cluster: number;
  readonly level: number;
  readonly d: string;
}

const levels = [0.5, 0.7, 0.9] as const;

/** Lines of equal membership in the plane of two loadings, as these two alone would give it. */
export function membershipContours(
  centres: readonly (readonly number[])[],
  fuzzifier: number,
  across: ScaleLinear<number, number>,
  up: ScaleLinear<number, number>,
  [height, width]: readonly [number, number],
): MembershipContour[] {
  if (centres.length < 2) return [];
  // Three px a square: finer than the eye follows a line of 1.2 px.
  const size = [Math.round(height / 3) + 1, Math.round(width / 3) + 1] as const;
  const flat = centres.map(([x, y]) => [x, y] as const);
  const fields = flat.map(() => new Float32Array(size[0] * size[1]));
  for (let row = 0; row < size[0]; row++) {
    const y = up.invert((height * row) / (size[0] - 1));
    for (let column = 0; column < size[1]; column++) {
      const x = across.invert((width * column) / (size[1] - 1));
      const memberships = fuzzyMemberships([x, y], flat, fuzzifier);
      for (let c = 0; c < flat.length; c++) fields[c][row * size[1] + column] = memberships[c];
    }
  }
  return fields.flatMap((field, cluster) =>
    levels.flatMap((level, rank) => {
      const d = contours(field, size, level)
        .map((line) => {
          let path = "";
          for (let i = 0; i < line.length; i += 2) {
            const [x, y] = [(line[i] * width) / (size[1] - 1), (line[i + 1] * height) / (size[0] - 1)];
            path += `${i === 0 ? "M" : "L"}${x.toFixed(1)},${y.toFixed(1)}`;
          }
          return path;
        })
        .join("");
      return d === "" ? [] : [{ cluster, level: 0.8 + 0.5 * rank, d }];
    }),
  );
}
