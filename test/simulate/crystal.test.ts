import { describe, expect, test } from "vitest";
import {
  centrings,
  type Miller,
  structureFactorSquared,
  structureFactors,
  zoneReflections,
} from "../../src/simulate/crystal.ts";
import { crystals, galliumArsenide } from "../../src/simulate/crystals.ts";
import { simulateNanowire } from "../../src/simulate/nanowire.ts";
import { crystalSpots } from "../../src/simulate/nanowire-patterns.ts";
import { collectedByPrecession, electronWavelength } from "../../src/simulate/precession.ts";
import { electronScatteringFactor } from "../../src/simulate/scattering-factors.ts";

describe("GaAs", () => {
  const squared = (...miller: Miller) => structureFactorSquared(galliumArsenide, miller);

  test("mixed reflections are absent exactly, 200 is weak, 111 and 220 are strong", () => {
    for (const absent of [
      [1, 0, 0],
      [1, 1, 0],
      [2, 1, 0],
      [2, 1, 1],
      [3, 2, 1],
      [-1, 2, 2],
    ] as const) {
      expect(structureFactorSquared(galliumArsenide, absent)).toBe(0);
    }
    expect(squared(2, 0, 0)).toBeGreaterThan(0);
    expect(squared(2, 0, 0)).toBeLessThan(0.02 * squared(1, 1, 1));
    expect(squared(2, 2, 0)).toBeGreaterThan(0.8 * squared(1, 1, 1));
  });

  test("F of 111 is 4(f_Ga ∓ i f_As), of 220 4(f_Ga + f_As)", () => {
    const damped = (element: "Ga" | "As", g: number) =>
      electronScatteringFactor(element, g / 2) * Math.exp((-(element === "Ga" ? 0.7 : 0.6) * g * g) / 4);
    const g111 = Math.sqrt(3) / 5.6533;
    expect(squared(1, 1, 1)).toBeCloseTo(16 * (damped("Ga", g111) ** 2 + damped("As", g111) ** 2), 8);
    const g220 = Math.sqrt(8) / 5.6533;
    expect(squared(2, -2, 0)).toBeCloseTo((4 * (damped("Ga", g220) + damped("As", g220))) ** 2, 8);
  });

  test("Friedel pairs and symmetry relatives are equal", () => {
    expect(squared(-1, -1, -1)).toBeCloseTo(squared(1, 1, 1), 10);
    expect(squared(3, 1, -1)).toBeCloseTo(squared(1, 3, 1), 10);
  });

  test("the [1-10] zone up to {220} is 4 × 111, 2 × 200, 2 × 220", () => {
    const names = zoneReflections(galliumArsenide, [1, -1, 0], 0.51).map((miller) => miller.join(" "));
    expect(names.sort()).toEqual(["-1 -1 -1", "-1 -1 1", "-2 -2 0", "0 0 -2", "0 0 2", "1 1 -1", "1 1 1", "2 2 0"]);
  });
});

describe("built-in crystals", () => {
  const squared = (name: keyof typeof crystals, ...miller: [number, number, number]) =>
    structureFactorSquared(crystals[name], miller);

  test("what each structure forbids is absent exactly", () => {
    for (const name of Object.keys(crystals) as (keyof typeof crystals)[]) {
      for (const mixed of [
        [1, 0, 0],
        [1, 1, 0],
        [2, 1, 1],
        [-3, 2, 2],
      ] as const satisfies Miller[]) {
        expect(structureFactorSquared(crystals[name], mixed)).toBe(0);
      }
    }
    // Diamond: h + k + l = 4n + 2, for atoms that are spheres.
    expect([squared("Si", 2, 0, 0), squared("Si", 2, 2, 2), squared("Si", -6, 0, 0)]).toEqual([0, 0, 0]);
    // Rock salt: odd reflections see the difference of the two atoms.
    expect(squared("MgO", 1, 1, 1)).toBeLessThan(0.2 * squared("MgO", 2, 0, 0));
  });

  test("primitive cells: four lattice points each, face centrings found from the atoms", () => {
    for (const crystal of Object.values(crystals)) {
      expect(
        centrings(crystal)
          .map((shift) => shift.join(" "))
          .sort(),
      ).toEqual(["0 0 0", "0 0.5 0.5", "0.5 0 0.5", "0.5 0.5 0"]);
    }
  });

  test("Friedel partners of a structure without a centre have the same size, other phases", () => {
    const factor = structureFactors(galliumArsenide);
    const [one, other] = [factor([1, 1, 1]), factor([-1, -1, -1])];
    expect(one.real).toBeCloseTo(other.real, 12);
    expect(one.imaginary).toBeCloseTo(-other.imaginary, 12);
    expect(Math.abs(one.imaginary)).toBeGreaterThan(1);
  });
});

describe("precession", () => {
  test("wavelength at 300 kV", () => expect(electronWavelength(300_000)).toBeCloseTo(0.019687, 5));

  test("without precession it is sinc² of the excitation error", () => {
    const [g, t] = [0.5, 400];
    const x = Math.PI * t * ((0.0197 * g * g) / 2);
    expect(collectedByPrecession(g, 0, 0, t, 0.0197)).toBeCloseTo((Math.sin(x) / x) ** 2, 12);
  });

  test("far from the Bragg condition's width it is 1/(π g · angle · t √(1 − (λg/2 angle)²))", () => {
    const [g, t, angle, wavelength] = [0.6, 4000, 0.035, 0.0197];
    const offset = (wavelength * g) / 2 / angle;
    const expected = 1 / (Math.PI * g * angle * t * Math.sqrt(1 - offset * offset));
    expect(collectedByPrecession(g, angle, 0, t, wavelength) / expected).toBeCloseTo(1, 2);
  });
});

describe("twins", () => {
  const options = (
    simulateNanowire({ positions: [1, 1] }).source.descriptor as unknown as {
      options: Parameters<typeof crystalSpots>[1];
    }
  ).options;

  test("the twin is the mirror image about the wire's axis, and shares the row of [111]", () => {
    const first = crystalSpots(false, options);
    const second = crystalSpots(true, options);
    const angle = (options.wireAngle * Math.PI) / 180;
    const axis = [-Math.sin(angle), Math.cos(angle)] as const;
    for (const [i, spot] of first.entries()) {
      const twin = second[i]!;
      const along = spot.row * axis[0] + spot.column * axis[1];
      // Mirrored: 2 (p·a) a − p.
      expect(twin.row).toBeCloseTo(2 * along * axis[0] - spot.row, 9);
      expect(twin.column).toBeCloseTo(2 * along * axis[1] - spot.column, 9);
      expect(twin.share).toBeCloseTo(spot.share, 12);
      const [h, k, l] = spot.miller;
      if (h === k && k === l) expect([twin.row, twin.column]).toEqual([spot.row, spot.column]);
    }
    expect(first.reduce((sum, spot) => sum + spot.share, 0)).toBeCloseTo(1, 12);
  });

  test("111 is √3/a from the direct beam", () => {
    const spot = crystalSpots(false, options).find(({ miller }) => miller.join() === "1,1,1")!;
    expect(Math.hypot(spot.row, spot.column) * 0.03).toBeCloseTo(Math.sqrt(3) / 5.6533, 9);
  });

  test("precession wipes out what a small tilt does to intensities; without it they change much", () => {
    const change = (precession: number) => {
      const still = crystalSpots(false, { ...options, precession }, 0);
      const tilted = crystalSpots(false, { ...options, precession }, 6);
      return still.reduce((sum, spot, i) => sum + Math.abs(spot.share - tilted[i]!.share), 0);
    };
    expect(change(35)).toBeLessThan(0.1);
    expect(change(0)).toBeGreaterThan(5 * change(35));
  });
});
