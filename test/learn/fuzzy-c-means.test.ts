import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { alternate } from "../../src/learn/alternate.ts";
import { fuzzyCMeans } from "../../src/learn/fuzzy-c-means.ts";
import { fuzzyRule, requireFuzzifier } from "../../src/learn/fuzzy-rule.ts";
import { bestOfStarts } from "../../src/learn/prototypes.ts";
import { svd } from "../../src/learn/svd.ts";
import { DataError, ShapeError } from "../../src/scan/errors.ts";
import { images, item } from "../../src/scan/scan.ts";
import { denseScan } from "./dense-scan.ts";
import { example } from "./example.ts";
import { hasReferenceData, readNpy, readPeers, readScan } from "./reference-data.ts";

const groups = (seed: number): Float64Array => {
  const { normal } = random(seed);
  return Float64Array.from({ length: 3 * 60 }, (_, i) => (Math.floor(i / 3) % 3 === i % 3 ? 9 : 0) + normal());
};

/** What fuzzyCMeans does to the points of a loading space. */
const cMeans = (
  points: Float64Array,
  dimensions: number,
  options: { clusters: number; fuzzifier?: number; seed: number },
) => bestOfStarts("test", points, dimensions, options, alternate(dimensions, fuzzyRule(options.fuzzifier ?? 2)));

describe("fuzzy c-means of points", () => {
  it("is stationary: centres are the means weighted by its memberships, and J is its sum", () => {
    const points = groups(1);
    for (const fuzzifier of [1.5, 2, 3]) {
      const { centres, objective, converged } = cMeans(points, 3, { clusters: 3, fuzzifier, seed: 1 });
      expect(converged).toBe(true);
      const sums = new Float64Array(12);
      let j = 0;
      for (let i = 0; i < 60; i++) {
        const d2 = Float64Array.from({ length: 3 }, (_, k) =>
          [0, 1, 2].reduce((sum, d) => sum + (points[i * 3 + d] - centres[k * 3 + d]) ** 2, 0),
        );
        for (let k = 0; k < 3; k++) {
          const u = 1 / [0, 1, 2].reduce((sum, l) => sum + (d2[k] / d2[l]) ** (1 / (fuzzifier - 1)), 0);
          j += u ** fuzzifier * d2[k];
          sums[9 + k] += u ** fuzzifier;
          for (let d = 0; d < 3; d++) sums[k * 3 + d] += u ** fuzzifier * points[i * 3 + d];
        }
      }
      expect(objective / j).toBeCloseTo(1, 9);
      for (let c = 0; c < 9; c++) expect(centres[c]).toBeCloseTo(sums[c] / sums[9 + Math.floor(c / 3)], 6);
    }
  });

  it("follows its points: scaled, and in any order", () => {
    const points = groups(2);
    const { centres, objective } = cMeans(points, 3, { clusters: 3, seed: 1 });
    const scaled = cMeans(
      points.map((v) => 1e8 * v),
      3,
      { clusters: 3, seed: 1 },
    );
    expect(scaled.objective / objective / 1e16).toBeCloseTo(1, 9);
    const reversed = new Float64Array(points.length);
    for (let i = 0; i < 60; i++) reversed.set(points.subarray(i * 3, i * 3 + 3), (59 - i) * 3);
    const other = cMeans(reversed, 3, { clusters: 3, seed: 1 });
    expect(other.objective / objective).toBeCloseTo(1, 9);
    expect([...other.centres].sort()[0]).toBeCloseTo([...centres].sort()[0], 5);
  });

  it("is crisp on centres, even between them, and finite everywhere", () => {
    expect(cMeans(Float64Array.of(0, 0, 0, 7, 7), 1, { clusters: 2, seed: 1 }).objective).toBeLessThan(1e-20);
    expect(cMeans(Float64Array.of(0, 0, 7), 1, { clusters: 1, seed: 1 }).centres[0]).toBeCloseTo(7 / 3, 12);
    for (const clusters of [0, 3, 1.5]) {
      expect(() => cMeans(Float64Array.of(0, 0, 7, 7), 1, { clusters, seed: 1 })).toThrow(ShapeError);
    }
    expect(() => requireFuzzifier("test", 1)).toThrow(ShapeError);
    fc.assert(
      fc.property(
        fc.array(fc.double({ min: 0, max: 1e150, noNaN: true }), { minLength: 1, maxLength: 5 }),
        fc.double({ min: 1.05, max: 9, noNaN: true }),
        (d2, m) => {
          const u = new Float64Array(d2.length);
          fuzzyRule(m)(Float64Array.from(d2), u, new Float64Array(d2.length));
          expect(u.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12);
        },
      ),
      { seed: 5 },
    );
  });
});

describe("fuzzyCMeans", () => {
  it("gives memberships that sum to one and centres that are weighted means of the recorded patterns", async () => {
    const { positions, pixels, x } = example(3, 500, 6);
    const scan = denseScan(positions, pixels, x);
    const found = await fuzzyCMeans(scan, { svd: await svd(scan, { components: 6, seed: 1 }), clusters: 3, seed: 1 });
    const [n, p] = [positions[0] * positions[1], pixels[0] * pixels[1]];
    const u = found.memberships.values;
    let squares = 0;
    for (let i = 0; i < n; i++) {
      expect(u[i] + u[n + i] + u[2 * n + i]).toBeCloseTo(1, 6);
      squares += u[i] ** 2 + u[n + i] ** 2 + u[2 * n + i] ** 2;
    }
    expect(found.partitionCoefficient).toBeCloseTo(squares / n, 6);
    for (const j of [0, 100, p - 1]) {
      const [sum, weight] = [0, 1].map((what) => {
        let total = 0;
        for (let i = 0; i < n; i++) total += u[n + i] ** 2 * (what === 0 ? x[i * p + j] : 1);
        return total;
      });
      expect(item(found.centres, 1)[j]).toBeCloseTo(sum / weight, 4);
    }
    const totals = [0, 1, 2].map((k) => item(found.memberships, k).reduce((a, b) => a + b, 0));
    expect(totals).toEqual([...totals].sort((a, b) => b - a));
    expect(found.coincident).toEqual([]);
  });

  it("works on unit-norm loadings and on nothing, and refuses NaN", async () => {
    const { positions, pixels, x } = example(2, 500, 7);
    const scan = denseScan(positions, pixels, x);
    const decomposed = await svd(scan, { components: 3, seed: 1 });
    const unit = await fuzzyCMeans(scan, { svd: decomposed, clusters: 2, loadings: "unit", seed: 1 });
    expect(unit.converged).toBe(true);
    const zeros = denseScan([3, 4], [5, 6], new Float64Array(360));
    const ofNothing = await svd(zeros, { components: 2, seed: 1 });
    const one = await fuzzyCMeans(zeros, { svd: ofNothing, clusters: 1, seed: 1 });
    expect([...one.memberships.values]).toEqual(new Array(12).fill(1));
    await expect(fuzzyCMeans(zeros, { svd: ofNothing, clusters: 2, seed: 1 })).rejects.toThrow(ShapeError);
    const values = decomposed.loadings.values.slice();
    values[5] = Number.NaN;
    const broken = { ...decomposed, loadings: images(positions, values) };
    await expect(fuzzyCMeans(scan, { svd: broken, clusters: 2, seed: 1 })).rejects.toThrow(DataError);
  });

  it.skipIf(!hasReferenceData)(
    "meets the reference scan's objective and centre patterns",
    { timeout: 60_000 },
    async () => {
      const scan = readScan("nanowire/aligned.npy");
      const peer = readPeers().fuzzyCMeans;
      const decomposed = await svd(scan, { components: 20, seed: 1 });
      const found = await fuzzyCMeans(scan, { svd: decomposed, clusters: 3, seed: 1 });
      expect(found.objective).toBeLessThanOrEqual(peer.objective * (1 + 1e-6));
      expect(found.partitionCoefficient).toBeCloseTo(peer.partitionCoefficient, 5);
      const { values } = readNpy("nanowire/fuzzyCMeans-patterns.npy");
      for (let k = 0; k < 3; k++) {
        let [dot, a, b] = [0, 0, 0];
        item(found.centres, k).forEach((value, j) => {
          const other = values[k * 6400 + j];
          dot += value * other;
          a += value * value;
          b += other * other;
        });
        expect((Math.acos(Math.min(1, dot / Math.sqrt(a * b))) * 180) / Math.PI).toBeLessThan(0.1);
      }
    },
  );
});
