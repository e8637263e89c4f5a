import fc from "fast-check";
import { EigenvalueDecomposition, Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { symmetricEigen } from "../../src/algebra/symmetric-eigen.ts";

const symmetric = (n: number, seed: number, decay = 0): Float64Array => {
  const { normal } = random(seed);
  const a = new Float64Array(n * n);
  for (let i = 0; i < n; i++) {
    for (let j = 0; j <= i; j++) {
      a[i * n + j] = normal() * 10 ** (-decay * (i + j));
      a[j * n + i] = a[i * n + j];
    }
  }
  return a;
};

/** Largest entry of Vᵀ diag(λ) V − A and of V Vᵀ − 1. */
const residuals = (a: Float64Array, n: number): [number, number] => {
  const { values, vectors } = symmetricEigen(a, n);
  let rebuilt = 0;
  let orthogonal = 0;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      let sum = -a[i * n + j];
      let dot = i === j ? -1 : 0;
      for (let k = 0; k < n; k++) {
        sum += vectors[k * n + i] * values[k] * vectors[k * n + j];
        dot += vectors[i * n + k] * vectors[j * n + k];
      }
      rebuilt = Math.max(rebuilt, Math.abs(sum));
      orthogonal = Math.max(orthogonal, Math.abs(dot));
    }
  }
  return [rebuilt, orthogonal];
};

describe("symmetricEigen", () => {
  it("solves by hand", () => {
    expect([...symmetricEigen(Float64Array.of(2, 1, 1, 2), 2).values].map((v) => +v.toFixed(12))).toEqual([3, 1]);
    expect([...symmetricEigen(Float64Array.of(-7), 1).values]).toEqual([-7]);
    expect([...symmetricEigen(new Float64Array(16), 4).values]).toEqual([0, 0, 0, 0]);
  });

  it("agrees with ml-matrix and rebuilds the matrix", () => {
    for (const [n, decay] of [
      [1, 0],
      [2, 0],
      [3, 0],
      [7, 0],
      [20, 0.4],
      [63, 0],
      [120, 0],
    ]) {
      const a = symmetric(n, n, decay);
      const oracle = new EigenvalueDecomposition(Matrix.from1DArray(n, n, a), { assumeSymmetric: true });
      const expected = [...oracle.realEigenvalues].sort((x, y) => y - x);
      const { values } = symmetricEigen(a, n);
      for (let i = 0; i < n; i++) expect(Math.abs(values[i] - expected[i])).toBeLessThan(1e-12 * n);
      const [rebuilt, orthogonal] = residuals(a, n);
      expect(rebuilt).toBeLessThan(1e-13 * n);
      expect(orthogonal).toBeLessThan(1e-13 * n);
    }
  });

  it("holds for repeated eigenvalues, diagonal matrices and any scale", () => {
    const identity = Float64Array.from({ length: 25 }, (_, i) => (i % 6 === 0 ? 5 : 0));
    expect([...symmetricEigen(identity, 5).values]).toEqual([5, 5, 5, 5, 5]);
    fc.assert(
      fc.property(
        fc.integer({ min: 1, max: 9 }),
        fc.integer(),
        fc.integer({ min: -140, max: 140 }),
        (n, seed, power) => {
          const a = symmetric(n, seed).map((value) => value * 10 ** power);
          const [rebuilt, orthogonal] = residuals(a, n);
          expect(rebuilt).toBeLessThan(1e-12 * 10 ** power);
          expect(orthogonal).toBeLessThan(1e-12);
        },
      ),
      { seed: 3 },
    );
  });

  it("refuses what is not a number", () => {
    expect(() => symmetricEigen(Float64Array.of(1, Number.NaN, 0, 1), 2)).toThrow(/finite.*NaN/);
  });
});
