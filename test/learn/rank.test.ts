import { describe, expect, it } from "vitest";
import { suggestRank } from "../../src/learn/rank.ts";
import { elbow } from "../../src/learn/scree.ts";
import { svd } from "../../src/learn/svd.ts";
import { poissonScaled } from "../../src/scan/poisson-scaled.ts";
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

describe("suggestRank", () => {
  it("finds 1 to 5 endmembers at three doses, and all of them without noise", { timeout: 60_000 }, async () => {
    for (const endmembers of [1, 2, 3, 4, 5]) {
      for (const dose of [1000, 5000, 20000]) {
        const { positions, pixels, x } = example(endmembers, dose, 10 + endmembers, [20, 23], [24, 26]);
        const scan = denseScan(positions, pixels, x);
        const plain = await svd(scan, { components: 20, seed: 1 });
        const weighted = await svd((await poissonScaled(scan)).scan, { components: 12, seed: 1 });
        const found = suggestRank(plain, weighted);
        expect([endmembers, dose, found.suggested, found.votes]).toEqual([endmembers, dose, endmembers, found.votes]);
        expect(found.reason).toMatch(/\.$/);
      }
    }
  });

  it.skipIf(!hasReferenceData)("finds 3 on the reference scan", { timeout: 60_000 }, async () => {
    const scan = readScan("nanowire/aligned.npy");
    const plain = await svd(scan, { components: 20, seed: 1 });
    const weighted = await svd((await poissonScaled(scan)).scan, { components: 12, seed: 1 });
    expect(suggestRank(plain, weighted).suggested).toBe(3);
    expect(suggestRank(plain).suggested).toBe(3);
  });
});
