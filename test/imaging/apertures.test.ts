import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { annulus, disk, polygon, reflections } from "../../src/imaging/apertures.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import type { Patterns } from "../../src/scan/scan.ts";

const size = [5, 6] as const;

const drawn = ({ values, size: [rows, columns] }: Patterns): string[] =>
  Array.from({ length: rows }, (_, row) =>
    Array.from(values.subarray(row * columns, (row + 1) * columns), (value) => (value ? "#" : ".")).join(""),
  );

describe("disk", () => {
  it("holds the pixels whose centres are at most a radius away", () => {
    expect(drawn(disk(size, [2, 3], 1))).toEqual(["......", "...#..", "..###.", "...#..", "......"]);
    expect(drawn(disk(size, [1.5, 2.5], 0.8))).toEqual(["......", "..##..", "..##..", "......", "......"]);
  });

  it("is clipped by the detector's edge", () => {
    expect(drawn(disk(size, [-1, 6], 2))).toEqual([".....#", "......", "......", "......", "......"]);
  });

  it("refuses what covers no pixel or is no disk", () => {
    expect(() => disk(size, [40, 3], 2)).toThrow(ShapeError);
    expect(() => disk(size, [1.5, 2.5], 0.2)).toThrow(/over at least one pixel of the 5×6 detector/);
    expect(() => disk(size, [1, 2], 0)).toThrow(/radius above 0/);
    expect(() => disk(size, [Number.NaN, 2], 1)).toThrow(/a row and a column/);
  });
});

describe("annulus", () => {
  it("adds up with the disk inside it", () => {
    fc.assert(
      fc.property(
        fc.double({ min: 0, max: 4, noNaN: true }),
        fc.double({ min: 0, max: 5, noNaN: true }),
        fc.double({ min: 1, max: 2, noNaN: true }),
        (row, column, inner) => {
          const whole = disk(size, [row, column], inner + 2.5).values;
          const ring = annulus(size, [row, column], inner, inner + 2.5).values;
          const core = disk(size, [row, column], inner).values;
          expect(ring.map((value, i) => value + core[i])).toEqual(whole);
        },
      ),
    );
  });

  it("with an inner radius of 0 is the disk", () => {
    expect(annulus(size, [2, 3], 0, 2).values).toEqual(disk(size, [2, 3], 2).values);
  });

  it("refuses radii in the wrong order", () => {
    expect(() => annulus(size, [2, 3], 3, 2)).toThrow(/inner radius from 0 up to the outer radius 2, found 3/);
  });
});

describe("polygon", () => {
  it("fills rows and columns, not the reverse", () => {
    expect(
      drawn(
        polygon(size, [
          [0.5, 0.5],
          [0.5, 4.5],
          [2.5, 4.5],
          [2.5, 0.5],
        ]),
      ),
    ).toEqual(["......", ".####.", ".####.", "......", "......"]);
  });

  it("shares an edge without sharing pixels", () => {
    const left = polygon(size, [
      [0, 0],
      [0, 3],
      [4, 3],
      [4, 0],
    ]).values;
    const right = polygon(size, [
      [0, 3],
      [0, 5],
      [4, 5],
      [4, 3],
    ]).values;
    const both = polygon(size, [
      [0, 0],
      [0, 5],
      [4, 5],
      [4, 0],
    ]).values;
    expect(left.map((value, i) => value + right[i])).toEqual(both);
  });

  it("leaves a hole where it winds twice (even-odd rule)", () => {
    const star = drawn(
      polygon(
        [9, 9],
        [
          [0, 4],
          [8, 7],
          [3, 0],
          [3, 8],
          [8, 1],
        ],
      ),
    );
    expect(star[4][4]).toBe(".");
    expect(star[2][4]).toBe("#");
  });

  it("refuses fewer than 3 vertices", () => {
    expect(() =>
      polygon(size, [
        [0, 0],
        [1, 1],
      ]),
    ).toThrow(/at least 3 vertices, found 2/);
  });
});

describe("reflections", () => {
  it("is the union of its disks, each pixel once", () => {
    const spots = [
      [1, 1, 1],
      [1, 2, 1.5],
      [4, 5, 1],
    ] as const;
    const union = reflections(size, spots).values;
    const disks = spots.map(([row, column, radius]) => disk(size, [row, column], radius).values);
    expect(union).toEqual(union.map((_, i) => Math.max(...disks.map((values) => values[i]))));
  });

  it("may have spots off the detector, but not all of them", () => {
    expect(
      reflections(size, [
        [1, 1, 1],
        [50, 50, 1],
      ]).values,
    ).toEqual(disk(size, [1, 1], 1).values);
    expect(() => reflections(size, [[50, 50, 1]])).toThrow(ShapeError);
    expect(() => reflections(size, [])).toThrow(/at least one spot/);
    expect(() => reflections(size, [[1, 1, -1]])).toThrow(/radius above 0/);
  });
});
