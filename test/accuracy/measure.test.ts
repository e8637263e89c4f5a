import { expect, test } from "vitest";
import { item } from "../../src/scan/scan.ts";
import { boundaryWidth } from "./boundary-width.ts";
import { families } from "./families.ts";
import { measure } from "./measure.ts";
import { syntheticScan, usual } from "./synthetic-scan.ts";

test("a map that follows the truth has boundaries of width 1, whatever its level and sign; a membership has narrower ones", () => {
  const truth = Float32Array.from({ length: 300 }, (_, i) => Math.min(1, Math.max(0, (i - 100) / 100)));
  expect(boundaryWidth(truth, truth)).toBeCloseTo(1, 6);
  expect(
    boundaryWidth(
      truth.map((u) => 5 - 2 * u),
      truth,
    ),
  ).toBeCloseTo(1, 5);
  // Fuzzy c-means of two centres: u² ÷ (u² + (1 − u)²) goes from 10 to 90 % between u = ¼ and ¾.
  const membership = truth.map((u) => (u * u) / (u * u + (1 - u) ** 2));
  expect(boundaryWidth(membership, truth)).toBeCloseTo(0.5 / 0.8, 1);
  const never = truth.map((u) => 0.9 * u);
  expect(boundaryWidth(never, never)).toBeUndefined();
});

test("synthetic scans are what their kind says", () => {
  const total = (kind: typeof usual, part: number) => {
    const { counts, truth } = syntheticScan(kind, 2);
    const [n, k] = [1440, kind.components];
    expect(counts.length).toBe(n * 48 * 44);
    const sums = Array.from({ length: n }, (_, i) =>
      Array.from({ length: k }, (_, t) => item(truth.loadings, t)[i]).reduce((sum, value) => sum + value, 0),
    );
    expect(Math.max(...sums)).toBeLessThan(1 + 1e-6);
    expect(Math.min(...sums)).toBeCloseTo(part, 4);
    return { counts: counts.reduce((sum, value) => sum + value, 0) / n, truth };
  };
  // Counts are conserved where nothing says otherwise, bent or not.
  for (const kind of [usual, { ...usual, bending: 0.3 }, { ...usual, pure: "embedded" as const }]) {
    expect(total(kind, 1).counts / 5000).toBeCloseTo(1, 2);
  }
  const { truth } = total({ ...usual, pure: "embedded" }, 1);
  expect(Math.max(...item(truth.loadings, 2))).toBeLessThanOrEqual(0.6);
  expect(item(truth.loadings, 2).every((part, i) => part === 0 || item(truth.loadings, 0)[i] < 1)).toBe(true);
  const film = total({ ...usual, components: 4, film: "counted" }, 1).truth;
  expect(Math.max(...item(film.loadings, 3))).toBeCloseTo(0.15, 2);
  expect(total({ ...usual, film: "besides" }, 0.85).truth.factors.count).toBe(3);
});

test("rows compare methods with the limit on the same scans", async () => {
  const rows = await measure(families[1], ["unmix", "FCM", "SVD"], [1]);
  const [unmix, fcm, svd] = rows;
  expect(rows.map(({ method }) => method)).toEqual(["unmix", "FCM", "SVD"]);
  expect(unmix).toMatchObject({ anglesAtLimit: 1, mapsAtLimit: 1, scans: 1, ranks: [2], components: 2 });
  expect(unmix.width).toBeCloseTo(1, 1);
  expect(fcm.width).toBeLessThan(0.75);
  expect(fcm.angle).toBeGreaterThan(unmix.angle);
  expect(svd.angle).toBeGreaterThan(fcm.angle);
  expect(new Set(rows.map(({ angleLimit }) => angleLimit)).size).toBe(1);
});
