import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { type SuggestRankOptions, suggestRank } from "../../src/learn/rank.ts";
import type { Rank } from "../../src/learn/results.ts";
import { elbow } from "../../src/learn/scree.ts";
import { svd } from "../../src/learn/svd.ts";
import { masked } from "../../src/scan/masked.ts";
import type { Scan } from "../../src/scan/scan.ts";
import { denseScan } from "./dense-scan.ts";
import { example } from "./example.ts";
import { hasReferenceData, readScan } from "./reference-data.ts";

describe("elbow", () => {
  it("counts the values before the bend", () => {
    expect(elbow(Float64Array.of(0.9, 0.05, 0.001, 0.0009, 0.0008, 0.0007))).toBe(2);
    expect(elbow(Float64Array.of(1, 0, 0, 0))).toBe(1);
    expect(elbow(Float64Array.of(1))).toBe(1);
  });
});

const suggested = async (scan: Scan, options: Partial<SuggestRankOptions> = {}): Promise<Rank> =>
  suggestRank(scan, { svd: await svd(scan, { components: 20, seed: 1 }), seed: 1, ...options });

describe("suggestRank", () => {
  it("finds 1 to 5 endmembers at three doses, and all of them without noise", { timeout: 120_000 }, async () => {
    for (const endmembers of [1, 2, 3, 4, 5]) {
      for (const dose of [0, 1000, 5000, 20000]) {
        const { positions, pixels, x } = example(endmembers, dose, 10 + endmembers, [20, 23], [24, 26]);
        const found = await suggested(denseScan(positions, pixels, x));
        expect([endmembers, dose, found.suggested, found.votes]).toEqual([endmembers, dose, endmembers, found.votes]);
        expect(found.reason).toMatch(/^[^.]*\.$/);
      }
    }
  });

  it("does not depend on the gain of the detector, nor on the order of rows of the scan", async () => {
    const { positions, pixels, x } = example(4, 1500, 14, [20, 23], [24, 26]);
    const row = 23 * 24 * 26;
    const turned = new Float64Array(x.length);
    for (let r = 0; r < 20; r++) turned.set(x.subarray(r * row, (r + 1) * row), ((7 * r) % 20) * row);
    for (const values of [x, x.map((value) => 37 * value), turned]) {
      const found = await suggested(denseScan(positions, pixels, values));
      expect(found.suggested).toBe(4);
      expect(found.votes).toMatchObject({ marchenkoPastur: 4, parallelAnalysis: 4, splitHalf: 4 });
    }
  });

  it("finds 3 where much contrast leaves the noise uneven after division by roots of sums", async () => {
    // Strong spots that only a part of the scan has: Keenan and Kotula's weights saw 12 components and more.
    const [n, p] = [18 * 20, 16 * 17];
    const draw = random(5);
    const x = Float64Array.from({ length: n * p }, (_, at) => {
      const [i, j] = [Math.floor(at / p), at % p];
      const which = i < 120 ? 0 : i < 200 ? 1 : 2;
      return draw.poisson(j % 3 === which ? 30 : 0.3);
    });
    expect((await suggested(denseScan([18, 20], [16, 17], x))).suggested).toBe(3);
  });

  it("honours masks: what is hidden has no vote", async () => {
    const { positions, pixels, x } = example(2, 5000, 12, [20, 23], [24, 26]);
    const draw = random(9);
    const hidden = new Uint8Array(24 * 26).fill(1).fill(0, 0, 60);
    for (let i = 0; i < 20 * 23; i++) for (let j = 0; j < 60; j++) x[i * 24 * 26 + j] = 1e4 * draw.uniform();
    const scan = masked(denseScan(positions, pixels, x), { pixels: hidden });
    expect((await suggested(scan)).suggested).toBe(2);
  });

  it("takes the elbow, and says why, where values are no counts or too few", async () => {
    const { positions, pixels, x } = example(3, 5000, 13);
    const below = x.map((value, at) => value - (at % 378 < 30 ? 50 : 0));
    const found = await suggested(denseScan(positions, pixels, below));
    expect(found.suggested).toBe(found.votes.elbow);
    expect(found.reason).toContain("below zero");
    const small = denseScan([2, 2], [5, 6], x.slice(0, 120));
    const tiny = await suggestRank(small, { svd: await svd(small, { components: 4, seed: 1 }), seed: 1 });
    expect(tiny.suggested).toBe(tiny.votes.elbow);
    const nothing = await suggested(denseScan(positions, pixels, new Float64Array(x.length)));
    expect([nothing.suggested, nothing.reason]).toEqual([1, "All values are zero: there is nothing to separate."]);
  });

  it("counts the vote of NMF errors, reports progress, and stops when told to", async () => {
    const { positions, pixels, x } = example(2, 5000, 12);
    const scan = denseScan(positions, pixels, x);
    const fractions: number[] = [];
    const squared = x.reduce((sum, value) => sum + value * value, 0);
    const nmfErrors = { 1: Math.sqrt(0.5 * squared), 2: Math.sqrt(0.05 * squared), 3: Math.sqrt(0.0499 * squared) };
    const found = await suggested(scan, { nmfErrors, onProgress: (_, fraction) => fractions.push(fraction) });
    expect(found.votes.nmf).toBe(2);
    expect(fractions.length).toBeGreaterThan(3);
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    await expect(suggested(scan, { signal: AbortSignal.abort() })).rejects.toThrow("abort");
  });

  it.skipIf(!hasReferenceData)("finds 3 on the reference scan, and every vote does", { timeout: 120_000 }, async () => {
    const { suggested: count, votes } = await suggested(readScan("nanowire/aligned.npy"));
    expect(count).toBe(3);
    expect(votes).toEqual({ elbow: 3, marchenkoPastur: 3, parallelAnalysis: 3, splitHalf: 3 });
  });
});
