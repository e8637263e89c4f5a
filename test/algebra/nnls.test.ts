import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { nonNegativeLeastSquares } from "../../src/algebra/nnls.ts";

const solve = (gram: number[], target: number[]): number[] => {
  const out = new Float64Array(target.length);
  nonNegativeLeastSquares(Float64Array.from(gram), Float64Array.from(target), target.length, out);
  return [...out];
};

/** ½ aᵀGa − aᵀt. */
const objective = (gram: number[], target: number[], a: readonly number[]): number => {
  const k = target.length;
  let sum = 0;
  for (let i = 0; i < k; i++) {
    sum -= a[i] * target[i];
    for (let j = 0; j < k; j++) sum += 0.5 * a[i] * gram[i * k + j] * a[j];
  }
  return sum;
};

/** Projected gradient with many steps: slow, but shares no line with the code under test. */
const slowMinimum = (gram: number[], target: number[]): number => {
  const k = target.length;
  let trace = 1e-300;
  for (let i = 0; i < k; i++) trace += gram[i * k + i];
  const a = new Array<number>(k).fill(0);
  for (let step = 0; step < 20000; step++) {
    const slope = target.map((t, i) => t - a.reduce((sum, value, j) => sum + gram[i * k + j] * value, 0));
    for (let i = 0; i < k; i++) a[i] = Math.max(0, a[i] + slope[i] / trace);
  }
  return objective(gram, target, a);
};

const problem = fc
  .record({ k: fc.integer({ min: 1, max: 5 }), rows: fc.integer({ min: 1, max: 7 }), seed: fc.integer() })
  .chain(({ k, rows }) =>
    fc
      .record({
        b: fc.array(fc.integer({ min: -4, max: 4 }), { minLength: k * rows, maxLength: k * rows }),
        x: fc.array(fc.integer({ min: -9, max: 9 }), { minLength: rows, maxLength: rows }),
      })
      .map(({ b, x }) => {
        const gram = new Array<number>(k * k).fill(0);
        const target = new Array<number>(k).fill(0);
        for (let i = 0; i < k; i++) {
          for (let r = 0; r < rows; r++) {
            target[i] += b[i * rows + r] * x[r];
            for (let j = 0; j < k; j++) gram[i * k + j] += b[i * rows + r] * b[j * rows + r];
          }
        }
        return { gram, target };
      }),
  );

describe("nonNegativeLeastSquares", () => {
  it("solves by hand", () => {
    expect(solve([4, 2, 2, 4], [6, -2])).toEqual([1.5, 0]);
    expect(solve([4, 0, 0, 4], [4, 8])).toEqual([1, 2]);
    expect(solve([1], [-5])).toEqual([0]);
    expect(solve([0, 0, 0, 1], [3, 2])).toEqual([0, 2]);
  });

  it("meets the optimality conditions, singular Gram matrices included", () => {
    fc.assert(
      fc.property(problem, ({ gram, target }) => {
        const k = target.length;
        const a = solve(gram, target);
        const scale = 1 + Math.max(...target.map(Math.abs)) + Math.max(...gram.map(Math.abs));
        for (let i = 0; i < k; i++) {
          expect(a[i]).toBeGreaterThanOrEqual(0);
          const slope = target[i] - a.reduce((sum, value, j) => sum + gram[i * k + j] * value, 0);
          expect(slope).toBeLessThan(1e-9 * scale);
          if (a[i] > 0) expect(Math.abs(slope)).toBeLessThan(1e-9 * scale);
        }
      }),
      { numRuns: 3000, seed: 1 },
    );
  });

  it("reaches the minimum that slow projected gradients reach", () => {
    fc.assert(
      fc.property(problem, ({ gram, target }) => {
        expect(objective(gram, target, solve(gram, target))).toBeLessThanOrEqual(slowMinimum(gram, target) + 1e-8);
      }),
      { numRuns: 40, seed: 2 },
    );
  });

  it("takes one of two equal patterns, and stays finite when rounding makes them nearly equal", () => {
    const equal = solve([1, 1, 1, 1], [2, 2]);
    expect(equal[0] + equal[1]).toBeCloseTo(2, 12);
    const near = solve([1, 1, 1, 1 + 1e-15], [2, 2.0000001]);
    expect(near.every((value) => value >= 0 && value < 3)).toBe(true);
  });

  it("may write over its target", () => {
    const target = Float64Array.of(6, -2);
    nonNegativeLeastSquares(Float64Array.of(4, 2, 2, 4), target, 2, target);
    expect([...target]).toEqual([1.5, 0]);
  });
});
