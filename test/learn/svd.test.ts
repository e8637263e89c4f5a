import { Matrix, SingularValueDecomposition } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { gram } from "../../src/algebra/gram.ts";
import { random } from "../../src/algebra/random.ts";
import { symmetricEigenvalues } from "../../src/algebra/symmetric-eigen.ts";
import { blockWidth, svd } from "../../src/learn/svd.ts";
import { DataError, ShapeError } from "../../src/scan/errors.ts";
import { masked } from "../../src/scan/masked.ts";
import { item, type Patterns, type Scan, type Size } from "../../src/scan/scan.ts";
import { denseScan } from "./dense-scan.ts";
import { hasReferenceData, readPeers, readScan } from "./reference-data.ts";

const decaying = (positions: Size, pixels: Size, seed: number, decay: number): Float64Array => {
  const { normal } = random(seed);
  const [n, p] = [positions[0] * positions[1], pixels[0] * pixels[1]];
  const u = Matrix.from1DArray(n, n, Array.from({ length: n * n }, normal));
  const w = Matrix.from1DArray(n, p, Array.from({ length: n * p }, normal));
  for (let i = 0; i < n; i++) for (let j = 0; j < n; j++) u.set(i, j, u.get(i, j) * decay ** j);
  return Float64Array.from(u.mmul(w).to1DArray());
};

describe("svd", () => {
  it("agrees with a full decomposition, whichever side is smaller and whichever way it goes", async () => {
    for (const [positions, pixels, components, decay] of [
      [[3, 4], [5, 6], 4, 0.7],
      [[7, 8], [3, 3], 9, 0.9],
      [[9, 10], [11, 12], 5, 0.8],
      [[1, 1], [2, 3], 1, 1],
      [[2, 5], [1, 1], 1, 1],
    ] as [Size, Size, number, number][]) {
      const x = decaying(positions, pixels, 3, decay);
      const [n, p] = [positions[0] * positions[1], pixels[0] * pixels[1]];
      const found = await svd(denseScan(positions, pixels, x), { components, seed: 1 });
      const oracle = new SingularValueDecomposition(Matrix.from1DArray(n, p, Array.from(x)), { autoTranspose: true });
      for (let k = 0; k < components; k++) {
        expect(found.singularValues[k] / oracle.diagonal[k]).toBeCloseTo(1, k < 3 ? 5 : 2);
        const loading = item(found.loadings, k);
        expect(Math.hypot(...loading)).toBeCloseTo(found.singularValues[k], 2);
        expect(Math.hypot(...item(found.factors, k))).toBeCloseTo(1, 5);
        const largest = loading.reduce((a, b) => (Math.abs(b) > Math.abs(a) ? b : a), 0);
        expect(largest).toBeGreaterThan(0);
      }
      expect(found.total / oracle.diagonal.reduce((sum, s) => sum + s * s, 0)).toBeCloseTo(1, 6);
      expect(found.explained.reduce((a, b) => a + b, 0)).toBeLessThanOrEqual(1 + 1e-12);
    }
  });

  it("takes as many reads as a flat tail needs: no direction comes back as a new one", async () => {
    const [positions, pixels]: [Size, Size] = [
      [20, 30],
      [50, 60],
    ];
    const [n, p] = [20 * 30, 50 * 60];
    const { normal, uniform } = random(8);
    const strong = [0, 1, 2].map(() => Float64Array.from({ length: p }, uniform));
    const parts = strong.map(() => Float64Array.from({ length: n }, uniform));
    const x = Float64Array.from({ length: n * p }, (_, at) => {
      const [i, j] = [Math.floor(at / p), at % p];
      return strong.reduce((sum, pattern, k) => sum + 15 * parts[k][i] * pattern[j], normal());
    });
    const exact = symmetricEigenvalues(gram(x, x, p), n).map(Math.sqrt);
    const full = denseScan(positions, pixels, x);
    // Directions rounded to so many bits, as engines round them; of pixels weighted unevenly, after weighting.
    const roundedBy = (steps: number, weight: (pixel: number) => number): Scan => {
      const rounded = (stack: Patterns): Patterns => {
        const seen = stack.values.map((value, at) => value * weight(at % p));
        const step = seen.reduce((most, value) => Math.max(most, Math.abs(value)), 0) / steps;
        return { ...stack, values: seen.map((value, at) => (Math.round(value / step) * step) / weight(at % p)) };
      };
      return { ...full, coarse: () => ({ ...full, sweep: (stack, steps) => full.sweep!(rounded(stack), steps) }) };
    };
    const errors = async (scan: Scan): Promise<number[]> => {
      const { singularValues } = await svd(scan, { components: 20, seed: 1, tolerance: 1e-12, maximumReads: 32 });
      return Array.from(singularValues, (value, k) => Math.abs(value / exact[k] - 1));
    };
    expect(Math.max(...(await errors(roundedBy(32767, () => 1))))).toBeLessThan(1e-4);
    const uneven = await errors(roundedBy(8191, (pixel) => (pixel % 4 === 0 ? 200 : 1)));
    expect(Math.max(...uneven.slice(0, 3))).toBeLessThan(1e-8);
    expect(Math.max(...uneven)).toBeLessThan(1e-2);
  });

  it("takes blocks of images where there are far more pixels than positions", async () => {
    const [positions, pixels]: [Size, Size] = [
      [13, 17],
      [45, 47],
    ];
    const [n, p] = [13 * 17, 45 * 47];
    const { normal, uniform } = random(6);
    const [first, second] = [0, 1].map(() => Float64Array.from({ length: p }, uniform));
    const x = Float64Array.from({ length: n * p }, (_, at) => {
      const [i, j] = [Math.floor(at / p), at % p];
      return (1 + (i % 5)) * first[j] + (i % 3) * second[j] + 0.3 * normal();
    });
    const used = Uint8Array.from({ length: n }, (_, i) => (i % 11 === 4 ? 0 : 1));
    const shown = x.map((value, at) => value * used[Math.floor(at / p)]);
    const found = await svd(masked(denseScan(positions, pixels, x), { positions: used }), { components: 6, seed: 1 });
    const expected = symmetricEigenvalues(gram(shown, shown, p), n).map(Math.sqrt);
    for (let k = 0; k < 6; k++) {
      expect(Math.abs(found.singularValues[k] / expected[k] - 1)).toBeLessThan(k < 2 ? 1e-6 : 5e-3);
      expect(Math.hypot(...item(found.factors, k))).toBeCloseTo(1, 5);
      for (let i = 0; i < n; i++) if (!used[i]) expect(Math.abs(item(found.loadings, k)[i])).toBe(0);
    }
  });

  it("repeats to the same bits and scales with the data", async () => {
    const [positions, pixels]: [Size, Size] = [
      [9, 10],
      [11, 12],
    ];
    const x = decaying(positions, pixels, 5, 0.9);
    const once = await svd(denseScan(positions, pixels, x), { components: 6, seed: 4 });
    const again = await svd(denseScan(positions, pixels, x), { components: 6, seed: 4 });
    expect(again).toEqual(once);
    const thousand = await svd(
      denseScan(
        positions,
        pixels,
        x.map((v) => 1024 * v),
      ),
      { components: 6, seed: 4 },
    );
    for (let k = 0; k < 6; k++) expect(thousand.singularValues[k] / once.singularValues[k]).toBeCloseTo(1024, 2);
  });

  it("finds no more than there is: low rank and zeros", async () => {
    const [positions, pixels]: [Size, Size] = [
      [9, 10],
      [11, 12],
    ];
    const x = new Float64Array(90 * 132);
    for (let i = 0; i < 90; i++) for (let j = 0; j < 132; j++) x[i * 132 + j] = (i % 7) * (j % 5) + (i % 3) * (j % 11);
    const two = await svd(denseScan(positions, pixels, x), { components: 5, seed: 1 });
    expect(two.explained[0] + two.explained[1]).toBeCloseTo(1, 6);
    expect(two.singularValues[2]).toBeLessThan(1e-5 * two.singularValues[0]);
    const none = await svd(denseScan(positions, pixels, new Float64Array(90 * 132)), { components: 5, seed: 1 });
    expect([...none.singularValues, ...none.explained, none.total]).toEqual(new Array(11).fill(0));
    expect(none.loadings.values.every((v) => v === 0)).toBe(true);
  });

  it("reads a scan that few memories hold half as often", () => {
    expect([1, 6, 7, 20, 40].map((components) => blockWidth(components, 2 ** 31))).toEqual([4, 4, 8, 8, 16]);
    expect([1, 20].map((components) => blockWidth(components, 2 ** 31 + 1))).toEqual([8, 16]);
  });

  it("refuses what it cannot do, and stops when told", async () => {
    const scan = denseScan([2, 3], [4, 5], new Float64Array(120).fill(1));
    for (const components of [0, 7, 1.5]) await expect(svd(scan, { components, seed: 1 })).rejects.toThrow(ShapeError);
    const bad = new Float64Array(120).fill(1);
    bad[67] = Number.NaN;
    await expect(svd(denseScan([2, 3], [4, 5], bad), { components: 2, seed: 1 })).rejects.toThrow(DataError);
    const large = new Float64Array(70 * 80).fill(1);
    large[3 * 80 + 7] = Number.NaN;
    const wide = denseScan([70, 1], [8, 10], large);
    await expect(svd(wide, { components: 2, seed: 1 })).rejects.toMatchObject({ facts: { position: 3 } });
    await expect(svd(scan, { components: 2, seed: 1, signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it.skipIf(!hasReferenceData)(
    "meets the reference scan's singular values in sixteen narrow reads",
    { timeout: 60_000 },
    async () => {
      const scan = readScan("nanowire/aligned.npy");
      const expected = readPeers().svd.singularValues;
      const found = await svd(scan, { components: 20, seed: 1 });
      expect(scan.reads()).toBe(found.reads);
      expect(found.reads).toBeLessThanOrEqual(16);
      for (let k = 0; k < 20; k++) {
        expect(Math.abs(found.singularValues[k] / expected[k] - 1)).toBeLessThan(k < 3 ? 1e-7 : 2e-3);
      }
    },
  );
});
