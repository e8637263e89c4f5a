import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { alternateShapes, gustafsonKessel } from "../../src/learn/gustafson-kessel.ts";
import type { Clustering } from "../../src/learn/results.ts";
import { svd } from "../../src/learn/svd.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { area, item } from "../../src/scan/scan.ts";
import { pointsScan } from "./points-scan.ts";
import { hasReferenceData, readPeers, readScan } from "./reference-data.ts";

const size = [8, 15] as const;

/** Two needles across each other and a ball. */
function needles(seed: number): number[] {
  const { normal } = random(seed);
  return Array.from({ length: 120 }, (_, i) => {
    const [a, b] = [normal(), normal()];
    return i % 3 === 0 ? [5 * a, 0.2 * b] : i % 3 === 1 ? [20 + 0.2 * a, 5 * b] : [10 + a, 20 + b];
  }).flat();
}

/** Σ u² d² with metrics of the memberships, straight from Gustafson & Kessel's definition. Points are rows of an array. */
function naiveObjective(points: readonly number[][], u: readonly number[][]): number {
  const p = points[0].length;
  let total = 0;
  for (const weights of u) {
    const w = weights.map((value) => value ** 2);
    const sum = w.reduce((a, b) => a + b, 0);
    const c = points[0].map((_, d) => points.reduce((s, x, i) => s + w[i] * x[d], 0) / sum);
    const s = points[0].map((_, a) =>
      points[0].map((_, b) => points.reduce((t, x, i) => t + w[i] * (x[a] - c[a]) * (x[b] - c[b]), 0) / sum),
    );
    // Σ w d² = det(S)^(1/p) tr(S⁻¹ Σ w y yᵀ) = p · det(S)^(1/p) · Σ w
    total += p * determinant(s) ** (1 / p) * sum;
  }
  return total;
}

function determinant(m: readonly number[][]): number {
  if (m.length === 1) return m[0][0];
  return m[0].reduce(
    (sum, value, j) =>
      sum + (j % 2 ? -1 : 1) * value * determinant(m.slice(1).map((row) => row.filter((_, l) => l !== j))),
    0,
  );
}

const rows = (stack: Clustering["memberships"]): number[][] =>
  Array.from({ length: stack.count }, (_, k) => Array.from(item(stack, k)));

const asRows = (points: readonly number[], p: number): number[][] =>
  Array.from({ length: points.length / p }, (_, i) => points.slice(i * p, (i + 1) * p).map(Math.fround));

describe("gustafsonKessel", () => {
  it("tells needles from balls, with the objective of the definition and memberships that sum to one", async () => {
    const points = needles(1);
    const { scan, svd } = pointsScan(points, 2, size);
    const found = await gustafsonKessel(scan, { svd, clusters: 3, seed: 1, dimensions: 2 });
    expect(found.converged).toBe(true);
    const u = rows(found.memberships);
    for (let i = 0; i < 120; i++) {
      expect(u[0][i] + u[1][i] + u[2][i]).toBeCloseTo(1, 6);
      // Every third point is of one kind.
      const label = (at: number): number => u.findIndex((values) => values[at] > 0.5);
      expect(label(i)).toBe(label(i % 3));
    }
    expect(found.objective / naiveObjective(asRows(points, 2), u)).toBeCloseTo(1, 4);
    for (let k = 0; k < 3; k++) {
      const [a, b, c, d] = found.metrics.subarray(k * 4, k * 4 + 4);
      expect(a * d - b * c).toBeCloseTo(1, 6);
      const w = u[k].map((value) => value * value);
      const mean = w.reduce((sum, weight, i) => sum + weight * points[i * 2], 0) / w.reduce((x, y) => x + y, 0);
      expect(found.loadingCentres[k * 2]).toBeCloseTo(mean, 4);
      expect(item(found.centres, k)[0]).toBeCloseTo(mean, 4);
    }
  });

  it("does not care how the loading space is turned, stretched or moved, nor about the order of positions", async () => {
    const points = needles(2);
    const of = async (values: readonly number[]) => {
      const { scan, svd } = pointsScan(values, 2, size);
      return gustafsonKessel(scan, { svd, clusters: 3, seed: 1, dimensions: 2 });
    };
    const one = await of(points);
    await fc.assert(
      fc.asyncProperty(
        fc.double({ min: 0, max: 6, noNaN: true }),
        fc.double({ min: 0.01, max: 50, noNaN: true }),
        async (angle, stretch) => {
          const moved = asRows(points, 2).flatMap(([x, y]) => [
            stretch * (Math.cos(angle) * x - Math.sin(angle) * y) + 3,
            Math.sin(angle) * x + Math.cos(angle) * y - 7,
          ]);
          const other = await of(moved);
          other.memberships.values.forEach((u, i) => {
            expect(Math.abs(u - one.memberships.values[i])).toBeLessThan(1e-3);
          });
          expect(other.objective / one.objective / stretch).toBeCloseTo(1, 4);
        },
      ),
      { numRuns: 8, seed: 3 },
    );
    const reversed = await of(asRows(points, 2).reverse().flat());
    expect(reversed.objective / one.objective).toBeCloseTo(1, 6);
    expect(reversed.memberships.values[119]).toBeCloseTo(one.memberships.values[0], 4);
  });

  it("never raises its objective", () => {
    const points = Float64Array.from(needles(3));
    const start = { centres: points.slice(0, 6) };
    for (const fuzzifier of [1.5, 2, 3]) {
      let before = Infinity;
      for (let maximumIterations = 1; maximumIterations < 40; maximumIterations++) {
        const { objective } = alternateShapes(2, fuzzifier, 1e-3)(points, start, { tolerance: 0, maximumIterations });
        expect(objective).toBeLessThanOrEqual(before * (1 + 1e-12));
        before = objective;
      }
    }
  });

  it("survives lines, duplicates, one place and as many clusters as places", async () => {
    const cases: [name: string, point: (i: number) => number[], clusters: number][] = [
      ["a line", (i) => [i, 2 * i, -i], 2],
      ["two places", (i) => [i % 2, i % 2, 1], 2],
      [
        "pure and mixed without noise",
        (i) => (i < 40 ? [0, 0, 1] : i < 80 ? [9, 0, 1] : [(9 * (i - 79)) / 41, 0, 1]),
        2,
      ],
      [
        "three places in a plane and a line",
        (i) =>
          [
            [0, 0, 5],
            [4, 0, 5],
            [0, 4, 5],
            [i / 30, 0, 5],
          ][i % 4],
        3,
      ],
      ["one place", () => [3, 3, 3], 1],
      ["nothing", () => [0, 0, 0], 1],
    ];
    for (const [name, point, clusters] of cases) {
      const points = Array.from({ length: 120 }, (_, i) => point(i)).flat();
      const { scan, svd } = pointsScan(points, 3, size);
      const { memberships, metrics, objective } = await gustafsonKessel(scan, {
        svd,
        clusters,
        seed: 1,
        dimensions: 3,
      });
      for (let i = 0; i < 120; i++) {
        let sum = 0;
        for (let k = 0; k < clusters; k++) sum += memberships.values[k * 120 + i];
        expect(sum, name).toBeCloseTo(1, 6);
      }
      expect(metrics.every(Number.isFinite), name).toBe(true);
      expect(objective, name).toBeGreaterThanOrEqual(-1e-9);
    }
    const { scan, svd } = pointsScan(needles(1), 2, size);
    const options = { svd, clusters: 2, seed: 1, dimensions: 2 };
    await expect(gustafsonKessel(scan, { ...options, fuzzifier: 1 })).rejects.toThrow(ShapeError);
    await expect(gustafsonKessel(scan, { ...options, regularisation: 0 })).rejects.toThrow(ShapeError);
    await expect(gustafsonKessel(scan, { ...options, dimensions: 3 })).rejects.toThrow(ShapeError);
  });

  it("reduces to fuzzy c-means on a ramp between two pure regions", async () => {
    const points = [
      ...new Array(30).fill(0),
      ...Array.from({ length: 30 }, (_, i) => (i + 1) / 31),
      ...new Array(30).fill(1),
    ];
    const { scan, svd } = pointsScan(
      points.flatMap((t) => [4 * t, 1 - 2 * t]),
      2,
      [9, 10],
    );
    const { memberships } = await gustafsonKessel(scan, { svd, clusters: 2, seed: 1 });
    expect(Math.max(memberships.values[0], memberships.values[90])).toBeCloseTo(0.9947, 3);
  });

  it.skipIf(!hasReferenceData)(
    "ends no higher than the reference, by the same definition",
    { timeout: 60_000 },
    async () => {
      const scan = readScan("nanowire/aligned.npy");
      const decomposed = await svd(scan, { components: 5, seed: 1 });
      const found = await gustafsonKessel(scan, { svd: decomposed, clusters: 3, seed: 1 });
      const peer = readPeers() as unknown as { gustafsonKessel: { objective: number } };
      const points = Array.from({ length: area(scan.positions) }, (_, i) =>
        [0, 1, 2].map((d) => item(decomposed.loadings, d)[i]),
      );
      expect(found.objective / naiveObjective(points, rows(found.memberships))).toBeCloseTo(1, 5);
      expect(found.objective).toBeLessThanOrEqual(peer.gustafsonKessel.objective);
    },
  );
});
