import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { ica } from "../../src/learn/ica.ts";
import type { Svd } from "../../src/learn/results.ts";
import { svd } from "../../src/learn/svd.ts";
import { DataError, ShapeError } from "../../src/scan/errors.ts";
import { images, item, patterns } from "../../src/scan/scan.ts";
import { hasReferenceData, readNpy, readScan } from "./reference-data.ts";

const [positions, pixels] = [
  [5, 7],
  [30, 41],
] as const;

/** Three independent patterns (spots, stripes, even noise), mixed by maps that are not. */
function mixture(): { found: Svd; sources: Float64Array[] } {
  const { uniform, normal } = random(4);
  const p = pixels[0] * pixels[1];
  const sources = [
    Float64Array.from({ length: p }, () => (uniform() < 0.03 ? 5 + uniform() : 0)),
    Float64Array.from({ length: p }, () => (uniform() < 0.5 ? 1 : -1) + 0.01 * normal()),
    Float64Array.from({ length: p }, () => uniform()),
  ];
  const mixing = Float64Array.from({ length: 9 }, normal);
  const factors = new Float32Array(3 * p);
  for (let t = 0; t < 3; t++) {
    for (let j = 0; j < p; j++) factors[t * p + j] = sources.reduce((sum, s, u) => sum + mixing[t * 3 + u] * s[j], 0.3);
  }
  const loadings = Float32Array.from({ length: 3 * 35 }, normal);
  const found = {
    loadings: images(positions, loadings),
    factors: patterns(pixels, factors),
    singularValues: Float64Array.of(3, 2, 1),
    explained: new Float64Array(3),
    total: 1,
    reads: 0,
  };
  return { found, sources };
}

function correlation(a: ArrayLike<number>, b: ArrayLike<number>): number {
  const n = a.length;
  let [ma, mb, ab, aa, bb] = [0, 0, 0, 0, 0];
  for (let i = 0; i < n; i++) {
    ma += a[i] / n;
    mb += b[i] / n;
  }
  for (let i = 0; i < n; i++) {
    ab += (a[i] - ma) * (b[i] - mb);
    aa += (a[i] - ma) ** 2;
    bb += (b[i] - mb) ** 2;
  }
  return ab / Math.sqrt(aa * bb);
}

const both = [false, true];

describe("ica", () => {
  it("finds independent patterns with every algorithm and contrast", () => {
    const { found, sources } = mixture();
    for (const algorithm of ["parallel", "deflation"] as const) {
      for (const contrast of ["logcosh", "exp", "cube"] as const) {
        for (const differences of both) {
          const { factors, converged } = ica(found, { components: 3, algorithm, contrast, differences, seed: 1 });
          expect(converged).toBe(true);
          for (const source of sources) {
            const closest = Math.max(...[0, 1, 2].map((t) => Math.abs(correlation(source, item(factors, t)))));
            expect(closest).toBeGreaterThan(0.98);
          }
        }
      }
    }
  });

  it("is a turn of what it was given: halves multiply to the same, the independent one has mean 0 and mean square 1", () => {
    const { found } = mixture();
    const [n, p] = [35, pixels[0] * pixels[1]];
    for (const of of ["patterns", "maps"] as const) {
      const { loadings, factors, offsets, unmixing } = ica(found, { components: 3, of, seed: 1 });
      const own = of === "patterns" ? factors : loadings;
      for (let t = 0; t < 3; t++) {
        const values = Array.from(item(own, t));
        expect(values.reduce((a, b) => a + b, 0) / values.length).toBeCloseTo(0, 5);
        expect(values.reduce((a, b) => a + b * b, 0) / values.length).toBeCloseTo(1, 5);
        const given = of === "patterns" ? found.factors.values : found.loadings.values;
        const again = [0, 1, 2].reduce((sum, j) => sum + unmixing[t * 3 + j] * given[j * values.length + 4], 0);
        expect(values[4]).toBeCloseTo(again - offsets[t], 4);
        expect(Math.max(...item(factors, t))).toBeGreaterThanOrEqual(-Math.min(...item(factors, t)));
      }
      for (const [i, j] of [
        [0, 0],
        [11, 700],
        [34, 1229],
      ]) {
        const [before, after] = [0, 1].map((which) => {
          let sum = 0;
          for (let t = 0; t < 3; t++) {
            const [l, f] = which
              ? [loadings.values[t * n + i], factors.values[t * p + j]]
              : [found.loadings.values[t * n + i], found.factors.values[t * p + j]];
            const [a, b] = of === "patterns" ? [0, offsets[t]] : [offsets[t], 0];
            sum += which ? (l + a) * (f + b) : l * f;
          }
          return sum;
        });
        expect(after).toBeCloseTo(before, 4);
      }
    }
  });

  it("ends where Hyvärinen's condition holds: E[g(y) yᵀ] − diag E[g′(y)] is symmetric", () => {
    const { found } = mixture();
    const { factors } = ica(found, { components: 3, seed: 1 });
    const p = pixels[0] * pixels[1];
    const b = [0, 1, 2].map((s) =>
      [0, 1, 2].map((t) => {
        let sum = 0;
        for (let j = 0; j < p; j++) {
          const y = factors.values[s * p + j];
          sum += Math.tanh(y) * factors.values[t * p + j] - (s === t ? 1 / Math.cosh(y) ** 2 : 0);
        }
        return sum / p;
      }),
    );
    for (const [s, t] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      expect(Math.sign(b[s][s]) * b[s][t]).toBeCloseTo(Math.sign(b[t][t]) * b[t][s], 5);
    }
  });

  it("is the same for a seed, for other signs of the SVD, and says how stable it is", () => {
    const { found } = mixture();
    const one = ica(found, { components: 3, seed: 1 });
    expect(ica(found, { components: 3, seed: 1 }).factors.values).toEqual(one.factors.values);
    expect(Math.min(...one.stability)).toBeGreaterThan(0.999);
    const turned = {
      ...found,
      factors: patterns(
        pixels,
        found.factors.values.map((v) => -v),
      ),
    };
    const other = ica(
      {
        ...turned,
        loadings: images(
          positions,
          found.loadings.values.map((v) => -v),
        ),
      },
      { components: 3, seed: 2 },
    );
    for (let t = 0; t < 3; t++) expect(correlation(item(one.factors, t), item(other.factors, t))).toBeCloseTo(1, 6);
    const { normal } = random(9);
    const noise = {
      ...found,
      loadings: images(positions, new Float32Array(8 * 35).map(normal)),
      factors: patterns(pixels, new Float32Array(8 * 1230).map(normal)),
      singularValues: new Float64Array(8).fill(1),
    };
    expect(Math.min(...ica(noise, { components: 8, seed: 1 }).stability)).toBeLessThan(0.95);
  });

  it("leaves masked pixels and positions out", () => {
    const { found, sources } = mixture();
    const used = new Uint8Array(1230).fill(1);
    const spoilt = found.factors.values.slice();
    for (const j of [5, 700]) {
      used[j] = 0;
      for (let t = 0; t < 3; t++) spoilt[t * 1230 + j] = 1e4;
    }
    const bad = { ...found, factors: patterns(pixels, spoilt) };
    const { factors } = ica(bad, { components: 3, seed: 1, pixels: used });
    const kept = (values: ArrayLike<number>): number[] => Array.from(values).filter((_, j) => used[j]);
    for (const source of sources) {
      expect(
        Math.max(...[0, 1, 2].map((t) => Math.abs(correlation(kept(source), kept(item(factors, t)))))),
      ).toBeGreaterThan(0.99);
    }
    expect(Math.abs(factors.values[700])).toBe(0);
    expect(() => ica(found, { components: 3, seed: 1, pixels: new Uint8Array(4) })).toThrow(ShapeError);
  });

  it("learns from differences within rows and within columns, not around the edge", () => {
    const { found } = mixture();
    const { unmixing } = ica(found, { components: 3, differences: true, algorithm: "deflation", seed: 1 });
    const [height, width] = pixels;
    const at = (t: number, r: number, c: number): number =>
      [0, 1, 2].reduce((sum, j) => sum + unmixing[t * 3 + j] * found.factors.values[j * 1230 + r * width + c], 0);
    // Directions of deflation are orthogonal for the whitened differences: these are uncorrelated.
    const differences = [0, 1, 2].map((t) => {
      const values: number[] = [];
      for (let r = 0; r < height; r++) {
        for (let c = 0; c < width; c++) {
          if (r > 0) values.push(at(t, r, c) - at(t, r - 1, c));
          if (c > 0) values.push(at(t, r, c) - at(t, r, c - 1));
        }
      }
      return values;
    });
    for (const [s, t] of [
      [0, 1],
      [0, 2],
      [1, 2],
    ]) {
      expect(correlation(differences[s], differences[t])).toBeCloseTo(0, 5);
    }
  });

  it("refuses what cannot be", () => {
    const { found } = mixture();
    for (const components of [0, 4, 1.5]) expect(() => ica(found, { components, seed: 1 })).toThrow(ShapeError);
    const same = Float32Array.from({ length: 3 * 1230 }, (_, i) => (i % 1230) * 1e-3);
    expect(() => ica({ ...found, factors: patterns(pixels, same) }, { components: 2, seed: 1 })).toThrow(/up to 1/);
    const broken = found.factors.values.slice();
    broken[3] = Number.NaN;
    expect(() => ica({ ...found, factors: patterns(pixels, broken) }, { components: 2, seed: 1 })).toThrow(DataError);
    expect(() => ica(found, { components: 2, seed: 1, signal: AbortSignal.abort() })).toThrow();
    expect(ica(found, { components: 1, seed: 1 }).converged).toBe(true);
  });

  it.skipIf(!hasReferenceData)("meets the reference patterns within 0.5°", { timeout: 60_000 }, async () => {
    const { values } = readNpy("nanowire/ica-patterns.npy");
    const found = await svd(readScan("nanowire/aligned.npy"), { components: 5, seed: 1 });
    const { factors } = ica(found, { components: 3, seed: 1 });
    for (let u = 0; u < 3; u++) {
      const reference = Array.from({ length: 6400 }, (_, j) => values[u * 6400 + j]);
      const cosine = Math.max(...[0, 1, 2].map((t) => Math.abs(correlation(reference, item(factors, t)))));
      expect((Math.acos(Math.min(1, cosine)) * 180) / Math.PI).toBeLessThan(0.5);
    }
  });
});
