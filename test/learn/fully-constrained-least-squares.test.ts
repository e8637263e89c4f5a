import fc from "fast-check";
import { expect, test } from "vitest";
import { leastSquares } from "../../src/algebra/least-squares.ts";
import { random } from "../../src/algebra/random.ts";
import {
  fullyConstrainedLeastSquares,
  type Sum,
  simplexLeastSquares,
} from "../../src/learn/fully-constrained-least-squares.ts";
import { patterns } from "../../src/scan/scan.ts";
import { denseScan } from "./dense-scan.ts";

/** Residual of x by amounts a of the rows of b. */
const residual = (b: number[][], x: number[], a: ArrayLike<number>): number =>
  x.reduce((sum, value, j) => sum + (value - b.reduce((fit, row, t) => fit + a[t] * row[j], 0)) ** 2, 0);

/** The best of all subsets of components, each solved with the last amount eliminated. */
function oracle(b: number[][], x: number[], sum: Sum): number {
  const k = b.length;
  let least = Infinity;
  for (let set = 0; set < 1 << k; set++) {
    const members = Array.from({ length: k }, (_, t) => t).filter((t) => (set >> t) & 1);
    const candidates: number[][] = [];
    if (members.length > 0) {
      const last = members[members.length - 1];
      const others = members.slice(0, -1);
      const rows = x.flatMap((_, j) => others.map((t) => b[t][j] - b[last][j]));
      const right = x.map((value, j) => value - b[last][j]);
      const part = others.length > 0 ? Array.from(leastSquares(Float64Array.from(rows), right)) : [];
      candidates.push([...part, 1 - part.reduce((total, value) => total + value, 0)]);
      if (sum === "at most one") {
        const free = x.flatMap((_, j) => members.map((t) => b[t][j]));
        candidates.push(Array.from(leastSquares(Float64Array.from(free), x)));
      }
    } else if (sum === "at most one") candidates.push([]);
    for (const amounts of candidates) {
      if (amounts.some((value) => value < 0) || amounts.reduce((total, value) => total + value, 0) > 1 + 1e-9) continue;
      const a = new Float64Array(k);
      members.forEach((t, i) => {
        a[t] = amounts[i];
      });
      least = Math.min(least, residual(b, x, a));
    }
  }
  return least;
}

const number = fc.double({ min: -3, max: 3, noNaN: true }).map((value) => Math.round(value * 64) / 64);
const problem = fc.integer({ min: 1, max: 5 }).chain((k) =>
  fc.record({
    b: fc.array(fc.array(number, { minLength: 6, maxLength: 6 }), { minLength: k, maxLength: k }),
    x: fc.array(number, { minLength: 6, maxLength: 6 }),
  }),
);

for (const sum of ["one", "at most one"] as const) {
  test(`amounts that sum to ${sum} are the best of all subsets, and satisfy the constraints`, () => {
    fc.assert(
      fc.property(problem, ({ b, x }) => {
        const k = b.length;
        const normal = Float64Array.from(
          b.flatMap((p) => b.map((q) => p.reduce((total, value, j) => total + value * q[j], 0))),
        );
        const target = Float64Array.from(b, (p) => p.reduce((total, value, j) => total + value * x[j], 0));
        const a = new Float64Array(k);
        simplexLeastSquares(normal, k, sum)(target, a);
        const total = a.reduce((all, value) => all + value, 0);
        expect(Math.min(...a)).toBeGreaterThanOrEqual(0);
        if (sum === "one") expect(Math.abs(total - 1)).toBeLessThanOrEqual(4e-16 * k);
        else expect(total).toBeLessThanOrEqual(1 + 4e-16 * k);
        expect(residual(b, x, a)).toBeLessThanOrEqual(oracle(b, x, sum) + 1e-8);
      }),
      { numRuns: 500 },
    );
  });
}

/** The best by steps along pairs of components, which needs no inverse: slow, and exact for any corners. */
function byPairs(b: number[][], x: number[]): number {
  const a = b.map((_, t) => (t === 0 ? 1 : 0));
  for (let step = 0; step < 5000; step++) {
    const rest = x.map((value, j) => value - b.reduce((fit, row, t) => fit + a[t] * row[j], 0));
    const slopes = b.map((row) => row.reduce((sum, value, j) => sum + value * rest[j], 0));
    const to = slopes.indexOf(Math.max(...slopes));
    const from = slopes.indexOf(Math.min(...slopes.filter((_, t) => a[t] > 0)));
    if (slopes[to] - slopes[from] < 1e-13) break;
    const length = b[to].reduce((sum, value, j) => sum + (value - b[from][j]) ** 2, 0);
    const moved = Math.min(a[from], (slopes[to] - slopes[from]) / length);
    a[to] += moved;
    a[from] -= moved;
  }
  return residual(b, x, a);
}

test("corners that nearly coincide or lie on a line are told apart as far as the Gram matrix can, and cost no more than their distance", () => {
  const { uniform, normal } = random(3);
  const drawn = () => Array.from({ length: 6 }, () => 6 * uniform() - 3);
  for (const distance of [0, 1e-9, 1e-8, 3e-8, 1e-7, 3e-7, 1e-6, 6e-6, 1e-5]) {
    for (let trial = 0; trial < 60; trial++) {
      const [first, second, x] = [drawn(), drawn(), drawn()];
      const part = trial % 3 === 0 ? 1 : 2 * uniform() - 0.5;
      const near = first.map((value, j) => part * value + (1 - part) * second[j] + distance * normal());
      const b = [first, near, second, drawn(), drawn()].slice(0, 2 + (trial % 4));
      const normalMatrix = Float64Array.from(
        b.flatMap((p) => b.map((q) => p.reduce((sum, v, j) => sum + v * q[j], 0))),
      );
      const target = Float64Array.from(b, (p) => p.reduce((sum, value, j) => sum + value * x[j], 0));
      const a = new Float64Array(b.length);
      simplexLeastSquares(normalMatrix, b.length)(target, a);
      expect(Math.min(...a)).toBeGreaterThanOrEqual(0);
      expect(a.reduce((sum, value) => sum + value, 0)).toBeCloseTo(1, 14);
      expect(residual(b, x, a) - byPairs(b, x)).toBeLessThan(1e-10 + 60 * distance);
    }
  }
});

test("maps of exact mixtures are the amounts; empty positions are 0; weights leave exact fits alone", async () => {
  const factors = patterns([2, 3], Float32Array.of(4, 1, 0, 0, 1, 2, 0, 3, 3, 1, 0, 1));
  const amounts = [
    [1, 0],
    [0.25, 0.75],
    [0, 1],
    [0, 0],
    [0.5, 0.5],
    [0.9, 0.1],
  ];
  const x = amounts.flatMap(([a, b]) =>
    Array.from({ length: 6 }, (_, j) => a * factors.values[j] + b * factors.values[6 + j]),
  );
  const scan = denseScan([2, 3], [2, 3], Float64Array.from(x));
  for (const weights of [undefined, Float32Array.of(1, 2, 0.5, 1, 3, 1)]) {
    const maps = await fullyConstrainedLeastSquares(scan, factors, { ...(weights && { weights }) });
    amounts.forEach(([a, b], i) => {
      expect(maps.values[i]).toBeCloseTo(a, 6);
      expect(maps.values[6 + i]).toBeCloseTo(b, 6);
    });
  }
});
