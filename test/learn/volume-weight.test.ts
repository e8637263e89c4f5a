import { describe, expect, it } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { nmfVolume } from "../../src/learn/nmf-volume.ts";
import { volumeWeight } from "../../src/learn/volume-weight.ts";
import { errorsOf, limitsOf } from "../accuracy/errors-of.ts";
import { syntheticScan, usual } from "../accuracy/synthetic-scan.ts";
import { denseScan } from "./dense-scan.ts";

const plane = (positions: number) => ({
  normal: new Float64Array(0),
  points: new Float64Array(0),
  intensity: new Float64Array(positions).fill(1),
  conserved: true,
  excess: 0,
});

describe("volumeWeight", () => {
  it("is what balances the pull of noise on a facet, found by moving it", () => {
    // A triangle, 1000 positions on each facet, noise 0.01 of a component.
    const corners = Float64Array.of(6, 0, 0, 0, 0, 0, 0, 5, 0);
    const n = 3000;
    const { normal, uniform } = random(5);
    const coordinates = new Float64Array(3 * n);
    for (let i = 0; i < n; i++) {
      // Inside the facet, clear of its ends.
      const [along, away] = [0.2 + 0.6 * uniform(), 0.01 * normal()];
      const [t, s, r] = [i % 3, (i + 1) % 3, (i + 2) % 3];
      coordinates[3 * i + t] = away;
      coordinates[3 * i + s] = along * (1 - away);
      coordinates[3 * i + r] = (1 - along) * (1 - away);
    }
    const noise = new Float64Array(3 * n).fill(0.01);
    const found = volumeWeight(corners, { coordinates, noise, plane: plane(n) });
    // Of (6, 0) and (0, 5) over the other's axis, of the origin over the line between them.
    const heights = [36, 900 / 61, 25];
    // What is left outside the facet of corner t moved out by η of its height, squared: its slope is twice the weight.
    const outside = (t: number, eta: number): number => {
      let sum = 0;
      for (let i = t; i < n; i += 3) sum += heights[t] * Math.min(0, coordinates[3 * i + t] + eta) ** 2;
      return sum;
    };
    const slopes = [0, 1, 2].map((t) => (outside(t, -1e-5) - outside(t, 1e-5)) / 2e-5);
    const balance = slopes.reduce((sum, slope) => sum + slope / 2, 0) / 3;
    expect(found / balance).toBeGreaterThan(0.9);
    expect(found / balance).toBeLessThan(1.1);
  });

  it("is 0 where corners span no simplex or noise is none", () => {
    const flat = Float64Array.of(1, 2, 2, 4, 3, 6);
    const some = { coordinates: Float64Array.of(0, 0, 1), noise: Float64Array.of(0.1, 0.1, 0.1), plane: plane(1) };
    expect(volumeWeight(flat, some)).toBeCloseTo(0, 12);
    expect(
      volumeWeight(Float64Array.of(1, 0, 0, 1), {
        ...some,
        noise: new Float64Array(2),
        coordinates: Float64Array.of(0, 1),
      }),
    ).toBe(0);
  });
});

describe("nmfVolume by its own weight", () => {
  it("keeps corners apart that a fixed part of ‖X‖² drew together, at 500 counts and without pure positions", async () => {
    const { scan, counts, truth } = syntheticScan({ ...usual, dose: 500, pure: "none" }, 1);
    const limit = limitsOf(counts, truth);
    const worst = async (volume?: number) => {
      const found = await nmfVolume(scan, { components: 3, seed: 1, ...(volume !== undefined && { volume }) });
      return Math.max(...errorsOf(found, truth).angles.map((angle, t) => angle / limit.angles[t]));
    };
    expect(await worst()).toBeLessThan(1.5);
    expect(await worst(1e-3)).toBeGreaterThan(3);
  });

  it("does not depend on the scale of the data", async () => {
    const { scan, counts } = syntheticScan({ ...usual, dose: 1000 }, 2);
    const brighter = denseScan(
      scan.positions,
      scan.pixels,
      counts.map((value) => 8 * value),
    );
    const [one, eight] = await Promise.all([scan, brighter].map((each) => nmfVolume(each, { components: 3, seed: 1 })));
    expect(eight.volume! / one.volume!).toBeCloseTo(1, 2);
    expect(one.volume).toBeGreaterThan(1e-5);
  });
});
