import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { alternate } from "../../src/learn/alternate.ts";
import { fuzzyRule } from "../../src/learn/fuzzy-rule.ts";
import { gustafsonKessel } from "../../src/learn/gustafson-kessel.ts";
import { highContrastCMeans, highContrastRule } from "../../src/learn/high-contrast-c-means.ts";
import { kMeans, nearestRule } from "../../src/learn/k-means.ts";
import type { MembershipRule } from "../../src/learn/membership-rule.ts";
import { noiseClustering, noiseRule } from "../../src/learn/noise-clustering.ts";
import { possibilisticCMeans, possibilisticRule } from "../../src/learn/possibilistic-c-means.ts";
import { bestOfStarts } from "../../src/learn/prototypes.ts";
import { svd } from "../../src/learn/svd.ts";
import { DataError, ShapeError } from "../../src/scan/errors.ts";
import { images, item } from "../../src/scan/scan.ts";
import { pointsScan } from "./points-scan.ts";
import { hasReferenceData, readPeers, readScan } from "./reference-data.ts";

const size = [9, 10] as const;
const methods = { kMeans, highContrastCMeans, noiseClustering, possibilisticCMeans, gustafsonKessel };

/** Three groups in a plane, 30 points each. */
function groups(seed: number): number[] {
  const { normal } = random(seed);
  return Array.from({ length: 90 }, (_, i) => [
    (i % 3 === 1 ? 9 : 1) + normal(),
    (i % 3 === 2 ? 8 : 1) + normal(),
  ]).flat();
}

/** So many pure, mixed and pure positions. */
const ramp = (before: number, mixed: number, after: number): Float64Array =>
  Float64Array.of(
    ...new Array(before).fill(0),
    ...Array.from({ length: mixed }, (_, i) => (i + 1) / (mixed + 1)),
    ...new Array(after).fill(1),
  );

const rules: readonly [string, (k: number) => MembershipRule][] = [
  ["fuzzy, 2", () => fuzzyRule(2)],
  ["fuzzy, 1.3", () => fuzzyRule(1.3)],
  ["fuzzy, 3.5", () => fuzzyRule(3.5)],
  ["nearest", () => nearestRule],
  ["high contrast, 0.1", (k) => highContrastRule(0.1, k)],
  ["high contrast, 0.6", (k) => highContrastRule(0.6, k)],
  ["noise", (k) => noiseRule(2, 4, k)],
  ["noise, 1.5", (k) => noiseRule(1.5, 4, k)],
  ["possibilistic", (k) => possibilisticRule(2, new Float64Array(k).fill(3))],
  ["possibilistic, 1.5", (k) => possibilisticRule(1.5, new Float64Array(k).fill(3))],
];

describe("membership rules", () => {
  it("minimise their objectives: no other memberships are better, and w is its slope along d²", () => {
    const distances = fc.array(fc.double({ min: 0.01, max: 20, noNaN: true }), { minLength: 2, maxLength: 5 });
    for (const [name, make] of rules) {
      fc.assert(
        fc.property(distances, (d2) => {
          const k = d2.length;
          const rule = make(k);
          const [squared, u, w] = [Float64Array.from(d2), new Float64Array(k), new Float64Array(k)];
          const objective = rule(squared, u, w);
          const total = u.reduce((a, b) => a + b, 0);
          if (/fuzzy|high|nearest/.test(name)) expect(total).toBeCloseTo(1, 12);
          expect(u.every((value) => value >= 0 && value <= 1 + 1e-12)).toBe(true);
          // The envelope theorem: at the minimum, dJ/dd² = w.
          for (let t = 0; t < k; t++) {
            const step = 1e-6;
            const [up, down] = [1, -1].map((sign) => {
              const moved = Float64Array.from(d2, (value, l) => value + (l === t ? sign * step : 0));
              return rule(moved, new Float64Array(k), new Float64Array(k));
            });
            // There is no slope where two centres are equally near.
            if (name === "nearest" && d2.some((value, l) => l !== t && Math.abs(value - d2[t]) < 1e-4)) continue;
            expect((up - down) / (2 * step)).toBeCloseTo(w[t], 3);
          }
          expect(objective).toBeGreaterThanOrEqual(0);
        }),
        { numRuns: 40, seed: 7 },
      );
    }
  });

  it("agree at their borders", () => {
    const d2 = Float64Array.of(3, 1, 7);
    const of = (rule: MembershipRule): number[] => {
      const u = new Float64Array(3);
      rule(d2, u, new Float64Array(3));
      return Array.from(u);
    };
    const fuzzy = of(fuzzyRule(2));
    for (let k = 0; k < 3; k++) {
      expect(of(highContrastRule(0, 3))[k]).toBeCloseTo(fuzzy[k], 12);
      expect(of(noiseRule(2, 1e30, 3))[k]).toBeCloseTo(fuzzy[k], 12);
      expect(of(highContrastRule(0.999, 3))[k]).toBeCloseTo([0, 1, 0][k], 12);
    }
    // D₁/D₂ = 1/3 < β: crisp; above it: shared.
    expect(of(highContrastRule(0.34, 3))).toEqual([0, 1, 0]);
    expect(of(highContrastRule(0.33, 3))[0]).toBeGreaterThan(0);
    expect(of(possibilisticRule(2, Float64Array.of(3, 1, 7)))).toEqual([0.5, 0.5, 0.5]);
    for (const [, make] of rules) {
      const u = new Float64Array(3);
      make(3)(Float64Array.of(0, 0, 4), u, new Float64Array(3));
      expect(u.every((value) => value >= 0 && value <= 1)).toBe(true);
    }
  });

  it("never raise their objectives when alternated", () => {
    const points = Float64Array.from(groups(5));
    for (const [name, make] of rules) {
      let before = Infinity;
      for (let maximumIterations = 1; maximumIterations < 25; maximumIterations++) {
        const settings = { tolerance: 0, maximumIterations };
        const { objective } = alternate(2, make(4))(points, { centres: points.slice(0, 8) }, settings);
        expect(objective, name).toBeLessThanOrEqual(before * (1 + 1e-12));
        before = objective;
      }
    }
  });
});

describe("clusters of a ramp between two pure regions", () => {
  it.each([
    [30, 30, 30, 0.9947, 0.0681],
    [10, 60, 10, 0.9588, 0.1717],
    [0, 60, 0, 0.9166, 0.2318],
  ])("%i/%i/%i positions: purity %f, centres %f inside", (before, mixed, after, pure, inside) => {
    const points = ramp(before, mixed, after);
    const { centres } = bestOfStarts("test", points, 1, { clusters: 2, seed: 1 }, alternate(1, fuzzyRule(2)));
    // Without pure positions the outermost mixed ones stand for them.
    const [low, high] = [points[0], points[points.length - 1]];
    const first = (Math.min(...centres) - low) / (high - low);
    expect(first).toBeCloseTo(inside, 3);
    expect((high - Math.max(...centres)) / (high - low)).toBeCloseTo(inside, 3);
    expect((1 - first) ** 2 / ((1 - first) ** 2 + first ** 2)).toBeCloseTo(pure, 3);
  });

  it("comes out pure with high contrast, and shared in the middle", async () => {
    const { scan, svd } = pointsScan(
      ramp(30, 30, 30).map((t) => t + 1),
      1,
      size,
    );
    const { memberships } = await highContrastCMeans(scan, { svd, clusters: 2, dimensions: 1, seed: 1 });
    const u = item(memberships, 0);
    expect([Math.max(u[0], u[89]), Math.min(u[0], u[89])]).toEqual([1, 0]);
    expect(u[44] + u[45]).toBeCloseTo(1, 4);
  });
});

describe("clustering of positions", () => {
  it("finds the groups, orders them by size, and gives means of the recorded patterns", async () => {
    const points = groups(1);
    const { scan, svd } = pointsScan(points, 2, size);
    for (const [name, method] of Object.entries(methods)) {
      const found = await method(scan, { svd, clusters: 3, dimensions: 2, seed: 1 });
      expect(found.converged, name).toBe(true);
      expect(found.coincident, name).toEqual([]);
      for (let i = 0; i < 90; i++) {
        const u = [0, 1, 2].map((k) => found.memberships.values[k * 90 + i]);
        const first = [0, 1, 2].map((k) => found.memberships.values[k * 90 + (i % 3)]);
        expect(u.indexOf(Math.max(...u)), name).toBe(first.indexOf(Math.max(...first)));
        if (method !== possibilisticCMeans && method !== noiseClustering) expect(u[0] + u[1] + u[2]).toBeCloseTo(1, 6);
      }
      if (method !== possibilisticCMeans) {
        const totals = [0, 1, 2].map((k) => item(found.memberships, k).reduce((a, b) => a + b, 0));
        expect(totals, name).toEqual([...totals].sort((a, b) => b - a));
      }
      // Recorded patterns hold the point itself, and a pixel that is 1 everywhere.
      for (let k = 0; k < 3; k++) {
        expect(item(found.centres, k)[0], name).toBeCloseTo(found.loadingCentres[k * 2], 3);
        expect(item(found.centres, k)[2], name).toBeCloseTo(1, 5);
      }
      const again = await method(scan, { svd, clusters: 3, dimensions: 2, seed: 1 });
      expect(again.memberships.values).toEqual(found.memberships.values);
    }
  });

  it("is not moved by masked positions, which belong nowhere", async () => {
    const points = groups(2);
    const used = new Uint8Array(90).fill(1);
    const spoilt = points.slice();
    for (const i of [0, 17, 44]) {
      used[i] = 0;
      spoilt[2 * i] = 500;
      spoilt[2 * i + 1] = -400;
    }
    const [clean, dirty] = [points, spoilt].map((values) => pointsScan(values, 2, size));
    for (const method of Object.values(methods)) {
      const [one, other] = await Promise.all(
        [clean, dirty].map(({ scan, svd }) =>
          method(scan, { svd, clusters: 3, dimensions: 2, positions: used, seed: 1 }),
        ),
      );
      expect(Array.from(other.memberships.values)).toEqual(Array.from(one.memberships.values));
      expect(Array.from(other.centres.values)).toEqual(Array.from(one.centres.values));
      for (let k = 0; k < 3; k++) for (const i of [0, 17, 44]) expect(other.memberships.values[k * 90 + i]).toBe(0);
    }
    const { scan, svd } = clean;
    const options = { svd, clusters: 2, dimensions: 2, seed: 1 };
    await expect(kMeans(scan, { ...options, positions: new Uint8Array(90) })).rejects.toThrow(ShapeError);
    await expect(kMeans(scan, { ...options, positions: new Uint8Array(5) })).rejects.toThrow(ShapeError);
  });

  it("scales with the data and does not care for the order of positions", async () => {
    const points = groups(3);
    const run = (values: readonly number[], method: (typeof methods)[keyof typeof methods]) => {
      const { scan, svd } = pointsScan(values, 2, size);
      return method(scan, { svd, clusters: 3, dimensions: 2, seed: 1 });
    };
    const backwards = Array.from({ length: 90 }, (_, i) => [points[178 - 2 * i], points[179 - 2 * i]]).flat();
    for (const [name, method] of Object.entries(methods)) {
      const one = await run(points, method);
      const large = await run(
        points.map((value) => value * 1024),
        method,
      );
      expect(large.objective / one.objective / 1024 ** 2, name).toBeCloseTo(1, 6);
      expect(large.memberships.values[50], name).toBeCloseTo(one.memberships.values[50], 5);
      expect((await run(backwards, method)).objective / one.objective, name).toBeCloseTo(1, 6);
    }
  });

  it("sends what resembles no cluster to the noise, and counts it typical of none", async () => {
    const points = groups(4);
    points[60] = 25;
    points[61] = 25;
    const { scan, svd } = pointsScan(points, 2, size);
    const options = { svd, clusters: 3, dimensions: 2, seed: 1 };
    const { noise, memberships } = await noiseClustering(scan, { ...options, noise: 0.1 });
    expect(noise.values[30]).toBeGreaterThan(0.8);
    for (let i = 0; i < 90; i++) {
      const total = [0, 1, 2].reduce((sum, k) => sum + memberships.values[k * 90 + i], noise.values[i]);
      expect(total).toBeCloseTo(1, 6);
    }
    const typical = await possibilisticCMeans(scan, options);
    for (let k = 0; k < 3; k++) expect(typical.memberships.values[k * 90 + 30]).toBeLessThan(0.05);
  });

  it("reports clusters that end at one place", async () => {
    const { normal } = random(8);
    const { scan, svd } = pointsScan(Array.from({ length: 180 }, normal), 2, size);
    const { coincident } = await possibilisticCMeans(scan, {
      svd,
      clusters: 2,
      dimensions: 2,
      extent: 3,
      seed: 1,
    });
    expect(coincident).toEqual([[0, 1]]);
  });

  it("refuses what cannot be", async () => {
    const { scan, svd } = pointsScan(groups(1), 2, size);
    const options = { svd, clusters: 3, dimensions: 2, seed: 1 };
    for (const method of Object.values(methods)) {
      for (const clusters of [0, 91, 1.5])
        await expect(method(scan, { ...options, clusters })).rejects.toThrow(ShapeError);
      await expect(method(scan, { ...options, signal: AbortSignal.abort() })).rejects.toThrow();
      const values = svd.loadings.values.slice();
      values[7] = Number.NaN;
      await expect(method(scan, { ...options, svd: { ...svd, loadings: images(size, values) } })).rejects.toThrow(
        DataError,
      );
      const one = await method(scan, { ...options, clusters: 1 });
      expect(one.memberships.count).toBe(1);
    }
    for (const contrast of [-0.1, 1])
      await expect(highContrastCMeans(scan, { ...options, contrast })).rejects.toThrow(ShapeError);
    await expect(noiseClustering(scan, { ...options, noise: 0 })).rejects.toThrow(ShapeError);
    await expect(possibilisticCMeans(scan, { ...options, extent: 0 })).rejects.toThrow(ShapeError);
  });

  it.skipIf(!hasReferenceData)("reaches the reference inertia of k-means", { timeout: 60_000 }, async () => {
    const scan = readScan("nanowire/aligned.npy");
    const found = await kMeans(scan, { svd: await svd(scan, { components: 5, seed: 1 }), clusters: 3, seed: 1 });
    const peer = readPeers() as unknown as { kmeans: { inertia: number } };
    expect(found.objective).toBeLessThanOrEqual(peer.kmeans.inertia * (1 + 1e-6));
  });
});
