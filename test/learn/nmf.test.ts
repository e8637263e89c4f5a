import { describe, expect, it } from "vitest";
import { nmf, nmfErrors } from "../../src/learn/nmf.ts";
import type { Nmf } from "../../src/learn/results.ts";
import { svd } from "../../src/learn/svd.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { item } from "../../src/scan/scan.ts";
import { denseScan } from "./dense-scan.ts";
import { example } from "./example.ts";
import { hasReferenceData, readPeers, readScan } from "./reference-data.ts";

/** ‖X − LᵀF‖, element by element. */
const trueResidual = (x: Float64Array, { loadings, factors, components }: Nmf): number => {
  const [n, p] = [loadings.values.length / components, factors.values.length / components];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      let error = x[i * p + j];
      for (let k = 0; k < components; k++) error -= loadings.values[k * n + i] * factors.values[k * p + j];
      sum += error * error;
    }
  }
  return Math.sqrt(sum);
};

describe("nmf", () => {
  it("states its true objective; loadings have maximum 1 and come by contribution", async () => {
    const { positions, pixels, x } = example(3, 400, 1);
    const found = await nmf(denseScan(positions, pixels, x), { components: 3, seed: 1 });
    expect(found.objective / trueResidual(x, found)).toBeCloseTo(1, 5);
    const contributions = [0, 1, 2].map(
      (k) => Math.hypot(...item(found.loadings, k)) * Math.hypot(...item(found.factors, k)),
    );
    expect(contributions).toEqual([...contributions].sort((a, b) => b - a));
    for (let k = 0; k < 3; k++) expect(Math.max(...item(found.loadings, k))).toBe(1);
    expect(Math.min(...found.loadings.values, ...found.factors.values)).toBeGreaterThanOrEqual(0);
    expect(found.starts.length).toBe(6);
  });

  it("describes data without noise to 10⁻⁶", { timeout: 30_000 }, async () => {
    const { positions, pixels, x } = example(3, 0, 2);
    const found = await nmf(denseScan(positions, pixels, x), { components: 3, seed: 1 });
    const norm = Math.hypot(...x);
    expect(found.objective / norm).toBeLessThan(1e-6);
    expect(trueResidual(x, found) / norm).toBeLessThan(1e-6);
    expect(found.objective / trueResidual(x, found)).toBeCloseTo(1, 0);
  });

  it("repeats to the same bits, and does not care for scale", async () => {
    const { positions, pixels, x } = example(2, 300, 3);
    const scan = denseScan(positions, pixels, x);
    const once = await nmf(scan, { components: 2, seed: 1 });
    expect(await nmf(scan, { components: 2, seed: 1 })).toEqual(once);
    const scaled = await nmf(
      denseScan(
        positions,
        pixels,
        x.map((v) => 64 * v),
      ),
      { components: 2, seed: 1 },
    );
    expect(scaled.objective / once.objective).toBeCloseTo(64, 2);
  });

  it("works for zeros, one position, one pixel", async () => {
    const none = await nmf(denseScan([3, 4], [5, 6], new Float64Array(360)), { components: 2, seed: 1 });
    expect([none.objective, ...none.loadings.values]).toEqual(new Array(25).fill(0));
    const one = await nmf(denseScan([1, 1], [2, 3], Float64Array.of(1, 2, 3, 4, 5, 6)), { components: 1, seed: 1 });
    expect(one.factors.values[5]).toBeCloseTo(6, 4);
    const column = await nmf(denseScan([2, 3], [1, 1], Float64Array.of(1, 2, 3, 4, 5, 6)), { components: 1, seed: 1 });
    expect(column.factors.values[0]).toBeCloseTo(6, 4);
    await expect(nmf(denseScan([1, 1], [2, 3], new Float64Array(6)), { components: 2, seed: 1 })).rejects.toThrow(
      ShapeError,
    );
  });

  it("errors by components never rise", async () => {
    const { positions, pixels, x } = example(3, 400, 4);
    const found = await svd(denseScan(positions, pixels, x), { components: 10, seed: 1 });
    const errors = Object.values(nmfErrors(found, { components: 6, seed: 1 }));
    expect(errors).toEqual([...errors].sort((a, b) => b - a));
    expect(() => nmfErrors(found, { components: 11, seed: 1 })).toThrow(ShapeError);
  });

  it.skipIf(!hasReferenceData)("ends at or below the peers on the reference scan", { timeout: 120_000 }, async () => {
    const scan = readScan("nanowire/aligned.npy");
    const peers = readPeers();
    const decomposed = await svd(scan, { components: 20, seed: 1 });
    const found = await nmf(scan, { components: 3, svd: decomposed, seed: 1 });
    expect(found.objective).toBeLessThanOrEqual(peers.nmf.objective * (1 + 1e-5));
    const errors = nmfErrors(decomposed, { components: 6, seed: 1 });
    for (let k = 1; k <= 6; k++) expect(errors[k]).toBeLessThanOrEqual(peers.nmfErrorByRank[k] * (1 + 1e-5));
  });

  it.skipIf(!hasReferenceData)("ends at or below scikit-learn on real scans", { timeout: 240_000 }, async () => {
    for (const [name, bounds] of [
      ["real/npy/nist_16x16_bin4_64x64.npy", { 2: 2134.6, 3: 1002.16, 4: 819.951, 6: 693.583 }],
      ["real/npy/particle_a_48x58_48x48.npy", { 2: 81451, 3: 63376, 4: 49419.7, 6: 27135.8 }],
    ] as const) {
      const scan = readScan(name);
      const decomposed = await svd(scan, { components: 20, seed: 1 });
      for (const [components, bound] of Object.entries(bounds)) {
        const found = await nmf(scan, { components: Number(components), svd: decomposed, seed: 1 });
        // The bounds are given to six digits.
        expect(found.objective).toBeLessThanOrEqual(bound * (1 + 1e-6));
      }
    }
  });
});
