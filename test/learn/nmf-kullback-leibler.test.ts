import { describe, expect, it } from "vitest";
import { onReference } from "../../src/engines/reference.ts";
import { nmfKullbackLeibler } from "../../src/learn/nmf-kullback-leibler.ts";
import { nmfPoisson } from "../../src/learn/nmf-poisson.ts";
import type { Nmf } from "../../src/learn/results.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { centred } from "../../src/scan/centred.ts";
import { UnsupportedError } from "../../src/scan/errors.ts";
import { masked } from "../../src/scan/masked.ts";
import { item, patterns } from "../../src/scan/scan.ts";
import { weighted } from "../../src/scan/weighted.ts";
import { example } from "./example.ts";

const { positions, pixels, x } = example(3, 150, 8, [5, 7], [6, 9]);
const [n, p] = [35, 54];
const scanOf = (values: Float64Array) => onReference(arraySource({ positions, pixels, dtype: "f64", values }));

/** Σ x ln(x/m) − x + m, element by element; only what is shown. */
function divergence(
  values: Float64Array,
  { loadings, factors, components }: Nmf,
  shown: (i: number, j: number) => boolean = () => true,
) {
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      if (!shown(i, j)) continue;
      let m = 0;
      for (let t = 0; t < components; t++) m += loadings.values[t * n + i] * factors.values[t * p + j];
      const value = values[i * p + j];
      sum += m - value + (value > 0 ? value * Math.log(value / m) : 0);
    }
  }
  return sum;
}

/** Lee & Seung's updates as they stand in the paper, from the same start, until nothing moves. */
function naive(values: Float64Array, start: Nmf, rounds: number): number {
  const k = start.components;
  const l = Float64Array.from(start.loadings.values, (value) => value + 0.01);
  const f = Float64Array.from(start.factors.values, (value) => value + 0.01);
  const model = (i: number, j: number): number => {
    let m = 0;
    for (let t = 0; t < k; t++) m += l[t * n + i] * f[t * p + j];
    return m;
  };
  for (let round = 0; round < rounds; round++) {
    for (const side of [0, 1]) {
      const q = Float64Array.from(values, (value, at) => value / model(Math.floor(at / p), at % p));
      for (let t = 0; t < k; t++) {
        const [own, other] = side
          ? [f.subarray(t * p, (t + 1) * p), l.subarray(t * n, (t + 1) * n)]
          : [l.subarray(t * n, (t + 1) * n), f.subarray(t * p, (t + 1) * p)];
        const all = other.reduce((a, b) => a + b, 0);
        own.forEach((value, here) => {
          let seen = 0;
          other.forEach((w, there) => {
            seen += w * q[side ? there * p + here : here * p + there];
          });
          own[here] = (value * seen) / all;
        });
      }
    }
  }
  let sum = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < p; j++) {
      const [value, m] = [values[i * p + j], model(i, j)];
      sum += m - value + (value > 0 ? value * Math.log(value / m) : 0);
    }
  }
  return sum;
}

describe("nmfKullbackLeibler", () => {
  it("states the divergence of what it returns, and gets below Poisson weighting and as low as the plain updates", async () => {
    const scan = await scanOf(x);
    const found = await nmfKullbackLeibler(scan, { components: 3, seed: 1, sweeps: 300, tolerance: 1e-9 });
    expect(found.objective / divergence(x, found)).toBeCloseTo(1, 5);
    const start = await nmfPoisson(scan, { components: 3, seed: 1 });
    expect(found.objective).toBeLessThan(found.starts[0]);
    expect(found.objective).toBeLessThanOrEqual(naive(x, start, 400) * (1 + 1e-4));
    for (let t = 0; t < 3; t++) expect(Math.max(...item(found.loadings, t))).toBe(1);
    expect(Math.min(...found.loadings.values, ...found.factors.values)).toBeGreaterThanOrEqual(0);
  });

  it("never rises from sweep to sweep, and repeats to the same bits", async () => {
    const scan = await scanOf(x);
    let before = Infinity;
    for (let sweeps = 1; sweeps <= 24; sweeps++) {
      const { objective } = await nmfKullbackLeibler(scan, { components: 3, seed: 1, sweeps, tolerance: 0 });
      expect(objective).toBeLessThanOrEqual(before);
      before = objective;
    }
    const options = { components: 2, seed: 3 };
    expect(await nmfKullbackLeibler(scan, options)).toEqual(await nmfKullbackLeibler(scan, options));
  });

  it("of one component is the product of the sums, in closed form", async () => {
    const found = await nmfKullbackLeibler(await scanOf(x), { components: 1, seed: 1, sweeps: 60, tolerance: 1e-12 });
    const total = x.reduce((a, b) => a + b, 0);
    for (let j = 0; j < p; j += 5) {
      let column = 0;
      for (let i = 0; i < n; i++) column += x[i * p + j];
      const loadings = found.loadings.values.reduce((a, b) => a + b, 0);
      expect((found.factors.values[j] * loadings) / total).toBeCloseTo(column / total, 5);
    }
  });

  it("leaves out masked positions and pixels, and does not care for scale or the order of positions", async () => {
    const [rows, columns] = [new Uint8Array(n).fill(1), new Uint8Array(p).fill(1)];
    rows.fill(0, 3, 9);
    columns.fill(0, 20, 27);
    const hidden = x.map((value, at) => (rows[Math.floor(at / p)] && columns[at % p] ? value : 1e4));
    const found = await nmfKullbackLeibler(masked(await scanOf(hidden), { positions: rows, pixels: columns }), {
      components: 2,
      seed: 1,
    });
    expect(item(found.loadings, 0).slice(3, 9)).toEqual(new Float32Array(6));
    expect(item(found.factors, 1).slice(20, 27)).toEqual(new Float32Array(7));
    const shown = (i: number, j: number): boolean => rows[i] === 1 && columns[j] === 1;
    expect(found.objective / divergence(x, found, shown)).toBeCloseTo(1, 5);

    const options = { components: 3, seed: 1, sweeps: 200, tolerance: 1e-10 };
    const once = await nmfKullbackLeibler(await scanOf(x), options);
    const large = await nmfKullbackLeibler(await scanOf(x.map((value) => 16 * value)), options);
    expect(large.objective / once.objective / 16).toBeCloseTo(1, 3);
    const turned = Float64Array.from(x, (_, at) => x[(n - 1 - Math.floor(at / p)) * p + (at % p)]);
    const reversed = await nmfKullbackLeibler(await scanOf(turned), options);
    expect(reversed.objective / once.objective).toBeCloseTo(1, 3);
  });

  it("refuses views whose elements cannot be divided", async () => {
    const scan = await scanOf(x);
    for (const view of [
      centred(scan, patterns(pixels, new Float32Array(p))),
      scan.squared(),
      weighted(scan, undefined, new Float32Array(p).fill(0.5)),
    ]) {
      await expect(nmfKullbackLeibler(view, { components: 1, seed: 1 })).rejects.toThrow(UnsupportedError);
    }
  });
});
