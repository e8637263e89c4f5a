import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { biwhitened } from "../../src/scan/biwhitened.ts";
import { denseScan } from "../../src/scan/dense-scan.ts";
import { DataError } from "../../src/scan/errors.ts";
import { masked } from "../../src/scan/masked.ts";
import type { Size } from "../../src/scan/scan.ts";

const positions: Size = [8, 9];
const pixels: Size = [5, 6];
const [n, p] = [72, 30];

/** Counts of two patterns that differ much, so that sums of rows and columns alone do not make noise even. */
function counts(seed: number, dose = 40): Float32Array {
  const { poisson } = random(seed);
  return Float32Array.from({ length: n * p }, (_, x) => {
    const [i, j] = [Math.floor(x / p), x % p];
    const part = i / (n - 1);
    return poisson(dose * (part * (j < 15 ? 1 : 0.02) + (1 - part) * (j < 12 ? 0.05 : 1)) * (1 + (i % 3)));
  });
}

const scanOf = (x: Float32Array) => denseScan(positions, pixels, x);

/** Sinkhorn's iteration on the whole matrix until it stands still. */
function balanced(x: Float32Array): { u: number[]; v: number[] } {
  let u = Array.from({ length: n }, () => 1);
  let v = Array.from({ length: p }, () => 1);
  for (let round = 0; round < 500; round++) {
    u = u.map((_, i) => p / v.reduce((sum, value, j) => sum + value * x[i * p + j], 0));
    v = v.map((_, j) => n / u.reduce((sum, value, i) => sum + value * x[i * p + j], 0));
  }
  return { u, v };
}

describe("biwhitened", () => {
  it("has weights under which counts are even along rows and columns, as the whole iteration finds them", async () => {
    const x = counts(1);
    const found = await biwhitened(scanOf(x));
    const { u, v } = balanced(x);
    expect(found.used).toEqual([n, p]);
    for (let i = 0; i < n; i++) {
      for (let j = 0; j < p; j++) {
        expect((found.positions[i] * found.pixels[j]) / Math.sqrt(u[i] * v[j])).toBeGreaterThan(0.97);
        expect((found.positions[i] * found.pixels[j]) / Math.sqrt(u[i] * v[j])).toBeLessThan(1.03);
      }
    }
    for (let j = 0; j < p; j++) {
      let sum = 0;
      for (let i = 0; i < n; i++) sum += found.positions[i] ** 2 * x[i * p + j] * found.pixels[j] ** 2;
      expect(sum / n).toBeCloseTo(1, 4);
    }
  });

  it("shows the scan with its weights, and has read it as often as it says", async () => {
    const x = counts(2);
    const found = await biwhitened(scanOf(x));
    const one = { kind: "patterns", count: 1, size: pixels, values: new Float32Array(p).fill(1) } as const;
    const seen = (await found.scan.toImages(one)).values;
    for (const i of [0, 17, n - 1]) {
      let sum = 0;
      for (let j = 0; j < p; j++) sum += found.positions[i] * x[i * p + j] * found.pixels[j];
      expect(seen[i]).toBeCloseTo(sum, 2);
    }
    expect(found.reads).toBeLessThanOrEqual(8);
  });

  it("does not depend on the gain but for the scale, nor on the order of positions", async () => {
    const x = counts(3);
    const plain = await biwhitened(scanOf(x));
    const gained = await biwhitened(scanOf(x.map((value) => 25 * value)));
    const reversed = new Float32Array(x.length);
    for (let i = 0; i < n; i++) reversed.set(x.subarray(i * p, (i + 1) * p), (n - 1 - i) * p);
    const turned = await biwhitened(scanOf(reversed));
    for (const [i, j] of [
      [0, 0],
      [40, 13],
      [n - 1, p - 1],
    ]) {
      const weight = plain.positions[i] * plain.pixels[j];
      expect((5 * gained.positions[i] * gained.pixels[j]) / weight).toBeCloseTo(1, 4);
      expect((turned.positions[n - 1 - i] * turned.pixels[j]) / weight).toBeCloseTo(1, 4);
    }
  });

  it("leaves out what is masked, what is dark, and a pixel that recorded one spike", async () => {
    const x = counts(4);
    for (let i = 0; i < n; i++) {
      x[i * p + 3] = 0;
      x[i * p + 7] = i === 20 ? 5000 : 1;
    }
    const used = new Uint8Array(n).fill(1).fill(0, 0, 9);
    const found = await biwhitened(masked(scanOf(x), { positions: used }));
    expect(found.used).toEqual([n - 9, p - 2]);
    expect([found.pixels[3], found.pixels[7], found.positions[0]]).toEqual([0, 0, 0]);
    expect(found.pixels[8]).toBeGreaterThan(0);
  });

  it("copes with nothing counted, and refuses values below zero", async () => {
    expect((await biwhitened(scanOf(new Float32Array(n * p)))).used).toEqual([0, 0]);
    const below = counts(5);
    for (let i = 0; i < n; i++) below[i * p + 11] = -2;
    await expect(biwhitened(scanOf(below))).rejects.toThrow(DataError);
    await expect(biwhitened(scanOf(below))).rejects.toThrow("pixel 11");
  });
});
