import fc from "fast-check";
import { describe, expect, it, test } from "vitest";
import { solve } from "../../src/algebra/least-squares.ts";
import { random } from "../../src/algebra/random.ts";
import { barycentric } from "../../src/learn/barycentric.ts";
import { fuzzyCMeans } from "../../src/learn/fuzzy-c-means.ts";
import { svd } from "../../src/learn/svd.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { images, item, patterns, type Scan } from "../../src/scan/scan.ts";
import { errorsOf } from "../accuracy/errors-of.ts";
import { syntheticScan, type Truth, usual } from "../accuracy/synthetic-scan.ts";
import { pointsScan } from "./points-scan.ts";
import { hasReferenceData, readNpy, readScan } from "./reference-data.ts";

const size = [4, 5] as const;

describe("barycentric", () => {
  it("gives back the amounts of mixtures, linear across a boundary", () => {
    const corners = [
      [600, 0, 0],
      [610, 100, 20],
      [620, -80, 130],
    ];
    const amounts = Array.from({ length: 20 }, (_, i) => [i / 19, (1 - i / 19) * 0.75, (1 - i / 19) * 0.25]);
    const points = amounts.flatMap((a) =>
      [0, 1, 2].map((d) => a.reduce((sum, share, t) => sum + share * corners[t][d], 0)),
    );
    const { svd } = pointsScan(points, 3, size);
    const { maps, distance } = barycentric({ svd, loadingCentres: Float64Array.from(corners.flat()), dimensions: 3 });
    amounts.forEach((a, i) => {
      for (let t = 0; t < 3; t++) expect(item(maps, t)[i]).toBeCloseTo(a[t], 5);
      expect(distance.values[i]).toBeLessThan(1e-3);
    });
  });

  it("is the nearest point of the simplex: no step towards a corner is shorter", () => {
    const coordinate = fc.double({ min: -5, max: 5, noNaN: true });
    fc.assert(
      fc.property(
        fc.array(coordinate, { minLength: 40, maxLength: 40 }),
        fc.array(coordinate, { minLength: 6, maxLength: 6 }),
        (points, corners) => {
          const { svd } = pointsScan(points, 2, size);
          const { maps, distance } = barycentric({ svd, loadingCentres: Float64Array.from(corners), dimensions: 2 });
          for (let i = 0; i < 20; i++) {
            const a = [0, 1, 2].map((t) => item(maps, t)[i]);
            expect(Math.min(...a)).toBeGreaterThanOrEqual(0);
            expect(a[0] + a[1] + a[2]).toBeCloseTo(1, 6);
            const rest = [0, 1].map(
              (d) => Math.fround(points[2 * i + d]) - a.reduce((s, share, t) => s + share * corners[2 * t + d], 0),
            );
            expect(distance.values[i]).toBeCloseTo(Math.hypot(...rest), 4);
            for (let t = 0; t < 3; t++) {
              // (x − p)·(corner − p) ≤ 0 for every corner
              const towards = [0, 1].map((d) => corners[2 * t + d] - (Math.fround(points[2 * i + d]) - rest[d]));
              expect(rest[0] * towards[0] + rest[1] * towards[1]).toBeLessThan(1e-4);
            }
          }
        },
      ),
      { numRuns: 60, seed: 2 },
    );
  });

  it("is what trying every face of the simplex finds, in more dimensions than three", () => {
    const { normal } = random(3);
    const [k, dimensions] = [5, 4];
    const points = Array.from({ length: 20 * dimensions }, () => 2 * normal());
    const corners = Array.from({ length: k }, () => Array.from({ length: dimensions }, normal));
    const { svd } = pointsScan(points, dimensions, size);
    const { maps, distance } = barycentric({ svd, loadingCentres: Float64Array.from(corners.flat()), dimensions });
    for (let i = 0; i < 20; i++) {
      const point = points.slice(i * dimensions, (i + 1) * dimensions).map(Math.fround);
      let best = { distance: Number.POSITIVE_INFINITY, amounts: [] as number[] };
      for (let face = 1; face < 2 ** k; face++) {
        const used = [0, 1, 2, 3, 4].filter((t) => (face >> t) & 1);
        // Stationary on the face, amounts summing to 1: [CCᵀ 1; 1ᵀ 0] [a; μ] = [Cx; 1].
        const dot = (a: readonly number[], b: readonly number[]) => a.reduce((sum, value, d) => sum + value * b[d], 0);
        const rows = used.map((t) => [...used.map((s) => dot(corners[t], corners[s])), 1]);
        const right = [...used.map((t) => dot(corners[t], point)), 1];
        const solved = solve([...rows, [...used.map(() => 1), 0]].flat(), right);
        const amounts = corners.map((_, t) => (used.includes(t) ? solved[used.indexOf(t)] : 0));
        if (Math.min(...amounts) < 0) continue;
        const rest = point.map((x, d) => x - amounts.reduce((sum, a, t) => sum + a * corners[t][d], 0));
        if (Math.hypot(...rest) < best.distance) best = { distance: Math.hypot(...rest), amounts };
      }
      expect(distance.values[i]).toBeCloseTo(best.distance, 5);
      for (let t = 0; t < k; t++) expect(item(maps, t)[i]).toBeCloseTo(best.amounts[t], 5);
    }
  });

  it("turns a ramp into one that is steeper by 1 ÷ (1 − 2δ), δ being how far inside the centres lie", async () => {
    for (const [pure, mixed, inside] of [
      [30, 30, 0.0681],
      [10, 60, 0.1717],
    ]) {
      const points = Array.from({ length: 2 * pure + mixed }, (_, i) =>
        Math.min(1, Math.max(0, (i - pure + 1) / (mixed + 1))),
      );
      const shifted = points.flatMap((t) => [1, t]);
      const { scan, svd } = pointsScan(shifted, 2, [points.length, 1]);
      const { loadingCentres } = await fuzzyCMeans(scan, { svd, clusters: 2, seed: 1 });
      const { maps } = barycentric({ svd, loadingCentres, dimensions: 2 });
      const second = loadingCentres[1] > loadingCentres[3] ? 0 : 1;
      for (const [i, t] of points.entries()) {
        const steeper = Math.min(1, Math.max(0, (t - inside) / (1 - 2 * inside)));
        expect(item(maps, second)[i]).toBeCloseTo(steeper, 3);
      }
    }
  });

  it("says how far out of the simplex positions lie, in units of the distance between centres, without those that are masked", () => {
    // Two centres 10 apart: the first half of the positions beside their line by 0 … 4.5, the rest far off and masked.
    const points = Array.from({ length: 20 }, (_, i) => [i / 2, i < 10 ? i / 2 : 900]).flat();
    const { svd } = pointsScan(points, 2, size);
    const positions = Uint8Array.from({ length: 20 }, (_, i) => (i < 10 ? 1 : 0));
    const two = { svd, dimensions: 2, positions };
    const { outside } = barycentric({ ...two, loadingCentres: Float64Array.of(0, 0, 10, 0) });
    expect(outside.median).toBeCloseTo(0.225, 6);
    expect(outside.largest).toBeCloseTo(0.45, 6);
    for (const loadingCentres of [Float64Array.of(3, 4), Float64Array.of(3, 4, 3, 4)]) {
      expect(barycentric({ ...two, loadingCentres }).outside).toEqual({ median: Number.NaN, largest: Number.NaN });
    }
  });

  it("leaves masked positions out, takes more centres than dimensions, and refuses what is no centre", () => {
    const points = Array.from({ length: 40 }, (_, i) => i / 7);
    const { svd } = pointsScan(points, 2, size);
    const positions = new Uint8Array(20).fill(1);
    positions[3] = 0;
    const square = Float64Array.of(0, 0, 9, 0, 9, 9, 0, 9);
    const { maps, distance } = barycentric({ svd, loadingCentres: square, dimensions: 2, positions });
    expect([0, 1, 2, 3].map((t) => maps.values[t * 20 + 3])).toEqual([0, 0, 0, 0]);
    expect([0, 1, 2, 3].reduce((sum, t) => sum + maps.values[t * 20 + 8], 0)).toBeCloseTo(1, 6);
    expect(Math.max(...distance.values)).toBeLessThan(1e-6);
    const twice = barycentric({ svd, loadingCentres: Float64Array.of(0, 0, 9, 9, 0, 0, 0, 0), dimensions: 2 });
    expect(twice.maps.values[20 + 8]).toBeCloseTo((16 / 7 + 17 / 7) / 18, 5);
    for (const wrong of [Float64Array.of(1, 2, 3), new Float64Array(0), Float64Array.of(1, Number.NaN)]) {
      expect(() => barycentric({ svd, loadingCentres: wrong, dimensions: 2 })).toThrow(ShapeError);
    }
  });
});

/** Errors of the maps of three fuzzy clusters: their memberships, and barycentric maps from their centres. */
async function mapErrors(scan: Scan, truth: Truth) {
  const found = await svd(scan, { components: 3, seed: 1 });
  const { memberships, centres, loadingCentres } = await fuzzyCMeans(scan, { svd: found, clusters: 3, seed: 1 });
  const { maps } = barycentric({ svd: found, loadingCentres, dimensions: 3 });
  const against = (loadings: Truth["loadings"]) => errorsOf({ factors: centres, loadings }, truth).maps;
  return { memberships: against(memberships), barycentric: against(maps) };
}

describe("barycentric maps of fuzzy clusters are nearer to the truth than memberships", () => {
  test("two crystals in vacuum, boundaries of a few positions", async () => {
    const { scan, truth } = syntheticScan(usual, 1);
    const errors = await mapErrors(scan, truth);
    for (const [t, error] of errors.barycentric.entries()) expect(error).toBeLessThan(0.7 * errors.memberships[t]);
  });

  test.skipIf(!hasReferenceData)("the reference nanowire, by the numbers of docs/methods/barycentric.md", async () => {
    const [maps, factors] = [readNpy("nanowire/truth-abundances.npy"), readNpy("nanowire/truth-patterns.npy")];
    const errors = await mapErrors(readScan("nanowire/aligned.npy"), {
      loadings: images([maps.shape[1], maps.shape[2]], Float32Array.from(maps.values)),
      factors: patterns([factors.shape[1], factors.shape[2]], Float32Array.from(factors.values)),
    });
    expect(errors.memberships.map((error) => error.toFixed(3))).toEqual(["0.079", "0.079", "0.106"]);
    expect(errors.barycentric.map((error) => error.toFixed(3))).toEqual(["0.050", "0.050", "0.068"]);
  });
});
