import { expect, test } from "vitest";
import { freedom } from "../../src/learn/freedom.ts";
import { patterns } from "../../src/scan/scan.ts";

test("a pattern that holds 40 % of another one may hold that much, and a little for noise; the other holds nothing of it", () => {
  const [own, other] = [
    [6, 2, 2, 0, 0, 0],
    [0, 0, 0, 5, 4, 1],
  ];
  const mixed = own.map((value, j) => 0.6 * value + 0.4 * other[j]);
  // Totals differ: shapes are compared.
  const found = freedom(patterns([2, 3], Float32Array.of(...mixed, ...other.map((value) => 7 * value))));
  expect(found[0][0]).toBe(0);
  expect(found[0][1]).toBeGreaterThan(0.4);
  expect(found[0][1]).toBeLessThan(0.41);
  // 1 % of its own counts may turn negative: κ·1 − 0.4κ… = 0.01 (1 − κ).
  expect(found[1][0]).toBeLessThan(0.02);
});

test("equal patterns may be each other entirely; an empty one holds nothing", () => {
  const found = freedom(patterns([1, 3], Float32Array.of(1, 2, 3, 2, 4, 6, 0, 0, 0)));
  expect(found[0][1]).toBeGreaterThan(0.99);
  expect(found[0][2]).toBe(0);
  expect(found[2]).toEqual([0, 0, 0]);
});
