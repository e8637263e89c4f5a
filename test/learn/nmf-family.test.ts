import { describe, expect, it } from "vitest";
import { alternateInSpace } from "../../src/learn/alternating-fits.ts";
import { factorSpace } from "../../src/learn/factor-space.ts";
import { nonNegativeFit } from "../../src/learn/fits.ts";
import { hoyerSparsity, sparseFit } from "../../src/learn/hoyer-sparsity.ts";
import { nmf } from "../../src/learn/nmf.ts";
import { nmfPoisson } from "../../src/learn/nmf-poisson.ts";
import { nmfSimplex, simplexFit } from "../../src/learn/nmf-simplex.ts";
import { nmfSparse } from "../../src/learn/nmf-sparse.ts";
import { nmfVolume, volumeFit } from "../../src/learn/nmf-volume.ts";
import type { Nmf } from "../../src/learn/results.ts";
import { svd } from "../../src/learn/svd.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { masked } from "../../src/scan/masked.ts";
import { images, item, patterns } from "../../src/scan/scan.ts";
import { angle, matched } from "../accuracy/errors-of.ts";
import { denseScan } from "./dense-scan.ts";
import { example } from "./example.ts";

/** √ Σ wⱼ (x − LᵀF)ᵢⱼ², element by element. */
function residual(
  x: Float64Array,
  { loadings, factors, components }: Nmf,
  weights?: Float64Array,
  rows?: Float64Array,
) {
  const [n, p] = [loadings.values.length / components, factors.values.length / components];
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      let error = x[i * p + j];
      for (let k = 0; k < components; k++) error -= loadings.values[k * n + i] * factors.values[k * p + j];
      sum += error * error * (weights?.[j] ?? 1) * (rows?.[i] ?? 1);
    }
  }
  return Math.sqrt(sum);
}

const columnSums = (x: Float64Array, p: number): Float64Array =>
  Float64Array.from({ length: p }, (_, j) => x.reduce((sum, value, at) => sum + (at % p === j ? value : 0), 0));
const rowSums = (x: Float64Array, p: number): Float64Array =>
  Float64Array.from({ length: x.length / p }, (_, i) => x.slice(i * p, (i + 1) * p).reduce((a, b) => a + b, 0));
const inverted = (sums: Float64Array): Float64Array => sums.map((value) => (value > 0 ? 1 / value : 0));

const data = example(3, 2000, 5, [9, 11], [10, 12]);
const { x } = data;
const pixels = 120;
const scan = denseScan(data.positions, data.pixels, x);

/** Mixtures none of which is pure: every part is at most 0.8, and every facet is reached. */
function mixtures() {
  const [n, p] = [13 * 17, 120];
  const truth = example(3, 0, 9, [3, 1], data.pixels).x;
  // What all share, and what each has alone.
  const factors = patterns(
    data.pixels,
    Float32Array.from(
      { length: 3 * p },
      (_, at) => 500 * truth[at] + (at % p === 40 * (1 + Math.floor(at / p)) - 7 ? 60 : 0),
    ),
  );
  const loadings = new Float64Array(3 * n);
  for (let i = 0; i < n; i++) {
    const [a, b] = [0.8 * ((i % 17) / 16), Math.floor(i / 17) / 12];
    const parts = [a, (1 - a) * b, (1 - a) * (1 - b)].map((part) => Math.min(0.8, part));
    const sum = parts.reduce((s, part) => s + part, 0);
    parts.forEach((part, t) => {
      loadings[t * n + i] = part / sum;
    });
  }
  const values = new Float64Array(n * p);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      for (let t = 0; t < 3; t++) values[i * p + j] += loadings[t * n + i] * factors.values[t * p + j];
    }
  }
  return { factors, scan: denseScan([13, 17], data.pixels, values) };
}

describe("alternating fits", () => {
  it("never raise their objective, whatever the constraint", async () => {
    const found = await svd(scan, { components: 7, seed: 1 });
    const space = factorSpace(found, 7);
    const start = { factors: (await nmf(scan, { components: 3, seed: 1, svd: found })).factors.values };
    const weight = 1e-3 * found.total;
    for (const [name, fits] of Object.entries({
      plain: { loadings: nonNegativeFit, factors: nonNegativeFit },
      "sparse maps": { loadings: sparseFit(0.4), factors: nonNegativeFit },
      "sparse patterns": { loadings: nonNegativeFit, factors: sparseFit(0.6) },
      "sum to one": { loadings: simplexFit("one"), factors: nonNegativeFit },
      "sum to at most one": { loadings: simplexFit("at most one"), factors: nonNegativeFit },
    })) {
      const { history } = alternateInSpace(space, start, 3, fits, { tolerance: 0, maximumIterations: 40 });
      // From the second on: the first fits a start that need not be allowed.
      for (let i = 2; i < history.length; i++)
        expect(history[i], name).toBeLessThanOrEqual(history[i - 1] + 1e-6 * found.total);
    }
    const determinant = (values: Float32Array | Float64Array): number => {
      const g = [0, 1, 2].map((a) =>
        [0, 1, 2].map((b) => {
          let sum = a === b ? 1e-3 : 0;
          for (let j = 0; j < pixels; j++) sum += values[a * pixels + j] * values[b * pixels + j];
          return sum;
        }),
      );
      const [[a, b, c], [d, e, f], [h, i, j]] = g;
      return a * (e * j - f * i) - b * (d * j - f * h) + c * (d * i - e * h);
    };
    const penalty = (values: Float32Array | Float64Array): number => weight * Math.log(determinant(values));
    const fits = { loadings: simplexFit("one"), factors: volumeFit(weight, 1e-3), penalty };
    const { history } = alternateInSpace(space, start, 3, fits, { tolerance: 0, maximumIterations: 40 });
    expect(history.length).toBeGreaterThan(5);
    for (let i = 2; i < history.length; i++)
      expect(history[i]).toBeLessThanOrEqual(history[i - 1] + 1e-6 * found.total);
  });
});

describe("nmfPoisson", () => {
  it("minimises the weighted norm that it states, below what plain NMF reaches", async () => {
    const found = await nmfPoisson(scan, { components: 3, seed: 1 });
    const total = x.reduce((a, b) => a + b, 0);
    const [columns, rows] = [
      inverted(columnSums(x, pixels)),
      inverted(rowSums(x, pixels)).map((value) => value * total),
    ];
    expect(found.objective / residual(x, found, columns, rows)).toBeCloseTo(1, 4);
    const plain = await nmf(scan, { components: 3, seed: 1 });
    expect(found.objective).toBeLessThan(residual(x, plain, columns, rows));
    expect(residual(x, plain)).toBeLessThan(residual(x, found));
    // Pure counting noise: variance 1 in each element.
    expect(found.objective / Math.sqrt(99 * pixels)).toBeGreaterThan(0.8);
    expect(found.objective / Math.sqrt(99 * pixels)).toBeLessThan(1.2);
    for (let t = 0; t < 3; t++) expect(Math.max(...item(found.loadings, t))).toBe(1);
  });
});

describe("nmfSparse", () => {
  for (const on of ["maps", "patterns"] as const) {
    it(`attains the sparsity of ${on} and states its true objective`, async () => {
      const found = await nmfSparse(scan, { components: 3, sparsity: 0.55, on, seed: 1 });
      const stack = on === "maps" ? found.loadings : found.factors;
      for (let t = 0; t < 3; t++) expect(hoyerSparsity(item(stack, t))).toBeCloseTo(0.55, 5);
      expect(found.objective / residual(x, found)).toBeCloseTo(1, 4);
      for (let t = 0; t < 3; t++) expect(Math.max(...item(found.loadings, t))).toBe(1);
      expect(Math.min(...found.loadings.values, ...found.factors.values)).toBeGreaterThanOrEqual(0);
    });
  }

  it("does not count what is masked, nor care for scale", async () => {
    const mask = Uint8Array.from({ length: pixels }, (_, j) => (j % 7 === 0 ? 0 : 1));
    const half = masked(scan, { pixels: mask });
    const found = await nmfSparse(half, { components: 2, sparsity: 0.5, on: "patterns", seed: 1 });
    for (let t = 0; t < 2; t++) {
      const factor = item(found.factors, t);
      for (let j = 0; j < pixels; j += 7) expect(factor[j]).toBe(0);
      expect(hoyerSparsity(factor.filter((_, j) => mask[j] === 1))).toBeCloseTo(0.5, 5);
    }
    const large = denseScan(
      data.positions,
      data.pixels,
      x.map((value) => 64 * value),
    );
    const options = { components: 3, sparsity: 0.4, seed: 1 };
    const [one, other] = [await nmfSparse(scan, options), await nmfSparse(large, options)];
    expect(other.objective / one.objective).toBeCloseTo(64, 2);
  });

  it("refuses a sparsity that nothing can have", async () => {
    for (const sparsity of [0, 1, -1, Number.NaN]) {
      await expect(nmfSparse(scan, { components: 2, sparsity, seed: 1 })).rejects.toThrow(ShapeError);
    }
  });
});

describe("nmfSimplex", () => {
  it("has loadings that sum to one, or to at most one, and states its weighted objective", async () => {
    const weights = inverted(columnSums(x, pixels));
    const total = x.reduce((a, b) => a + b, 0);
    for (const sum of ["one", "at most one"] as const) {
      const found = await nmfSimplex(scan, { components: 3, sum, seed: 1 });
      for (let i = 0; i < 99; i++) {
        const whole = [0, 1, 2].reduce((s, t) => s + found.loadings.values[t * 99 + i], 0);
        if (sum === "one") expect(whole).toBeCloseTo(1, 6);
        else expect(whole).toBeLessThanOrEqual(1 + 1e-6);
      }
      expect(Math.min(...found.loadings.values, ...found.factors.values)).toBeGreaterThanOrEqual(0);
      expect(found.objective / residual(x, found, weights)).toBeCloseTo(1, 4);
      // Whole patterns hold about as many counts as a position.
      for (let t = 0; t < 3; t++) {
        expect(item(found.factors, t).reduce((a, b) => a + b, 0) / (total / 99)).toBeCloseTo(1, 0);
      }
    }
  });

  it("leaves masked positions 0", async () => {
    const mask = Uint8Array.from({ length: 99 }, (_, i) => (i < 20 ? 0 : 1));
    const found = await nmfSimplex(masked(scan, { positions: mask }), { components: 3, seed: 1 });
    for (let t = 0; t < 3; t++) expect(item(found.loadings, t).slice(0, 20)).toEqual(new Float32Array(20));
  });
});

describe("nmfVolume", () => {
  it("finds patterns though no position is pure, where sums of one alone stay mixed", async () => {
    const { factors, scan: mixed } = mixtures();
    const worst = (found: Nmf): number =>
      Math.max(...matched(found.factors, factors).map((f, t) => angle(item(found.factors, f), item(factors, t))));
    const volume = worst(await nmfVolume(mixed, { components: 3, volume: 1e-6, anneal: [1000, 100, 10, 1], seed: 1 }));
    const simplex = worst(await nmfSimplex(mixed, { components: 3, seed: 1 }));
    expect(volume).toBeLessThan(1);
    expect(volume).toBeLessThan(simplex / 2);
  });

  it("without volume is nmfSimplex, and refuses a negative one", async () => {
    const without = await nmfVolume(scan, { components: 3, volume: 0, anneal: [1], seed: 1 });
    expect(without.factors).toEqual((await nmfSimplex(scan, { components: 3, seed: 1 })).factors);
    await expect(nmfVolume(scan, { components: 3, volume: -1, seed: 1 })).rejects.toThrow(ShapeError);
    await expect(nmfVolume(scan, { components: 3, anneal: [Number.NaN], seed: 1 })).rejects.toThrow("multiple");
  });
});

describe("fixed components", () => {
  it("stay bit for bit, in order, and the rest is learned beside them", async () => {
    const known = patterns(
      data.pixels,
      Float32Array.from({ length: pixels }, (_, j) => x[j] + x[pixels + j]),
    );
    const map = images(
      data.positions,
      Float32Array.from({ length: 99 }, (_, i) => (i % 11) / 7),
    );
    for (const method of [nmf, nmfPoisson]) {
      const found = await method(scan, { components: 3, seed: 1, fixed: { patterns: known, maps: map } });
      expect(item(found.factors, 0)).toEqual(known.values);
      expect(item(found.loadings, 1)).toEqual(map.values);
      expect(Math.max(...item(found.loadings, 2))).toBe(1);
      expect(Math.min(...found.loadings.values, ...found.factors.values)).toBeGreaterThanOrEqual(0);
    }
    const found = await nmf(scan, { components: 3, seed: 1, fixed: { patterns: known, maps: map } });
    expect(found.objective / residual(x, found)).toBeCloseTo(1, 4);
    const free = await nmf(scan, { components: 3, seed: 1 });
    expect(found.objective).toBeGreaterThanOrEqual(free.objective);
  });

  it("may be all of them: what is left is least squares", async () => {
    const free = await nmf(scan, { components: 3, seed: 1 });
    const found = await nmf(scan, { components: 3, seed: 1, fixed: { patterns: free.factors } });
    expect(found.factors.values).toEqual(free.factors.values);
    expect(found.objective / free.objective).toBeCloseTo(1, 3);
  });

  it("of another size, negative, or too many are refused", async () => {
    const wrong = { patterns: patterns([5, 6], new Float32Array(30)) };
    await expect(nmf(scan, { components: 3, seed: 1, fixed: wrong })).rejects.toThrow(
      "expected fixed patterns of 10×12",
    );
    const negative = { maps: images(data.positions, new Float32Array(99).fill(-1)) };
    await expect(nmf(scan, { components: 3, seed: 1, fixed: negative })).rejects.toThrow("≥ 0");
    const many = { patterns: patterns(data.pixels, new Float32Array(4 * pixels)) };
    await expect(nmf(scan, { components: 3, seed: 1, fixed: many })).rejects.toThrow("at most 3");
  });
});
