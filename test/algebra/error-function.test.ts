import { expect, test } from "vitest";
import { erf } from "../../src/algebra/error-function.ts";

// Abramowitz & Stegun, table 7.1.
test.each([
  [0, 0],
  [0.5, 0.5204998778],
  [1, 0.8427007929],
  [2, 0.995322265],
  [3, 0.9999779095],
  [3.5, 0.9999992569],
  [10, 1],
])("erf %f", (x, expected) => {
  expect(erf(x)).toBeCloseTo(expected, 9);
  expect(erf(-x)).toBe(-erf(x));
});

test("is smooth where the series hands over to the continued fraction", () => {
  const slope = (2 / Math.sqrt(Math.PI)) * Math.exp(-9);
  expect((erf(3 + 1e-6) - erf(3 - 1e-6)) / 2e-6).toBeCloseTo(slope, 7);
});
