import { describe, expect, it } from "vitest";
import { lineProfile } from "../../src/imaging/line-profile.ts";
import { images } from "../../src/scan/scan.ts";

/** f(row, column) = 10·row + column, on which linear interpolation is exact. */
const ramp = images(
  [4, 6],
  Float32Array.from({ length: 24 }, (_, i) => 10 * Math.floor(i / 6) + (i % 6)),
);
const nanometres = (name: string, step: number) => ({ name, step, unit: "nm", origin: 3 });

describe("lineProfile", () => {
  it("samples a row at every column", () => {
    const { distance, unit, values } = lineProfile(ramp, [1, 0], [1, 5]);
    expect(Array.from(values[0])).toEqual([10, 11, 12, 13, 14, 15]);
    expect([unit, ...distance]).toEqual(["px", 0, 1, 2, 3, 4, 5]);
  });

  it("interpolates off the grid and never steps more than 1 px", () => {
    const { distance, values } = lineProfile(ramp, [0.5, 0.25], [2.5, 4.75]);
    expect(values[0].length).toBe(6);
    values[0].forEach((value, i) => {
      expect(value).toBeCloseTo(5.25 + (i / 5) * 24.5, 4);
    });
    expect(distance[5]).toBeCloseTo(Math.sqrt(4 + 20.25), 12);
  });

  it("averages across its width, at right angles to the line", () => {
    const bent = images(
      [5, 4],
      Float32Array.from({ length: 20 }, (_, i) => Math.floor(i / 4) ** 2),
    );
    expect(Array.from(lineProfile(bent, [2, 0], [2, 3], { width: 3 }).values[0])).toEqual(
      Array(4).fill(Math.fround(14 / 3)),
    );
    expect(Array.from(lineProfile(bent, [0, 1], [4, 1], { width: 3 }).values[0])).toEqual([0, 1, 4, 9, 16]);
  });

  it("averages what is inside and is NaN outside", () => {
    const { values } = lineProfile(ramp, [0, -1], [0, 2], { width: 3 });
    expect(Array.from(values[0])).toEqual([Number.NaN, 5, 6, 7]);
  });

  it("serves every image of a stack", () => {
    const two = images([2, 3], Float32Array.of(0, 1, 2, 3, 4, 5, 10, 11, 12, 13, 14, 15));
    expect(lineProfile(two, [0, 0], [1, 0]).values.map((one) => Array.from(one))).toEqual([
      [0, 3],
      [10, 13],
    ]);
  });

  it("gives distances in the unit of the axes, which may have different steps", () => {
    const { distance, unit } = lineProfile(ramp, [0, 0], [3, 4], { axes: [nanometres("y", 2), nanometres("x", 10)] });
    expect(unit).toBe("nm");
    expect(distance.at(-1)).toBeCloseTo(Math.hypot(6, 40), 12);
  });

  it("refuses a line without length, a width below 1 and mixed units", () => {
    expect(() => lineProfile(ramp, [1, 1], [1, 1])).toThrow(/two different points/);
    expect(() => lineProfile(ramp, [0, 0], [1, 1], { width: 0 })).toThrow(/width of 1 px or more/);
    const mixed = [nanometres("y", 1), { ...nanometres("x", 1), unit: "px" }] as const;
    expect(() => lineProfile(ramp, [0, 0], [1, 1], { axes: mixed })).toThrow(/one unit, found "nm" and "px"/);
  });
});
