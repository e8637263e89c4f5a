import fc from "fast-check";
import { expect, test } from "vitest";
import { leastSquares, solve } from "../../src/algebra/least-squares.ts";
import { median } from "../../src/algebra/median.ts";

test("solves what it multiplied, also with a zero pivot", () => {
  const number = fc.integer({ min: -9, max: 9 });
  fc.assert(
    fc.property(
      fc.array(number, { minLength: 9, maxLength: 9 }),
      fc.array(number, { minLength: 3, maxLength: 3 }),
      (a, x) => {
        const determinant =
          a[0]! * (a[4]! * a[8]! - a[5]! * a[7]!) -
          a[1]! * (a[3]! * a[8]! - a[5]! * a[6]!) +
          a[2]! * (a[3]! * a[7]! - a[4]! * a[6]!);
        fc.pre(determinant !== 0);
        const b = [0, 1, 2].map((r) => a[r * 3]! * x[0]! + a[r * 3 + 1]! * x[1]! + a[r * 3 + 2]! * x[2]!);
        const found = solve(a, b);
        for (let i = 0; i < 3; i++) expect(found[i]).toBeCloseTo(x[i]!, 6);
      },
    ),
  );
});

test("unknowns without evidence are 0", () => {
  const rows = Float64Array.of(1, 0, 2, 1, 0, 4, 1, 0, 9);
  const [constant, nothing, slope] = leastSquares(rows, [7, 11, 21]);
  expect([constant, nothing, slope].map((value) => Math.round(value! * 1e9) / 1e9)).toEqual([3, 0, 2]);
});

test("weights of 0 leave a row out", () => {
  expect(leastSquares(Float64Array.of(1, 1, 1), [2, 4, 100], [1, 1, 0])[0]).toBeCloseTo(3, 12);
});

test("median", () => {
  expect([median(Float64Array.of(5, 1, 3)), median(Float64Array.of(4, 1, 3, 2)), median(new Float64Array(0))]).toEqual([
    3,
    2.5,
    Number.NaN,
  ]);
});
