import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { contours } from "../../src/figures/contours.ts";
import { fuzzyMemberships } from "../../src/figures/loadings-scatter.ts";

const field = (rows: number, columns: number, value: (row: number, column: number) => number) =>
  Float32Array.from({ length: rows * columns }, (_, i) => value(Math.floor(i / columns), i % columns));

describe("contours", () => {
  it("follows a circle in one closed line", () => {
    const lines = contours(
      field(41, 61, (row, column) => Math.hypot(row - 20, column - 30)),
      [41, 61],
      12,
    );
    expect(lines).toHaveLength(1);
    const [line] = lines;
    expect(line!.slice(0, 2)).toEqual(line!.slice(-2));
    for (let i = 0; i < line!.length; i += 2) expect(Math.hypot(line![i]! - 30, line![i + 1]! - 20)).toBeCloseTo(12, 1);
  });

  it("is exact on a plane, and open at the border", () => {
    const lines = contours(
      field(5, 6, (row, column) => column + 0.5 * row),
      [5, 6],
      2.25,
    );
    expect(lines).toHaveLength(1);
    const [line] = lines;
    for (let i = 0; i < line!.length; i += 2) expect(line![i]! + 0.5 * line![i + 1]!).toBeCloseTo(2.25, 6);
    expect([line![1], line![line!.length - 1]].sort()).toEqual([0, 4]);
  });

  it("leaves out squares with a corner that is no number", () => {
    expect(
      contours(
        field(4, 5, () => Number.NaN),
        [4, 5],
        1,
      ),
    ).toEqual([]);
  });

  it("crosses every grid edge between the two sides exactly once, whatever the field", () => {
    fc.assert(
      fc.property(fc.array(fc.integer({ min: 0, max: 9 }), { minLength: 20, maxLength: 20 }), (values) => {
        const lines = contours(Float32Array.from(values), [4, 5], 4.5);
        let expected = 0;
        for (let row = 0; row < 4; row++) {
          for (let column = 0; column < 5; column++) {
            const high = values[row * 5 + column]! > 4.5;
            if (column < 4 && high !== values[row * 5 + column + 1]! > 4.5) expected++;
            if (row < 3 && high !== values[(row + 1) * 5 + column]! > 4.5) expected++;
          }
        }
        let crossings = 0;
        for (const line of lines) {
          const closed = line[0] === line[line.length - 2] && line[1] === line[line.length - 1];
          crossings += line.length / 2 - (closed ? 1 : 0);
        }
        expect(crossings).toBe(expected);
      }),
    );
  });
});

describe("fuzzyMemberships", () => {
  it("is the textbook sum over distance ratios", () => {
    const centres = [
      [0, 0],
      [3, 1],
      [-2, 4],
    ] as const;
    for (const m of [1.5, 2, 3]) {
      const point = [0.7, -1.1] as const;
      const d = centres.map(([x, y]) => Math.hypot(point[0] - x, point[1] - y));
      const oracle = d.map((dc) => 1 / d.reduce((sum, dk) => sum + (dc / dk) ** (2 / (m - 1)), 0));
      fuzzyMemberships(point, centres, m).forEach((u, c) => {
        expect(u).toBeCloseTo(oracle[c]!, 12);
      });
    }
  });

  it("is all there on a centre, shared by centres that coincide", () => {
    expect(
      fuzzyMemberships(
        [1, 1],
        [
          [1, 1],
          [2, 2],
        ],
        2,
      ),
    ).toEqual([1, 0]);
    expect(
      fuzzyMemberships(
        [1, 1],
        [
          [1, 1],
          [1, 1],
        ],
        2,
      ),
    ).toEqual([0.5, 0.5]);
  });
});
