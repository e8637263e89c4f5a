import fc from "fast-check";
import { expect, test } from "vitest";
import { logNormalBelow } from "../../src/algebra/normal-distribution.ts";
import { minimise } from "../../src/algebra/quasi-newton.ts";
import { random } from "../../src/algebra/random.ts";
import { inverseOf, product } from "../../src/algebra/small-matrix.ts";
import { minimumVolumeSimplex } from "../../src/learn/minimum-volume-simplex.ts";
import { nFindr } from "../../src/learn/n-findr.ts";
import { vertexComponentAnalysis } from "../../src/learn/vertex-component-analysis.ts";

test("ln Φ and its slope agree with Simpson's rule on the density", () => {
  const out = new Float64Array(2);
  const density = (t: number) => Math.exp(-t * t * 0.5) / Math.sqrt(2 * Math.PI);
  for (const t of [-12, -8.01, -7.3, -3.001, -2.999, -0.37, 0, 1.234, 4.5, 7.9]) {
    const [from, steps] = [Math.min(t, 0) - 12, 20_000];
    const h = (t - from) / steps;
    let sum = 0;
    for (let i = 0; i <= steps; i++) sum += (i === 0 || i === steps ? 1 : i % 2 === 1 ? 4 : 2) * density(from + i * h);
    const probability = (sum * h) / 3;
    logNormalBelow(t, out);
    expect(out[0]).toBeCloseTo(Math.log(probability), 6);
    expect(out[1] / (density(t) / probability)).toBeCloseTo(1, 4);
  }
});

test("the valley of Rosenbrock's function is followed to its end", () => {
  const found = minimise(
    (x, g) => {
      const [a, b] = [1 - x[0], x[1] - x[0] ** 2];
      g[0] = -2 * a - 400 * x[0] * b;
      g[1] = 200 * b;
      return a * a + 100 * b * b;
    },
    Float64Array.of(-1.2, 1),
  );
  expect(found.converged).toBe(true);
  expect(found.x[0]).toBeCloseTo(1, 5);
  expect(found.x[1]).toBeCloseTo(1, 5);
});

test("a matrix times its inverse is the identity, and determinants of products add in their logarithms", () => {
  const { normal } = random(3);
  const [a, b] = [0, 1].map(() => Float64Array.from({ length: 25 }, normal));
  const [ia, ib, iab] = [inverseOf(a, 5)!, inverseOf(b, 5)!, inverseOf(product(a, b, 5), 5)!];
  for (const [at, value] of product(a, ia.inverse, 5).entries()) expect(value).toBeCloseTo(at % 6 === 0 ? 1 : 0, 10);
  expect(iab.logDeterminant).toBeCloseTo(ia.logDeterminant + ib.logDeterminant, 10);
  expect(iab.sign).toBe(ia.sign * ib.sign);
  expect(inverseOf(Float64Array.of(1, 2, 2, 4), 2)).toBeUndefined();
});

/** Mixtures of k corners, corners first, on the plane of sum 1, turned by a random matrix. */
function mixtures(seed: number, k: number, count: number, purest: number) {
  const { uniform, normal } = random(seed);
  const turn = Float64Array.from({ length: k * k }, normal);
  const amounts = new Float64Array(count * k);
  for (let i = 0; i < count; i++) {
    // Every other point lies on a facet: in a simplex of mixtures alone nothing else tells where the corners are.
    const draws = Array.from({ length: k }, (_, t) =>
      i % 2 === 0 && t === (i / 2) % k ? 0 : -Math.log(uniform() + 1e-12),
    );
    const total = draws.reduce((sum, value) => sum + value, 0);
    if (Math.max(...draws) / total > purest) {
      i--;
      continue;
    }
    for (let t = 0; t < k; t++) amounts[i * k + t] = draws[t] / total;
  }
  return { turn, amounts };
}

test("N-FINDR and VCA take the corners where they are among the points, in any order of positions", () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 1e6 }), fc.integer({ min: 3, max: 5 }), (seed, k) => {
      const { turn, amounts } = mixtures(seed, k, 60, 1);
      const offset = seed % 50;
      for (let t = 0; t < k; t++) {
        amounts.fill(0, (offset + t) * k, (offset + t + 1) * k);
        amounts[(offset + t) * k + t] = 1;
      }
      const points = new Float64Array(amounts.length);
      for (let i = 0; i < 60; i++) {
        for (let d = 0; d < k; d++)
          for (let t = 0; t < k; t++) points[i * k + d] += amounts[i * k + t] * turn[t * k + d];
      }
      const corners = Array.from({ length: k }, (_, t) => offset + t);
      const sorted = (taken: number[]) => taken.sort((a, b) => a - b);
      expect(sorted(nFindr(points, k))).toEqual(corners);
      expect(sorted(vertexComponentAnalysis(points, k, k, seed + 1))).toEqual(corners);
    }),
    { numRuns: 60 },
  );
});

test("the smallest simplex is found without pure points, from a start that is too small", () => {
  for (const k of [3, 4]) {
    const { amounts } = mixtures(5, k, 1200, 0.85);
    // As seen from corners that are mixed by 20 %: a′ = M₀ a with M₀⁻¹ the mixing.
    const mixing = Float64Array.from({ length: k * k }, (_, at) => (at % (k + 1) === 0 ? 0.8 : 0) + 0.2 / k);
    const seen = inverseOf(mixing, k)!.inverse;
    const start = new Float64Array(amounts.length);
    for (let i = 0; i < 1200; i++) {
      for (let t = 0; t < k; t++) for (let s = 0; s < k; s++) start[i * k + t] += seen[t * k + s] * amounts[i * k + s];
    }
    const { transform, onFacet } = minimumVolumeSimplex(start, k, { noise: 0.002 });
    const total = product(transform, seen, k);
    for (const [at, value] of total.entries())
      expect(Math.abs(value - (at % (k + 1) === 0 ? 1 : 0))).toBeLessThan(0.01);
    for (let s = 0; s < k; s++) {
      let sum = 0;
      for (let t = 0; t < k; t++) sum += transform[t * k + s];
      expect(sum).toBeCloseTo(1, 12);
    }
    expect(onFacet.every((part) => part > 0 && part < 1)).toBe(true);
  }
});
