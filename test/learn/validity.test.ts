import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { gapStatistic } from "../../src/learn/gap-statistic.ts";
import { numberOfClusters } from "../../src/learn/number-of-clusters.ts";
import { validity } from "../../src/learn/validity.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { pointsScan } from "./points-scan.ts";

const distance = (a: readonly number[], b: readonly number[]): number =>
  Math.hypot(...a.map((value, d) => value - b[d]));

describe("validity", () => {
  it("has the values worked out by hand for two pairs of points", () => {
    const { partitionCoefficient, partitionEntropy, xieBeni, fukuyamaSugeno, fuzzySilhouette } = validity({
      points: Float64Array.of(0, 2, 10, 12),
      dimensions: 1,
      centres: Float64Array.of(1, 11),
      memberships: Float64Array.of(1, 0, 1, 0, 0, 1, 0, 1),
    });
    expect(partitionCoefficient).toBe(1);
    expect(partitionEntropy).toBeCloseTo(0, 12);
    expect(xieBeni).toBeCloseTo(4 / (4 * 100), 12);
    expect(fukuyamaSugeno).toBeCloseTo(4 - 4 * 25, 12);
    // a = 2; b = 11, 9, 9, 11
    expect(fuzzySilhouette).toBeCloseTo((2 * (9 / 11) + 2 * (7 / 9)) / 4, 12);
    const even = validity({
      points: Float64Array.of(0, 2, 10, 12),
      dimensions: 1,
      centres: Float64Array.of(6, 6),
      memberships: new Float64Array(8).fill(0.5),
    });
    expect(even.partitionCoefficient).toBe(0.5);
    expect(even.partitionEntropy).toBeCloseTo(Math.log(2), 12);
    expect(even.xieBeni).toBe(Infinity);
    expect(even.fuzzySilhouette).toBe(0);
  });

  it("agrees with sums over lists, for any partition", () => {
    const { uniform, normal } = random(3);
    const [n, p, c, m] = [25, 3, 4, 1.7];
    const points = Float64Array.from({ length: n * p }, normal);
    const centres = Float64Array.from({ length: c * p }, normal);
    const u = Array.from({ length: n }, () => {
      const raw = Array.from({ length: c }, uniform);
      return raw.map((value) => value / raw.reduce((a, b) => a + b, 0));
    });
    const found = validity({ points, dimensions: p, centres, memberships: Float64Array.from(u.flat()), fuzzifier: m });
    const at = (values: Float64Array, i: number): number[] => Array.from(values.subarray(i * p, i * p + p));
    const mean = [0, 1, 2].map((d) => u.reduce((sum, _, i) => sum + points[i * p + d] / n, 0));
    const pairs = u.flatMap((row, i) => row.map((value, k) => ({ value, i, k })));
    const within = pairs.reduce(
      (s, { value, i, k }) => s + value ** m * distance(at(points, i), at(centres, k)) ** 2,
      0,
    );
    const between = pairs.reduce((s, { value, k }) => s + value ** m * distance(at(centres, k), mean) ** 2, 0);
    let gap = Infinity;
    for (let k = 0; k < c; k++)
      for (let l = 0; l < k; l++) gap = Math.min(gap, distance(at(centres, k), at(centres, l)));
    expect(found.xieBeni).toBeCloseTo(within / n / gap ** 2, 9);
    expect(found.fukuyamaSugeno).toBeCloseTo(within - between, 9);
    const labels = u.map((row) => row.indexOf(Math.max(...row)));
    const [top, bottom] = u.reduce(
      ([sum, weights], row, i) => {
        const to = (k: number): number => {
          const others = labels.flatMap((label, j) =>
            label === k && j !== i ? [distance(at(points, i), at(points, j))] : [],
          );
          return others.reduce((a, b) => a + b, 0) / others.length;
        };
        const b = Math.min(...[0, 1, 2, 3].filter((k) => k !== labels[i] && labels.includes(k)).map(to));
        const a = to(labels[i]);
        const [first, second] = [...row].sort((x, y) => y - x);
        return [sum + (first - second) * (Number.isNaN(a) ? 0 : (b - a) / Math.max(a, b)), weights + first - second];
      },
      [0, 0],
    );
    expect(found.fuzzySilhouette).toBeCloseTo(top / bottom, 9);
  });
});

/** So many groups on a circle, as points of three dimensions. */
function circle(groups: number, positions: number, seed: number, spread = 0.6): number[] {
  const { normal } = random(seed);
  return Array.from({ length: positions }, (_, i) => {
    const angle = (2 * Math.PI * (i % groups)) / groups;
    return [20 + spread * normal(), 5 * Math.cos(angle) + spread * normal(), 5 * Math.sin(angle) + spread * normal()];
  }).flat();
}

describe("gapStatistic", () => {
  it("finds the groups, and one where points are spread evenly or are one cloud", () => {
    for (const groups of [2, 3, 4, 5]) {
      const { suggested, gaps, errors } = gapStatistic(Float64Array.from(circle(groups, 200, groups)), 3, {
        most: 6,
        seed: 1,
      });
      expect(suggested).toBe(groups);
      expect(gaps.length).toBe(6);
      expect(errors.every((value) => value > 0 && value < 0.2)).toBe(true);
    }
    const { normal, uniform } = random(4);
    expect(gapStatistic(Float64Array.from({ length: 300 }, normal), 2, { most: 4, seed: 1 }).suggested).toBe(1);
    // A long even box, tilted: the box along the axes of the coordinates would be a bad reference.
    const tilted = Array.from({ length: 150 }, () => [20 * uniform(), uniform()]).flatMap(([a, b]) => [a + b, a - b]);
    expect(gapStatistic(Float64Array.from(tilted), 2, { most: 4, seed: 2 }).suggested).toBe(1);
  });
});

describe("numberOfClusters", () => {
  it("finds the groups and says why", () => {
    for (const groups of [2, 3, 4, 5]) {
      const { svd } = pointsScan(circle(groups, 195, 10 + groups), 3, [13, 15]);
      const found = numberOfClusters({ svd, dimensions: 3, most: 6, seed: 1 });
      expect(found.suggested).toBe(groups);
      expect(found.reason).toContain(String(groups));
      expect(found.indices.map(({ clusters }) => clusters)).toEqual([2, 3, 4, 5, 6]);
      expect(numberOfClusters({ svd, dimensions: 3, most: 6, seed: 1 }).votes).toEqual(found.votes);
    }
  });

  it("leaves masked positions out and refuses what cannot be", () => {
    const points = circle(3, 195, 1);
    const positions = new Uint8Array(195).fill(1);
    for (let i = 0; i < 40; i++) {
      positions[i] = 0;
      points[i * 3] = 300 + i;
    }
    const { svd } = pointsScan(points, 3, [13, 15]);
    expect(numberOfClusters({ svd, dimensions: 3, most: 5, positions, seed: 1 }).suggested).toBe(3);
    expect(() => numberOfClusters({ svd, dimensions: 3, most: 1, seed: 1 })).toThrow(ShapeError);
    expect(() => numberOfClusters({ svd, dimensions: 4, most: 3, seed: 1 })).toThrow(ShapeError);
  });
});
