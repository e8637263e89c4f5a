import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { onReference } from "../../src/engines/reference.ts";
import { boundaryLine } from "../../src/reproduce/boundary-line.ts";
import { boundaryWidth } from "../../src/reproduce/boundary-width.ts";
import { contoursAlong } from "../../src/reproduce/fig1-claims.ts";
import { regimeChange } from "../../src/reproduce/fig2-claims.ts";
import { leftover } from "../../src/reproduce/fig5-claims.ts";
import { angle, matched, reordered, rmsDifference } from "../../src/reproduce/matching.ts";
import { deepestDrop } from "../../src/reproduce/monotonicity.ts";
import { acrossWire } from "../../src/reproduce/on-wire.ts";
import { checkOwnScan } from "../../src/reproduce/own-scan.ts";
import { shown } from "../../src/reproduce/reproduction.ts";
import { onTriangle } from "../../src/reproduce/triangle.ts";
import { brightestSpots, heightsIn, innermostSpots, laueCircle, spotsOnlyIn } from "../../src/reproduce/wire-spots.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { images, item, patterns } from "../../src/scan/scan.ts";
import { simulateBentNanowire } from "../../src/simulate/bent-nanowire.ts";

describe("matching", () => {
  const truth = patterns([2, 3], Float32Array.of(1, 0, 0, 0, 0, 0, 0, 1, 1, 0, 0, 0, 0, 0, 0, 1, 2, 3));

  it("finds each true item's partner, in any order and scale", () => {
    const found = reordered({ ...truth, values: truth.values.map((value) => 7 * value) }, [2, 0, 1]);
    expect(matched(truth, found)).toEqual([1, 2, 0]);
    expect(reordered(found, matched(truth, found)).values).toEqual(truth.values.map((value) => 7 * value));
  });

  it("measures angles and differences", () => {
    expect(angle([1, 0], [1, 1])).toBeCloseTo(45, 10);
    expect(angle([2, 4], [1, 2])).toBeCloseTo(0, 4);
    expect(rmsDifference([1, 2, 3], [1, 2, 5])).toBeCloseTo(Math.sqrt(4 / 3), 12);
  });
});

describe("profiles", () => {
  it("the width of a linear ramp is four fifths of it", () => {
    const ramp = Array.from({ length: 41 }, (_, i) => Math.min(1, Math.max(0, (i - 10) / 20)));
    expect(boundaryWidth(ramp)).toBeCloseTo(16, 10);
    expect(boundaryWidth([0, 0.3, 0.5])).toBeNaN();
  });

  it("the deepest drop is from the highest before to the lowest after", () => {
    expect(deepestDrop([0, 1, 2, 3])).toEqual({ depth: 0, at: 0 });
    expect(deepestDrop([0, 5, 3, 4, 1, 10])).toEqual({ depth: 0.4, at: 4 });
  });

  it("counts the extremes that stand out", () => {
    expect(contoursAlong([0, 1, 0, 1, 0], 0.5)).toBe(3);
    expect(contoursAlong([0, 0.1, 0, 0.1, 3], 0.5)).toBe(0);
    expect(contoursAlong([1, 1, 1], 0.2)).toBe(0);
  });

  it("finds the largest step of a scree plot, not counting the first", () => {
    expect(regimeChange({ explained: Float64Array.of(0.9, 0.05, 0.04, 0.001, 0.0009) })).toEqual({
      after: 3,
      factor: 40,
    });
  });

  it("runs a line from one twin to the other through where both are", () => {
    const [rows, columns] = [12, 30];
    const values = new Float32Array(2 * rows * columns);
    for (let r = 3; r < 9; r++) {
      for (let c = 0; c < columns; c++) {
        const second = Math.min(1, Math.max(0, (c - 12) / 6));
        values[r * columns + c] = 1 - second;
        values[rows * columns + r * columns + c] = second;
      }
    }
    const { from, to } = boundaryLine(images([rows, columns], values), 8);
    expect(Math.abs((from[1] + to[1]) / 2 - 15)).toBeLessThan(1.5);
    expect(to[1] - from[1]).toBeGreaterThan(15);
    expect(Math.abs(to[0] - from[0])).toBeLessThan(2);
  });
});

describe("mixtures", () => {
  it("the part of the other crystal in a mixed pattern", () => {
    const [own, other] = [Float32Array.of(1, 2, 0, 1), Float32Array.of(0, 1, 3, 1)];
    const mixed = own.map((value, i) => 0.8 * value + 0.2 * other[i]!);
    expect(leftover(mixed, other, own)).toBeCloseTo(0.2, 6);
  });

  it("points about a triangle are told from a round cloud", () => {
    const { normal, uniform } = random(3);
    const side = Array.from({ length: 600 }, (_, i) => {
      const part = uniform();
      const corners = [
        [0, 0],
        [4, 1],
        [1, 5],
      ];
      const [a, b] = [corners[i % 3]!, corners[(i + 1) % 3]!];
      return [a[0]! + part * (b[0]! - a[0]!) + 0.02 * normal(), a[1]! + part * (b[1]! - a[1]!) + 0.02 * normal()];
    });
    const cloud = side.map(() => [normal(), normal()]);
    const of = (points: number[][]) =>
      onTriangle(
        Float32Array.from(points, ([x]) => x!),
        Float32Array.from(points, ([, y]) => y!),
      );
    expect(of(side)).toMatchObject({ inside: 1, edges: 1 });
    expect(of(cloud).edges).toBeLessThan(0.4);
  });
});

describe("spots", () => {
  const beam = { centre: [20, 22] as const, radius: 2 };
  const size = [41, 45] as const;
  const drawn = (places: readonly (readonly [number, number, number])[]): Float32Array => {
    const values = new Float32Array(41 * 45).fill(3);
    for (const [row, column, height] of [...places, [20, 22, 500] as const]) {
      for (let r = 0; r < 41; r++) {
        for (let c = 0; c < 45; c++) if (Math.hypot(r - row, c - column) <= 2) values[r * 45 + c]! += height;
      }
    }
    return values;
  };

  it("finds the brightest beside the direct beam, and those of the innermost ring", () => {
    const found = brightestSpots(
      drawn([
        [20, 34, 50],
        [8, 22, 30],
        [33, 38, 20],
      ]),
      size,
      beam,
      3,
    );
    expect(found.map(({ row, column }) => [row, column])).toEqual([
      [20, 34],
      [8, 22],
      [33, 38],
    ]);
    expect(innermostSpots(found, beam.centre)).toHaveLength(2);
  });

  it("finds those that only one of two patterns has", () => {
    const [found] = spotsOnlyIn(
      drawn([
        [20, 34, 50],
        [8, 22, 30],
      ]),
      drawn([
        [20, 34, 50],
        [33, 38, 30],
      ]),
      size,
      beam,
      1,
    );
    expect([found!.row, found!.column]).toEqual([8, 22]);
  });

  it("fits the Laue circle of a tilted wire to 2 mrad", () => {
    const wire = { positions: [2, 3], boundaries: [], bend: 0 } as const;
    const usual = simulateBentNanowire({ ...wire, precession: 35 }).truth;
    const inside = usual.spots
      .filter(({ twin, row, column }) => twin === 0 && Math.min(row, column, 111 - row, 111 - column) > 8)
      .map(({ row, column }) => ({ row, column, height: 0 }));
    const places = heightsIn(item(usual.patterns, 0), usual.patterns.size, inside, 2.7);
    for (const misorientation of [0, 15, 23]) {
      const { truth } = simulateBentNanowire({ ...wire, misorientation, precession: 0 });
      const spots = heightsIn(item(truth.patterns, 0), truth.patterns.size, places, 2.7);
      const [y, x] = laueCircle(spots, places, truth.centre, 0.028, 0.019687);
      expect(Math.abs(Math.hypot(y, x) - misorientation)).toBeLessThanOrEqual(2);
    }
  });
});

describe("a scan of the user's own", () => {
  it("runs along the side over which the wire spreads more, whatever the scan's shape", () => {
    // 6 × 9 positions; the wire fills columns 3 to 5, rows 1 to 5.
    const dark = (i: number) => i % 9 >= 3 && i % 9 <= 5 && i >= 9;
    const brightField = images(
      [6, 9],
      Float32Array.from({ length: 54 }, (_, i) => (dark(i) ? 1 : 9)),
    );
    const scan = { positions: [6, 9] } as unknown as Parameters<typeof acrossWire>[0]["scan"];
    const { lengthwise, sections } = acrossWire({ brightField, scan });
    expect(lengthwise).toBe(false);
    // Row 0, where it is not seen, as row 1.
    expect(sections).toEqual([0, 1, 2, 3, 4, 5].map((r) => [9 * r + 3, 9 * r + 4, 9 * r + 5]));
  });

  const wire = async (positions: readonly [number, number], draw: (position: number, pixel: number) => number) => {
    const [count, pixels] = [positions[0] * positions[1], [32, 32] as const];
    const values = Float32Array.from({ length: count * 1024 }, (_, i) => draw(Math.floor(i / 1024), i % 1024));
    const source = arraySource({ positions, pixels, dtype: "f32", values, name: "mine" });
    const bright = Float32Array.from({ length: count }, (_, i) => (i % 2 ? 9 : 1));
    const scan = await onReference(source);
    return { source, scan, centre: [16, 16] as const, radius: 2, brightField: images(positions, bright) };
  };
  const beam = (pixel: number) => (Math.hypot(Math.floor(pixel / 32) - 16, (pixel % 32) - 16) <= 2 ? 50 : 0);

  it("is refused where two crystals and a background cannot be told apart", async () => {
    await expect(checkOwnScan(await wire([1, 40], () => 1))).rejects.toThrow(
      "at least 3 × 3 and 25 positions, found 1 × 40",
    );
    await expect(checkOwnScan(await wire([6, 6], (_, pixel) => beam(pixel)))).rejects.toThrow(
      "3 patterns that vary independently, found 1",
    );
    const beamOnly = await wire([6, 6], (position, pixel) => beam(pixel) * (1 + ((position * (pixel % 7)) % 5)));
    await expect(checkOwnScan(beamOnly)).rejects.toThrow("at least 4 spots outside the direct beam, found 0");
  });

  it("shows a dash where a number is none", () => {
    expect([shown(Number.NaN), shown(1.2345), shown(4.3e-5)]).toEqual(["–", "1.23", "4.3·10⁻⁵"]);
  });
});
