import { describe, expect, test } from "vitest";
import type { Complex, Miller } from "../../src/simulate/crystal.ts";
import { crystals } from "../../src/simulate/crystals.ts";
import { atomsInColumn, commonCell, grainAlong, periodAlongBeam, twinnedGrains } from "../../src/simulate/grain.ts";
import { dot, length } from "../../src/simulate/lattice.ts";
import { multislice, type Tilt } from "../../src/simulate/multislice.ts";
import { electronWavelength, relativisticFactor } from "../../src/simulate/precession.ts";
import { electronScatteringFactor } from "../../src/simulate/scattering-factors.ts";
import {
  type DiffractedBeam,
  excitedBeams,
  extinctionLength,
  intensities,
  throughCrystal,
} from "../../src/simulate/scattering-matrix.ts";
import { projectedSlices, type Slices, type WaveGrid, waveGrid } from "../../src/simulate/slices.ts";

const { GaAs } = crystals;
const energy = 300_000;
const total = (values: ArrayLike<number>) => Array.from(values).reduce((sum, value) => sum + value, 0);

/** Multislice through one crystal, its beams and intensities. */
function through(
  grain: ReturnType<typeof grainAlong>,
  thickness: number,
  tilt: Tilt,
  reach = 3,
  slice = 1.4,
  volts = energy,
) {
  const grid = waveGrid(commonCell([grain]), reach);
  const slices = projectedSlices(grain, grid, slice, volts);
  const stack = { grid, upper: slices, lower: slices, thickness, depths: [thickness], energy: volts };
  return { grid, found: multislice(stack)([tilt]), slices };
}

describe("extinction lengths", () => {
  const atRest = (name: keyof typeof crystals) => {
    const crystal = crystals[name];
    return grainAlong({ ...crystal, atoms: crystal.atoms.map((atom) => ({ ...atom, debyeWaller: 0 })) }, [0, 0, 1]);
  };

  // [nm] at 100 kV, two beams, atoms at rest: Hirsch, Howie, Nicholson, Pashley & Whelan, Electron Microscopy of Thin Crystals (1965), appendix 5.
  test.each([
    ["Al", [1, 1, 1], 55.6],
    ["Al", [2, 0, 0], 67.3],
    ["Al", [2, 2, 0], 105.7],
    ["Si", [1, 1, 1], 60.2],
    ["Si", [2, 2, 0], 75.7],
    ["Si", [4, 0, 0], 126.8],
    ["MgO", [1, 1, 1], 272.6],
    ["MgO", [2, 0, 0], 46.1],
    ["MgO", [2, 2, 0], 66.2],
    ["MgO", [4, 0, 0], 103.3],
  ] as const)("%s %j at 100 kV is the published %f nm within 3 %%", (name, miller, published) => {
    expect(Math.abs(extinctionLength(atRest(name), miller, 100_000) / 10 / published - 1)).toBeLessThan(0.03);
  });

  // [nm] at 100 kV, thermal motion included: Williams & Carter, Transmission Electron Microscopy, table 13.2.
  test.each([
    ["Al", [1, 1, 1], 56.3],
    ["Al", [2, 0, 0], 68.5],
    ["Al", [2, 2, 0], 114.4],
    ["Ag", [1, 1, 1], 24.2],
    ["Ag", [2, 0, 0], 27.2],
    ["Ag", [2, 2, 0], 38.6],
    ["Au", [1, 1, 1], 18.3],
    ["Au", [2, 0, 0], 20.2],
    ["Au", [2, 2, 0], 27.8],
  ] as const)("%s %j at 100 kV and room temperature is the published %f nm within 3 %%", (name, miller, published) => {
    const grain = grainAlong(crystals[name], [0, 0, 1]);
    expect(Math.abs(extinctionLength(grain, miller, 100_000) / 10 / published - 1)).toBeLessThan(0.03);
  });

  test("GaAs 220: 75 nm; the paper's 114 nm is the same without the relativistic mass and thermal motion", () => {
    const grain = grainAlong(GaAs, [0, 0, 1]);
    expect(extinctionLength(grain, [2, -2, 0], energy) / 10).toBeCloseTo(75, 0);
    const still = { ...GaAs, atoms: GaAs.atoms.map((atom) => ({ ...atom, debyeWaller: 0 })) };
    const heavier = 1 + energy / 510998.95;
    const slow = extinctionLength(grainAlong(still, [0, 0, 1]), [2, -2, 0], energy) * heavier;
    expect(slow / 10).toBeGreaterThan(112);
    expect(slow / 10).toBeLessThan(116);
  });

  /** Tilt that brings a reflection of the zone to its Bragg angle. */
  const bragg = (g: readonly [number, number]): Tilt => [-g[0] / 2, -g[1] / 2];

  test.each([[[2, -2, 0]], [[4, 0, 0]], [[4, -4, 0]]] as const)(
    "two beams of the scattering matrix, 000 and %j, swing with it: I = sin²(πt/ξ)",
    (miller) => {
      const grain = grainAlong(GaAs, [0, 0, 1]);
      const straight = excitedBeams(grain, { energy }, 1.5, 0.1);
      const g = straight.find((beam) => beam.miller.join() === miller.join())!.g;
      const tilt = bragg([g[0], g[1]]);
      const beams = excitedBeams(grain, { energy, tilt }, 1.5, 0.1).filter((beam) =>
        ["0,0,0", miller.join()].includes(beam.miller.join()),
      );
      const xi = extinctionLength(grain, miller, energy);
      for (const part of [0.25, 0.5, 0.8, 1]) {
        const [direct, diffracted] = intensities(throughCrystal(grain, { energy, tilt }, beams, part * xi));
        expect(diffracted).toBeCloseTo(Math.sin(Math.PI * part) ** 2, 4);
        expect(direct! + diffracted!).toBeCloseTo(1, 10);
      }
    },
  );

  // The next beams of the row, −g and 2g, lengthen it by the square of γF/(Ωg²): 220 by 2 % at 300 kV, by 1 % at 100 kV; 400 and 440 by less.
  test.each([
    ["220", [2, -2, 0], 100_000, 0.015],
    ["400", [4, 0, 0], 300_000, 0.011],
    ["440", [4, -4, 0], 300_000, 0.005],
  ] as const)(
    "multislice with the Fourier coefficients of %s alone swings with it within 2 %%",
    (_, miller, volts, off) => {
      const grain = grainAlong(GaAs, [0, 0, 1]);
      const { grid, slices } = through(grain, 10, [0, 0], 2, 1.4, volts);
      const [gx, gy] = excitedBeams(grain, { energy: volts }, 1.5, 0.1).find(
        (beam) => beam.miller.join() === miller.join(),
      )!.g;
      const at = grid.beams.findIndex(({ x, y }) => Math.hypot(x - gx, y - gy) < 1e-6);
      const single = onlyCoefficient(grid, slices, grid.beams[at]!.h, grid.beams[at]!.k);
      const xi = extinctionLength(grain, miller, volts);
      const depths = Array.from({ length: 61 }, (_, i) => xi * (0.85 + 0.005 * i));
      // Nothing lies below: the wave leaves at every depth.
      const nothing: Slices = { thickness: single.thickness, phases: [new Float64Array(grid.rows * grid.columns)] };
      const stack = { grid, upper: single, lower: nothing, thickness: 1.15 * xi, depths, energy: volts };
      const found = multislice(stack)([bragg([gx, gy])]);
      const diffracted = depths.map((_, i) => found[i * grid.beams.length + at]!);
      const darkest = depths[diffracted.indexOf(Math.min(...diffracted))]!;
      expect(Math.abs(darkest / xi - 1)).toBeLessThan(off);
      expect(Math.min(...diffracted)).toBeLessThan(0.01);
      expect(Math.max(...diffracted)).toBeGreaterThan(0.15);
    },
  );
});

/** Slices that all hold the mean potential's one cosine: coefficients ±(h, k) of the phases averaged over the period. */
function onlyCoefficient({ rows, columns }: WaveGrid, { phases, thickness }: Slices, h: number, k: number): Slices {
  let [re, im] = [0, 0];
  const turn = (e: number) => 2 * Math.PI * ((h * Math.floor(e / columns)) / rows + (k * (e % columns)) / columns);
  for (const phase of phases) {
    for (const [e, value] of phase.entries()) {
      re += (value * Math.cos(turn(e))) / phase.length / phases.length;
      im -= (value * Math.sin(turn(e))) / phase.length / phases.length;
    }
  }
  const phase = Float64Array.from(
    { length: rows * columns },
    (_, e) => 2 * (re * Math.cos(turn(e)) - im * Math.sin(turn(e))),
  );
  return { thickness, phases: [phase] };
}

/** Half of 400 [1/Å] back along it, 2.3 1/Å across: far from every zone axis of low indices. x is along [1 1 0] / √2. */
const braggOff400: Tilt = [(-2 / GaAs.cell.a + 2.3) * Math.SQRT1_2, (2 / GaAs.cell.a + 2.3) * Math.SQRT1_2];

describe("multislice against the scattering matrix, GaAs", () => {
  test.each([
    ["[001] at a Bragg angle of 220", [0, 0, 1], 282.665, [-0.1768, -0.8768]],
    ["[110], 16 mrad off", [1, 1, 0], 319.8, [0.25, 0.8]],
    ["400 at its Bragg angle, 45 mrad from [001]", [0, 0, 1], 500, braggOff400],
  ] as const)("%s: within 1 %% of the strongest diffracted beam", (_, zone, thickness, tilt) => {
    const grain = grainAlong(GaAs, zone);
    const { grid, found, slices } = through(grain, thickness, tilt);
    const whole = Math.round(thickness / slices.thickness) * slices.thickness;
    const beams = excitedBeams(grain, { energy, tilt }, 3, 0.1);
    const expected = intensities(throughCrystal(grain, { energy, tilt }, beams, whole));
    expect(total(found)).toBeCloseTo(1, 10);
    expect(total(expected)).toBeCloseTo(1, 10);
    const strongest = Math.max(...found.filter((_, i) => grid.beams[i]!.h !== 0 || grid.beams[i]!.k !== 0));
    expect(strongest).toBeGreaterThan(0.3);
    for (const [i, { g }] of beams.entries()) {
      // Every beam, the direct one too.
      const at = grid.beams.findIndex(({ x, y }) => Math.hypot(x - g[0], y - g[1]) < 1e-6);
      expect(Math.abs(found[at]! - expected[i]!)).toBeLessThan(0.01 * strongest);
    }
  });
});

test("absorption: multislice and matrix agree within 1 %; alone, the direct beam loses exp(−2αγλF₀t/Ω)", () => {
  const grain = grainAlong(GaAs, [0, 0, 1]);
  const [absorption, tilt] = [0.08, [-0.1768, -0.8768] as const];
  const { grid, slices } = through(grain, 10, tilt);
  const thickness = 200 * slices.thickness;
  const found = multislice({ grid, upper: slices, lower: slices, thickness, depths: [thickness], energy, absorption })([
    tilt,
  ]);
  const beams = excitedBeams(grain, { energy, tilt }, 3, 0.1);
  const expected = intensities(throughCrystal(grain, { energy, tilt, absorption }, beams, thickness));
  expect(total(expected)).toBeLessThan(0.7);
  expect(total(found)).toBeLessThan(0.7);
  const strongest = Math.max(...found.filter((_, i) => grid.beams[i]!.h !== 0 || grid.beams[i]!.k !== 0));
  for (const [i, { g }] of beams.entries()) {
    const at = grid.beams.findIndex(({ x, y }) => Math.hypot(x - g[0], y - g[1]) < 1e-6);
    expect(Math.abs(found[at]! - expected[i]!)).toBeLessThan(0.01 * strongest);
  }
  const [direct] = intensities(throughCrystal(grain, { energy, absorption }, beams.slice(0, 1), thickness));
  // F₀ = 4 (f_Ga(0) + f_As(0)), Ω = a³.
  const mean = 4 * (electronScatteringFactor("Ga", 0) + electronScatteringFactor("As", 0));
  const { lambdaGamma } = relativisticFactor(energy);
  expect(direct).toBeCloseTo(Math.exp((-2 * absorption * lambdaGamma * mean * thickness) / GaAs.cell.a ** 3), 8);
});

describe("multislice", () => {
  const [upper, lower] = twinnedGrains(GaAs, [0, 0, 1], [1, 1, 1]);
  const cell = commonCell([upper, lower]);
  const grid = waveGrid(cell, 2);
  const slices = [upper, lower].map((grain) => projectedSlices(grain, grid, 1.4, energy)) as [Slices, Slices];

  test("the twins of Fig 7 share a cell of 4.0 × 12.0 Å and repeat every 5.65 and 16.96 Å", () => {
    expect(cell.map(([x, y]) => Math.hypot(x, y))).toEqual([
      expect.closeTo(GaAs.cell.a / Math.SQRT2, 9),
      expect.closeTo((3 * GaAs.cell.a) / Math.SQRT2, 9),
    ]);
    expect([upper, lower].map(periodAlongBeam)).toEqual([expect.closeTo(5.6533, 9), expect.closeTo(3 * 5.6533, 9)]);
    expect([atomsInColumn(upper, cell, 5.6533), atomsInColumn(lower, cell, 3 * 5.6533)].map((a) => a.length)).toEqual([
      12, 36,
    ]);
  });

  test("{660} of one twin lies on {282} of the other", () => {
    const place = (grain: typeof upper, miller: Miller) =>
      excitedBeams(grain, { energy }, 1.6, 1).find((beam) => beam.miller.join() === miller.join())!.g;
    const one = place(upper, [6, 6, 0]);
    const matches = [-8, -2, 2, 8].flatMap((h) =>
      [-8, -2, 2, 8].flatMap((k) =>
        [-8, -2, 2, 8]
          .map((l): Miller => [h, k, l])
          .filter(([a, b, c]) => a * a + b * b + c * c === 72)
          .filter((miller) => {
            const found = excitedBeams(lower, { energy }, 1.6, 1).find((beam) => beam.miller.join() === miller.join());
            return (
              found !== undefined && length([found.g[0] - one[0], found.g[1] - one[1], found.g[2] - one[2]]) < 1e-9
            );
          }),
      ),
    );
    expect(matches).toHaveLength(1);
  });

  test("conserves intensity through 50 nm: to rounding in 64 bits, to 10⁻⁴ in 32", () => {
    const stack = { grid, upper: slices[0], lower: slices[1], thickness: 500, depths: [0, 130, 500], energy };
    for (const [bits, tolerance] of [
      [64, 1e-10],
      [32, 1e-4],
    ] as const) {
      const sums = multislice(stack, bits)([[0.5, 0.7]]);
      for (let i = 0; i < 3; i++) {
        const one = total(sums.subarray(i * grid.beams.length, (i + 1) * grid.beams.length));
        expect(Math.abs(one - 1)).toBeLessThan(tolerance);
      }
    }
  });

  test("a boundary at the top or the bottom is one crystal alone; tilts add up", () => {
    const n = grid.beams.length;
    const tilts: Tilt[] = [
      [0, 0],
      [0.3, -0.2],
      [1, 0.1],
    ];
    const both = multislice({ grid, upper: slices[0], lower: slices[1], thickness: 100, depths: [100, 0], energy });
    const only = slices.map((one) =>
      multislice({ grid, upper: one, lower: one, thickness: 100, depths: [50], energy }),
    );
    const sums = both(tilts);
    const apart = tilts.map((tilt) => both([tilt]));
    for (let i = 0; i < n; i++) {
      expect(sums[i]).toBeCloseTo(only[0]!(tilts)[i]!, 10);
      expect(sums[n + i]).toBeCloseTo(only[1]!(tilts)[i]!, 10);
      expect(sums[i]).toBeCloseTo(total(apart.map((one) => one[i]!)), 12);
      if (i > 40) break;
    }
  });

  test("reciprocity: source and detector exchanged, the bicrystal turned over, the same intensity", () => {
    const [count, boundary, thickness] = [100, 40, slices[0].thickness];
    /** The slices of one crystal in the order in which a beam from below meets them. */
    const backwards = ({ phases }: Slices): Slices => ({
      thickness,
      phases: phases.map((_, i) => phases.at((count - 1 - i) % phases.length)!),
    });
    const both = { grid, thickness: count * thickness, energy };
    const lower = { ...slices[1], thickness };
    const down = multislice({ ...both, upper: slices[0], lower, depths: [boundary * thickness] });
    const up = multislice({
      ...both,
      upper: backwards(lower),
      lower: backwards(slices[0]),
      depths: [(count - boundary) * thickness],
    });
    const tilt: Tilt = [0.21, -0.13];
    const forward = down([tilt]);
    const strong = [...grid.beams.entries()].filter(
      ([i, { x, y }]) => forward[i]! > 1e-3 && Math.hypot(x, y) > 0 && Math.hypot(x, y) < 1.2,
    );
    expect(strong.length).toBeGreaterThan(10);
    // Incident along −(tilt + g), leaving along −tilt.
    const exchanged = (through: typeof down) =>
      strong.map(([i, { x, y }]) => through([[-(tilt[0] + x), -(tilt[1] + y)]])[i]!);
    const off = (back: number[]) => Math.max(...back.map((value, i) => Math.abs(value - forward[strong[i]![0]]!)));
    expect(off(exchanged(up))).toBeLessThan(1e-4);
    // It is the turning over that does it: the same way down differs by far more.
    expect(off(exchanged(down))).toBeGreaterThan(0.01);
  });
});

test("a scattering matrix takes any wave in: two crystals in turn are one of twice the thickness", () => {
  const grain = grainAlong(GaAs, [1, 1, 0]);
  const beams: DiffractedBeam[] = excitedBeams(grain, { energy }, 1, 0.02);
  const half = throughCrystal(grain, { energy }, beams, 70);
  const twice: Complex[] = throughCrystal(grain, { energy }, beams, 70, half);
  const once = throughCrystal(grain, { energy }, beams, 140);
  for (const [i, { real, imaginary }] of once.entries()) {
    expect(twice[i]!.real).toBeCloseTo(real, 9);
    expect(twice[i]!.imaginary).toBeCloseTo(imaginary, 9);
  }
});

test("grains stand with z along the beam, x towards the twin plane's normal", () => {
  const [upper, lower] = twinnedGrains(GaAs, [0, 0, 1], [1, 1, 1]);
  for (const grain of [upper, lower]) {
    for (const edge of grain.edges) expect(length(edge)).toBeCloseTo(GaAs.cell.a, 9);
    expect(dot(grain.edges[0], grain.edges[1])).toBeCloseTo(0, 9);
  }
  expect(upper.edges[2]).toEqual([expect.closeTo(0, 9), expect.closeTo(0, 9), expect.closeTo(GaAs.cell.a, 9)]);
  // 2(b·n)n − b of [001] about [111] is [22-1]/3.
  const lowerBeam = lower.edges.map((edge) => edge[2] / GaAs.cell.a);
  expect(lowerBeam).toEqual([expect.closeTo(2 / 3, 9), expect.closeTo(2 / 3, 9), expect.closeTo(-1 / 3, 9)]);
  expect(() => twinnedGrains(GaAs, [0, 0, 0], [1, 1, 1])).toThrow("beam: expected three numbers that are not all 0");
  expect(() => commonCell(twinnedGrains(GaAs, [0.3, 0.1, 0.7713], [1, 1, 1]))).toThrow("zone axis of low indices");
  expect(electronWavelength(energy)).toBeCloseTo(0.019687, 5);
});
