import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { barycentric } from "../../src/learn/barycentric.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { item } from "../../src/scan/scan.ts";
import { pointsScan } from "./points-scan.ts";

const size = [4, 5] as const;

describe("barycentric", () => {
  it("gives back the amounts of mixtures, linear across a boundary", () => {
    const corners = [
      [600, 0, 0],
      [610, 100, 20],
      [620, -80, 130],
    ];
    const amounts = Array.from({ length: 20 }, (_, i) => [i / 19, (1 - i / 19) * 0.75, (1 - i / 19) * 0.25]);
    const points = amounts.flatMap((a) =>
      [0, 1, 2].map((d) => a.reduce((sum, share, t) => sum + share * corners[t][d], 0)),
    );
    const { svd } = pointsScan(points, 3, size);
    const { maps, distance } = barycentric({ svd, loadingCentres: Float64Array.from(corners.flat()), dimensions: 3 });
    amounts.forEach((a, i) => {
      for (let t = 0; t < 3; t++) expect(item(maps, t)[i]).toBeCloseTo(a[t], 5);
      expect(distance.values[i]).toBeLessThan(1e-3);
    });
  });

  it("is the nearest point of the simplex: no step towards a corner is shorter", () => {
    const coordinate = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(coordinate, { minLength: 40, maxLength: 40 }),
        fc.array(coordinate, { minLength: 6, maxLength: 6 }),
        (points, corners) => {
          const { svd } = pointsScan(points, 2, size);
          const { maps, distance } = barycentric({ svd, loadingCentres: Float64Array.from(corners), dimensions: 2 });
          for (let i = 0; i < 20; i++) {
            const a = [0, 1, 2].map((t) => item(maps, t)[i]);
            expect(Math.min(...a)).toBeGreaterThanOrEqual(0);
            expect(a[0] + a[1] + a[2]).toBeCloseTo(1, 6);
            const rest = [0, 1].map(
              (d) => Math.fround(points[2 * i + d]) - a.reduce((s, share, t) => s + share * corners[2 * t + d], 0),
            );
            expect(distance.values[i]).toBeCloseTo(Math.hypot(...rest), 4);
            for (let t = 0; t < 3; t++) {
              // (x − p)·(corner − p) ≤ 0 for every corner
              const towards = [0, 1].map((d) => corners[2 * t + d] - (Math.fround(points[2 * i + d]) - rest[d]));
              expect(rest[0] * towards[0] + rest[1] * towards[1]).toBeLessThan(1e-4);
            }
          }
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });

  it("leaves masked positions out, takes more centres than dimensions, and refuses what is no centre", () => {
    const points = Array.from({ length: 40 }, (_, i) => i / 7);
    const { svd } = pointsScan(points, 2, size);
    const positions = new Uint8Array(20).fill(1);
    positions[3] = 0;
    const square = Float64Array.of(0, 0, 9, 0, 9, 9, 0, 9);
    const { maps, distance } = barycentric({ svd, loadingCentres: square, dimensions: 2, positions });
    expect([0, 1, 2, 3].map((t) => maps.values[t * 20 + 3])).toEqual([0, 0, 0, 0]);
    expect([0, 1, 2, 3].reduce((sum, t) => sum + maps.values[t * 20 + 8], 0)).toBeCloseTo(1, 6);
    expect(Math.max(...distance.values)).toBeLessThan(1e-6);
    const twice = barycentric({ svd, loadingCentres: Float64Array.of(0, 0, 9, 9, 0, 0, 0, 0), dimensions: 2 });
    expect(twice.maps.values[20 + 8]).toBeCloseTo((16 / 7 + 17 / 7) / 18, 5);
    for (const wrong of [Float64Array.of(1, 2, 3), new Float64Array(0), Float64Array.of(1, Number.NaN)]) {
      expect(() => barycentric({ svd, loadingCentres: wrong, dimensions: 2 })).toThrow(ShapeError);
    }
  });
});
