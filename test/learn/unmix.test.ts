import { describe, expect, test } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { MOST_COMPONENTS } from "../../src/learn/mixture-amounts.ts";
import { unmix } from "../../src/learn/unmix.ts";
import { masked } from "../../src/scan/masked.ts";
import { area, images, item, patterns } from "../../src/scan/scan.ts";
import { errorsOf, limitsOf, matched } from "../accuracy/errors-of.ts";
import { syntheticScan, usual } from "../accuracy/synthetic-scan.ts";
import { denseScan } from "./dense-scan.ts";

/** Noise-free grains of two crystals beside vacuum, boundaries three positions wide. */
function exact(scale = 1) {
  const [positions, pixels] = [
    [12, 15],
    [7, 9],
  ] as const;
  const { uniform } = random(4);
  const factors = patterns(
    pixels,
    Float32Array.from(
      { length: 3 * area(pixels) },
      (_, at) => scale * (1 + 20 * uniform() ** 6 + (at % 63 === 31 ? 60 : 0)),
    ),
  );
  for (let t = 0; t < 3; t++) {
    const factor = item(factors, t);
    const total = factor.reduce((sum, value) => sum + value, 0);
    factor.forEach((value, j) => {
      factor[j] = (1000 * scale * value) / total;
    });
  }
  const loadings = images(positions, new Float32Array(3 * area(positions)));
  const x = new Float64Array(area(positions) * area(pixels));
  for (let i = 0; i < area(positions); i++) {
    const [row, column] = [Math.floor(i / 15), i % 15];
    const second = Math.min(1, Math.max(0, (row - 4) / 4));
    const wire = Math.min(1, Math.max(0, (11 - column) / 4));
    [wire * (1 - second), wire * second, 1 - wire].forEach((part, t) => {
      loadings.values[t * area(positions) + i] = part;
      for (let j = 0; j < area(pixels); j++) x[i * area(pixels) + j] += part * factors.values[t * area(pixels) + j];
    });
  }
  return { x, positions, pixels, truth: { factors, loadings } };
}

describe("unmix", () => {
  test("recovers noise-free mixtures, in counts, at any scale of the data", async () => {
    for (const scale of [0.01, 1, 1000]) {
      const { x, positions, pixels, truth } = exact(scale);
      const found = await unmix(denseScan(positions, pixels, x), { components: 3, seed: 1 });
      const { angles, maps } = errorsOf(found, truth);
      expect(Math.max(...angles)).toBeLessThan(0.1);
      expect(Math.max(...maps)).toBeLessThan(0.004);
      const totals = Array.from({ length: 3 }, (_, t) => item(found.factors, t).reduce((sum, value) => sum + value, 0));
      for (const total of totals) expect(total / (1000 * scale)).toBeCloseTo(1, 2);
      expect(found.residual / Math.hypot(...x)).toBeLessThan(0.01);
    }
  });

  test("more components than the smallest simplex is for keep the corners that were picked, and the method says so", async () => {
    const { uniform } = random(7);
    const [positions, pixels, k] = [[18, 12] as const, [8, 10] as const, MOST_COMPONENTS + 1];
    const factors = Array.from({ length: k }, () => Float64Array.from({ length: 80 }, () => 1000 * uniform() ** 8));
    // Each fills a square of 2 × 2 positions.
    const component = (i: number): number => 6 * Math.floor(i / 24) + Math.floor((i % 12) / 2);
    const x = Float64Array.from({ length: 216 * 80 }, (_, at) => factors[component(Math.floor(at / 80))][at % 80]);
    const { loadings, method } = await unmix(denseScan(positions, pixels, x), { components: k, seed: 1 });
    expect(method).toContain("at most 53 components");
    const largest = Array.from({ length: 216 }, (_, i) => {
      const parts = Array.from({ length: k }, (_, t) => item(loadings, t)[i]);
      expect(Math.max(...parts)).toBeGreaterThan(0.6);
      return parts.indexOf(Math.max(...parts));
    });
    expect(new Set(largest).size).toBe(k);
    largest.forEach((t, i) => {
      expect(t).toBe(largest[24 * Math.floor(i / 24) + 2 * Math.floor((i % 12) / 2)]);
    });
  });

  test("loadings are ≥ 0 and sum to 1; the order of positions matters little, the order of components is by contribution", async () => {
    const { scan, counts, truth } = syntheticScan({ ...usual, dose: 2000 }, 5);
    const found = await unmix(scan, { components: 3, seed: 1 });
    const n = area(scan.positions);
    for (let i = 0; i < n; i++) {
      const parts = [0, 1, 2].map((t) => found.loadings.values[t * n + i]);
      expect(Math.min(...parts)).toBeGreaterThanOrEqual(0);
      expect(parts.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 6);
    }
    const norm = (values: Float32Array) => Math.hypot(...values);
    const contributions = [0, 1, 2].map((t) => norm(item(found.loadings, t)) * norm(item(found.factors, t)));
    expect(contributions).toEqual(contributions.toSorted((a, b) => b - a));
    // Transposed scan: other order of positions, the same neighbours.
    const [rows, columns] = scan.positions;
    const pixels = area(scan.pixels);
    const turned = new Float64Array(counts.length);
    for (let i = 0; i < n; i++) {
      const to = (i % columns) * rows + Math.floor(i / columns);
      turned.set(counts.subarray(i * pixels, (i + 1) * pixels), to * pixels);
    }
    const again = await unmix(denseScan([columns, rows], scan.pixels, turned), { components: 3, seed: 1 });
    const { angles } = errorsOf(
      { factors: again.factors, loadings: found.loadings },
      { ...truth, factors: found.factors },
    );
    expect(Math.max(...angles)).toBeLessThan(0.02);
  });

  test("reaches the limit without pure positions and says that there are none", async () => {
    const { scan, counts, truth } = syntheticScan({ ...usual, pure: "none" }, 3);
    const limit = limitsOf(counts, truth);
    const found = await unmix(scan, { components: 3, seed: 1 });
    const { angles, maps } = errorsOf(found, truth);
    for (const [t, angle] of angles.entries()) expect(angle).toBeLessThanOrEqual(1.1 * limit.angles[t]);
    for (const [t, error] of maps.entries()) expect(error).toBeLessThanOrEqual(1.05 * limit.maps[t]);
    expect(found.assumptions.map(({ code }) => code)).toEqual(["no-pure-positions"]);
  });

  test("reaches the limit at 500 counts without pure positions, and with six components", async () => {
    for (const [kind, seed] of [
      [{ ...usual, pure: "none", dose: 500 }, 2],
      [{ ...usual, components: 6 }, 1],
    ] as const) {
      const { scan, counts, truth } = syntheticScan(kind, seed);
      const limit = limitsOf(counts, truth);
      const { angles, maps } = errorsOf(await unmix(scan, { components: kind.components, seed: 1 }), truth);
      for (const [t, angle] of angles.entries()) expect(angle).toBeLessThanOrEqual(1.1 * limit.angles[t]);
      for (const [t, error] of maps.entries()) expect(error).toBeLessThanOrEqual(1.05 * limit.maps[t]);
    }
  });

  test("says how free a particle's pattern is that is nowhere without its matrix", async () => {
    const { scan, truth } = syntheticScan({ ...usual, pure: "embedded" }, 1);
    const found = await unmix(scan, { components: 3, seed: 1 });
    expect(found.assumptions.map(({ code }) => code)).toEqual(["only-beside"]);
    const order = matched(found.factors, truth.factors);
    // At most 0.6 of a position is particle, so 0.4 of the pattern found is matrix: within what is said.
    expect(found.freedom[order[2]][order[1]]).toBeGreaterThan(0.4);
    expect(found.assumptions[0].message).toContain(
      `Component ${order[2] + 1} is mixed with nothing but component ${order[1] + 1}`,
    );
    expect(found.pure.every((count) => count > 4)).toBe(true);
    for (const value of found.uncertainty) expect(value).toBeGreaterThan(0);
  });

  test("says so too where the matrix borders other crystals, and not of crystals that share half their reflections", async () => {
    const { scan, truth } = syntheticScan({ ...usual, components: 4, pure: "embedded" }, 2);
    const found = await unmix(scan, { components: 4, seed: 1 });
    const order = matched(found.factors, truth.factors);
    expect(found.assumptions.map(({ code }) => code)).toEqual(["may-contain"]);
    expect(found.assumptions[0].message).toContain(
      `Component ${order[3] + 1} shows all that component ${order[1] + 1}`,
    );
    const plain = await unmix(syntheticScan({ ...usual, components: 4 }, 2).scan, { components: 4, seed: 1 });
    expect(plain.assumptions).toEqual([]);
  });

  test("finds a film that is thin everywhere, although positions with it and without fill a prism", async () => {
    const { scan, counts, truth } = syntheticScan({ ...usual, components: 4, film: "counted" }, 2);
    const limit = limitsOf(counts, truth);
    const found = await unmix(scan, { components: 4, seed: 1 });
    expect(found.method).toContain("thin wherever it is");
    expect(found.assumptions.map(({ code }) => code)).toEqual(["no-pure-positions"]);
    const { angles, maps } = errorsOf(found, truth);
    // Crystals and vacuum; the film itself, extrapolated sevenfold, is within twice its limit of 13°.
    for (const t of [0, 1, 2]) expect(angles[t]).toBeLessThan(1.3 * limit.angles[t]);
    expect(angles[3]).toBeLessThan(2 * limit.angles[3]);
    expect(Math.max(...maps)).toBeLessThan(0.035);
  });

  test("says so where the positions do not fill a simplex, as where a bent specimen is given a component more", async () => {
    const { scan } = syntheticScan({ ...usual, bending: 0.3 }, 1);
    const { assumptions, method } = await unmix(scan, { components: 4, seed: 1 });
    expect(assumptions.map(({ code }) => code)).toContain("no-simplex");
    expect(method).toContain("Corners picked by successive projection");
  });

  test("compares shapes where intensity is not conserved, and says so", async () => {
    const { scan, truth } = syntheticScan({ ...usual, intensity: "varying" }, 3);
    const found = await unmix(scan, { components: 3, seed: 1 });
    expect(found.assumptions.map(({ code }) => code)).toContain("intensity-not-conserved");
    expect(found.method).toContain("sum to at most 1");
    const { angles, maps } = errorsOf(found, truth, true);
    expect(Math.max(...angles)).toBeLessThan(1);
    expect(Math.max(...maps)).toBeLessThan(0.03);
    const n = area(scan.positions);
    for (let i = 0; i < n; i++) {
      expect([0, 1, 2].reduce((sum, t) => sum + found.loadings.values[t * n + i], 0)).toBeLessThanOrEqual(1 + 1e-6);
    }
  });

  test("honours masks: what is masked is neither seen nor filled", async () => {
    const { scan, truth } = syntheticScan(usual, 2);
    const used = {
      positions: new Uint8Array(area(scan.positions)).fill(1),
      pixels: new Uint8Array(area(scan.pixels)).fill(1),
    };
    used.positions.fill(0, 80, 120);
    used.pixels.fill(0, 1000, 1010);
    const found = await unmix(masked(scan, used), { components: 3, seed: 1 });
    for (let t = 0; t < 3; t++) {
      expect(
        item(found.loadings, t)
          .subarray(80, 120)
          .every((value) => value === 0),
      ).toBe(true);
      expect(
        item(found.factors, t)
          .subarray(1000, 1010)
          .every((value) => value === 0),
      ).toBe(true);
    }
    const { maps } = errorsOf(found, truth);
    expect(maps.length).toBe(3);
  });

  test("one component is the mean pattern; too many are refused", async () => {
    const { x, positions, pixels } = exact();
    const scan = denseScan(positions, pixels, x);
    const { loadings } = await unmix(scan, { components: 1, seed: 1 });
    expect(loadings.values.every((value) => value === 1)).toBe(true);
    await expect(unmix(scan, { components: 8, seed: 1 })).rejects.toThrow(/at most 3 components/);
    await expect(unmix(scan, { components: 0, seed: 1 })).rejects.toThrow(/from 1 to 63/);
  });
});
