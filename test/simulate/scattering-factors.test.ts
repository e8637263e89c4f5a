import { describe, expect, test } from "vitest";
import { pengCoefficients } from "../../src/simulate/peng-coefficients.ts";
import { electronScatteringFactor } from "../../src/simulate/scattering-factors.ts";

/** Bohr radius [Å]; the Mott–Bethe formula f = (Z − f_x)/(8π² a₀ s²). */
const bohr = 0.5291772;
const mottBethe = (s: number, protons: number, xray: number) => (protons - xray) / (8 * Math.PI ** 2 * bohr * s * s);

describe("electronScatteringFactor against independent values", () => {
  test("hydrogen is the exact 1s atom: f_x = (1 + (2πa₀s)²)⁻², f(0) = a₀", () => {
    expect(electronScatteringFactor("H", 0)).toBeCloseTo(bohr, 3);
    for (const s of [0.05, 0.1, 0.2, 0.4, 0.8, 1.2]) {
      const expected = mottBethe(s, 1, (1 + (2 * Math.PI * bohr * s) ** 2) ** -2);
      expect(Math.abs(electronScatteringFactor("H", s) / expected - 1), `s = ${s}`).toBeLessThan(s > 1 ? 0.02 : 0.01);
    }
  });

  test("helium forwards is ⟨r²⟩ of its electrons over 3 a₀: 2 · 1.1848 a₀² of the Hartree–Fock atom", () => {
    expect(electronScatteringFactor("He", 0)).toBeCloseTo((2 * 1.1848 * bohr) / 3, 3);
  });

  // X-ray factors f_x = Σ a exp(−b s²) + c of relativistic Hartree–Fock atoms: International Tables for Crystallography C, table 6.1.1.4.
  test.each([
    ["C", 6, [2.31, 1.02, 1.5886, 0.865], [20.8439, 10.2075, 0.5687, 51.6512], 0.2156],
    ["O", 8, [3.0485, 2.2868, 1.5463, 0.867], [13.2771, 5.7011, 0.3239, 32.9089], 0.2508],
    ["Mg", 12, [5.4204, 2.1735, 1.2269, 2.3073], [2.8275, 79.2611, 0.3808, 7.1937], 0.8584],
    ["Al", 13, [6.4202, 1.9002, 1.5936, 1.9646], [3.0387, 0.7426, 31.5472, 85.0886], 1.1151],
    ["Si", 14, [6.2915, 3.0353, 1.9891, 1.541], [2.4386, 32.3337, 0.6785, 81.6937], 1.1407],
    ["Ga", 31, [15.2354, 6.7006, 4.3591, 2.9623], [3.0669, 0.2412, 10.7805, 61.4135], 1.7189],
    ["As", 33, [16.6723, 6.0701, 3.4313, 4.2779], [2.6345, 0.2647, 12.9479, 47.7972], 2.531],
    ["Ag", 47, [19.2808, 16.6885, 4.8045, 1.0463], [0.6446, 7.4726, 24.6605, 99.8156], 5.179],
    ["Au", 79, [16.8819, 18.5913, 25.5582, 5.86], [0.4611, 8.6216, 1.4826, 36.3956], 12.0658],
  ] as const)(
    "%s agrees with its X-ray factor: 1 %% from s = 0.15 to 1.2, 2 %% at 0.1 and 1.5",
    (element, protons, a, b, c) => {
      for (const s of [0.1, 0.15, 0.2, 0.3, 0.5, 0.8, 1, 1.2, 1.5]) {
        const xray = c + a.reduce((sum, amplitude, i) => sum + amplitude * Math.exp(-b[i]! * s * s), 0);
        const off = Math.abs(electronScatteringFactor(element, s) / mottBethe(s, protons, xray) - 1);
        expect(off, `s = ${s}`).toBeLessThan(s === 0.1 || s === 1.5 ? 0.02 : 0.01);
      }
    },
  );

  // f(0) of relativistic Hartree–Fock atoms, Doyle & Turner, Acta Cryst. A24 (1968) 390.
  test.each([
    ["O", 1.983],
    ["Mg", 5.207],
    ["Al", 5.889],
    ["Si", 5.828],
    ["Ga", 7.108],
    ["As", 7.32],
    ["Ag", 8.671],
    ["Au", 10.573],
  ])("%s forwards is the published %f Å within 0.1 %%", (element, expected) => {
    expect(Math.abs(electronScatteringFactor(element, 0) / expected - 1)).toBeLessThan(0.001);
  });
});

test("scattering factors fall off with the angle, for every element", () => {
  expect(pengCoefficients.size).toBe(98);
  for (const element of pengCoefficients.keys()) {
    const values = Array.from({ length: 41 }, (_, i) => electronScatteringFactor(element, i / 20));
    expect(
      values.every((value, i) => value > 0 && (i === 0 || value < values[i - 1]!)),
      element,
    ).toBe(true);
  }
});

test("scattering factors say which elements they know", () => {
  expect(() => electronScatteringFactor("Unobtainium", 0)).toThrow("H … Cf");
});
