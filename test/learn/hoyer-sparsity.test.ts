import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { hoyerSparsity, projectOntoSparsity, sparseFit } from "../../src/learn/hoyer-sparsity.ts";

/** Hoyer 2004, section 3.2: onto the plane of the sum, the sphere about its middle, and what is negative to 0, in turn. */
function naiveProjection(point: number[], sparsity: number): number[] {
  const n = point.length;
  // A direction only: the length that is nearest follows from it.
  const sum = Math.sqrt(n) - sparsity * (Math.sqrt(n) - 1);
  let zero = new Set<number>();
  let s = point.map((x) => x + (sum - point.reduce((a, b) => a + b, 0)) / n);
  for (;;) {
    const free = n - zero.size;
    const middle = s.map((_, i) => (zero.has(i) ? 0 : sum / free));
    const away = s.map((x, i) => x - middle[i]);
    // ‖middle + α·away‖ = 1, the larger root.
    const [a, b, c] = [
      away.reduce((t, x) => t + x * x, 0),
      2 * away.reduce((t, x, i) => t + x * middle[i], 0),
      middle.reduce((t, x) => t + x * x, 0) - 1,
    ];
    const alpha = (-b + Math.sqrt(Math.max(0, b * b - 4 * a * c))) / (2 * a);
    s = middle.map((m, i) => m + alpha * away[i]);
    if (s.every((x) => x >= 0)) break;
    zero = new Set([...zero, ...s.flatMap((x, i) => (x < 0 ? [i] : []))]);
    s = s.map((x, i) => (zero.has(i) ? 0 : x));
    const excess = (s.reduce((t, x) => t + x, 0) - sum) / (n - zero.size);
    s = s.map((x, i) => (zero.has(i) ? 0 : x - excess));
  }
  const scale = Math.max(
    0,
    s.reduce((t, x, i) => t + x * point[i], 0),
  );
  return s.map((x) => x * scale);
}

const points = fc
  .uniqueArray(fc.integer({ min: -300, max: 900 }), { minLength: 3, maxLength: 30 })
  .map((values) => values.map((value) => value / 100));
const sparsities = fc.double({ min: 0.05, max: 0.95, noNaN: true });

describe("hoyerSparsity", () => {
  it("is 0 where all are the same, 1 where one is alone, and does not care for scale", () => {
    expect(hoyerSparsity(new Float64Array(7).fill(3))).toBeCloseTo(0, 12);
    expect(hoyerSparsity(Float64Array.of(0, 0, 5, 0))).toBe(1);
    expect(hoyerSparsity(Float64Array.of(0, 3, 0, 4))).toBeCloseTo(0.6, 12);
    expect(hoyerSparsity(Float64Array.of(0, 30, 0, 40))).toBeCloseTo(0.6, 12);
  });
});

describe("projectOntoSparsity", () => {
  it("attains the sparsity and is never farther than Hoyer's alternation", () => {
    fc.assert(
      fc.property(points, sparsities, (values, sparsity) => {
        fc.pre(Math.max(...values) > 0);
        const found = Float64Array.from(values);
        projectOntoSparsity(found, sparsity);
        expect(Math.min(...found)).toBeGreaterThanOrEqual(0);
        if (found.every((x) => x === 0)) return;
        expect(hoyerSparsity(found)).toBeCloseTo(sparsity, 9);
        const distance = (to: ArrayLike<number>) => Math.hypot(...values.map((x, i) => x - to[i]));
        expect(distance(found)).toBeLessThanOrEqual(distance(naiveProjection(values, sparsity)) * (1 + 1e-9) + 1e-9);
      }),
      { seed: 4, numRuns: 300 },
    );
  });

  it("leaves what has the sparsity, and takes the first of equal values", () => {
    const point = Float64Array.of(0, 3, 0, 4);
    projectOntoSparsity(point, 0.6);
    for (const [i, x] of [0, 3, 0, 4].entries()) expect(point[i]).toBeCloseTo(x, 9);
    const equal = new Float64Array(5).fill(2);
    projectOntoSparsity(equal, 0.7);
    expect(hoyerSparsity(equal)).toBeCloseTo(0.7, 6);
    expect(equal.indexOf(Math.max(...equal))).toBe(0);
    const negative = Float64Array.of(-1, -2, -3);
    projectOntoSparsity(negative, 0.5);
    expect(Array.from(negative)).toEqual([0, 0, 0]);
  });
});

describe("sparseFit", () => {
  it("never raises its problem from a sparse start, and leaves dead columns 0", () => {
    const [k, columns] = [3, 40];
    const noise = (i: number) => Math.abs(Math.sin(12.9898 * (i + 1)) * 43758.5453) % 1;
    const gram = Float64Array.of(5, 1, 2, 1, 4, 0.5, 2, 0.5, 6);
    const targets = Float64Array.from({ length: k * columns }, (_, i) => (i % columns === 7 ? 0 : 9 * noise(i) - 1));
    const objective = (values: Float64Array): number => {
      let sum = 0;
      for (let x = 0; x < columns; x++) {
        for (let t = 0; t < k; t++) {
          sum -= targets[t * columns + x] * values[t * columns + x];
          for (let s = 0; s < k; s++) sum += 0.5 * gram[t * k + s] * values[t * columns + x] * values[s * columns + x];
        }
      }
      return sum;
    };
    const values = new Float64Array(k * columns);
    const sparsify = sparseFit(0.5);
    let before = Infinity;
    for (let round = 0; round < 10; round++) {
      sparsify({ k, gram, targets, values });
      const now = objective(values);
      expect(now).toBeLessThanOrEqual(before + 1e-9);
      before = now;
    }
    for (let t = 0; t < k; t++) {
      const row = values.slice(t * columns, (t + 1) * columns);
      expect(row[7]).toBe(0);
      expect(hoyerSparsity(row.filter((_, x) => x !== 7))).toBeCloseTo(0.5, 9);
    }
  });
});
