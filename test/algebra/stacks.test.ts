import fc from "fast-check";
import { Matrix } from "ml-matrix";
import { describe, expect, it } from "vitest";
import { cholesky, solveCholesky } from "../../src/algebra/cholesky.ts";
import { combine, recombine } from "../../src/algebra/combine.ts";
import { gram } from "../../src/algebra/gram.ts";
import { orthonormal } from "../../src/algebra/orthonormal.ts";
import { random } from "../../src/algebra/random.ts";
import { projectOntoSimplex } from "../../src/algebra/simplex.ts";

const stack = (rows: number, length: number, seed: number): Float32Array => {
  const { normal } = random(seed);
  return Float32Array.from({ length: rows * length }, normal);
};
const matrix = (rows: number, values: Float32Array | Float64Array): Matrix =>
  Matrix.from1DArray(rows, values.length / rows, Array.from(values));
const largest = (m: Matrix): number => Math.max(...m.to1DArray().map(Math.abs));

describe("gram and combine", () => {
  it("equal the plain products, for every remainder of the blocking", () => {
    for (const [m, n, length] of [
      [1, 1, 1],
      [3, 5, 7],
      [4, 4, 33],
      [9, 6, 513],
      [5, 8, 1100],
    ]) {
      const [a, b] = [stack(m, length, m), stack(n, length, 7 * n)];
      const expected = matrix(m, a).mmul(matrix(n, b).transpose());
      expect(largest(matrix(m, gram(a, b, length)).sub(expected))).toBeLessThan(1e-11);
      const own = matrix(m, a).mmul(matrix(m, a).transpose());
      expect(largest(matrix(m, gram(a, a, length)).sub(own))).toBeLessThan(1e-11);
      const c = Float64Array.from(stack(n, m, 3));
      const combined = matrix(n, c).mmul(matrix(m, a));
      const found = combine(c, a, length);
      expect(largest(matrix(n, found).sub(combined))).toBeLessThan(3e-6);
      if (n <= m) expect(recombine(c, a, length)).toEqual(found);
    }
  });
});

describe("orthonormal", () => {
  it("spans what the rows span", () => {
    const [k, length] = [7, 50];
    const a = stack(k, length, 1);
    for (let x = 0; x < length; x++) a[x] *= 1e6;
    const q = orthonormal(a, length);
    expect(q.length).toBe(k * length);
    const identity = Matrix.eye(k);
    expect(largest(matrix(k, gram(q, q, length)).sub(identity))).toBeLessThan(5e-7);
    const projected = matrix(k, gram(a, q, length)).mmul(matrix(k, q));
    expect(largest(projected.sub(matrix(k, a)))).toBeLessThan(1);
  });

  it("finds the rank, and nothing in nothing", () => {
    const length = 40;
    const two = stack(2, length, 5);
    const five = combine(Float64Array.from(stack(5, 2, 6)), two, length);
    expect(orthonormal(five, length).length).toBe(2 * length);
    expect(orthonormal(new Float32Array(3 * length), length).length).toBe(0);
  });

  it("keeps nearly parallel rows apart", () => {
    const length = 64;
    const a = stack(3, length, 8);
    for (let x = 0; x < length; x++) a[length + x] = a[x] + 1e-4 * a[length + x];
    const q = orthonormal(a, length);
    expect(q.length).toBe(3 * length);
    expect(largest(matrix(3, gram(q, q, length)).sub(Matrix.eye(3)))).toBeLessThan(5e-7);
  });
});

describe("cholesky", () => {
  it("solves, and says when it cannot", () => {
    const a = stack(6, 9, 2);
    const g = gram(a, a, 9);
    const lower = cholesky(g, 6);
    const x = Float64Array.of(1, -2, 3, 0, 5, -1);
    const b = Float64Array.from(matrix(6, g).mmul(matrix(6, x)).to1DArray());
    solveCholesky(lower!, 6, b);
    for (let i = 0; i < 6; i++) expect(b[i]).toBeCloseTo(x[i], 9);
    expect(cholesky(Float64Array.of(1, 1, 1, 1), 2)).toBeUndefined();
    expect(cholesky(Float64Array.of(-1), 1)).toBeUndefined();
  });
});

describe("projectOntoSimplex", () => {
  it("is the nearest point: no corner lies further along", () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: -5, max: 5, noNaN: true }), { minLength: 1, maxLength: 6 }), (values) => {
        const p = Float64Array.from(values);
        projectOntoSimplex(p);
        expect(p.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 12);
        expect(Math.min(...p)).toBeGreaterThanOrEqual(0);
        // Variational inequality: (x − p)·(corner − p) ≤ 0 for every corner.
        const along = p.reduce((sum, value, i) => sum + (values[i] - value) * value, 0);
        for (let i = 0; i < p.length; i++) expect(values[i] - p[i] - along).toBeLessThan(1e-12);
      }),
      { seed: 4 },
    );
  });
});
