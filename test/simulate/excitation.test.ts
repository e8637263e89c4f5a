import { describe, expect, test } from "vitest";
import { collected, meanSincSquared } from "../../src/simulate/excitation.ts";
import { collectedByPrecession, electronWavelength } from "../../src/simulate/precession.ts";

const sincSquared = (x: number): number => (x === 0 ? 1 : (Math.sin(Math.PI * x) / (Math.PI * x)) ** 2);

describe("meanSincSquared", () => {
  test.each([
    [0, 1e-3, 1000],
    [0.002, 5e-4, 1126],
    [-0.004, 2e-3, 800],
    [0.05, 1e-4, 1000],
    [0.001, 0, 900],
  ])("around %d ± %d at %d Å is the mean of many", (middle, half, thickness) => {
    const steps = 20_000;
    let sum = 0;
    for (let i = 0; i < steps; i++) sum += sincSquared((middle + half * ((2 * (i + 0.5)) / steps - 1)) * thickness);
    expect(meanSincSquared(middle, half, thickness)).toBeCloseTo(sum / steps, 3);
  });
});

describe("collected", () => {
  const wavelength = electronWavelength(300_000);

  test("over the precession circle, as sampled by another routine", () => {
    for (const g of [0.306, 0.5, 0.87, 1.2]) {
      for (const [precession, tilt] of [
        [0.035, 0],
        [0.018, 0.004],
        [0.009, -0.006],
      ] as const) {
        const sampled = collectedByPrecession(g, precession, tilt, 1000, wavelength);
        const found = collected(g * tilt - (wavelength * g * g) / 2, g, { precession, convergence: 1e-6 }, 1000);
        expect(Math.abs(found / sampled - 1), `g ${g}, ${precession}`).toBeLessThan(0.06);
      }
    }
  });

  test("the cone spreads the Bragg condition without changing what is collected over all of it", () => {
    const over = (convergence: number): number => {
      let sum = 0;
      for (let s = -0.02; s < 0.02; s += 1e-5) sum += collected(s, 0.5, { precession: 0, convergence }, 1000) * 1e-5;
      return sum;
    };
    // ∫ sinc²(s t) ds = 1/t, less the tails beyond ± 0.02.
    expect(over(0.0015) * 1000).toBeCloseTo(0.995, 2);
    expect(over(0.004) * 1000).toBeCloseTo(over(0.0005) * 1000, 2);
    expect(collected(0, 0.5, { precession: 0, convergence: 0.004 }, 1000)).toBeLessThan(
      collected(0, 0.5, { precession: 0, convergence: 0.0005 }, 1000) / 2,
    );
  });
});
