import { describe, expect, test } from "vitest";
import { rockedOnThreads } from "../../src/node/rocking.ts";
import { readPatterns } from "../../src/scan/source.ts";
import { type BicrystalOptions, simulateBicrystal } from "../../src/simulate/bicrystal.ts";
import { precessionCircle } from "../../src/simulate/rocking.ts";
import { waveGrid } from "../../src/simulate/slices.ts";

/** Small enough for a second: 2 nm, 5 azimuths, a detector of 40 × 60 px that sees to 1 Å⁻¹. */
const small: BicrystalOptions = {
  thickness: 2,
  azimuths: 5,
  positions: [2, 7],
  pixels: [40, 60],
  step: 0.05,
  spread: 1,
  reach: 1.5,
  dtype: "f32",
};

describe("simulateBicrystal", () => {
  test("a line scan from the upper crystal to the lower one, each row alike", async () => {
    const { source, truth, parameters } = await simulateBicrystal(small);
    expect([source.positions, source.pixels, source.dtype]).toEqual([[2, 7], [40, 60], "f32"]);
    expect(source.axes.pixels[0]).toEqual({ name: "ky", step: 0.05, unit: "1/Å", origin: -1 });
    expect(parameters.crystal.name).toBe("GaAs");
    const values = await readPatterns(source, 0, 14);
    const at = (position: number) => values.subarray(position * 2400, (position + 1) * 2400);
    expect(at(0)).toEqual(truth.patterns.values.subarray(0, 2400));
    expect(at(6)).toEqual(truth.patterns.values.subarray(2400));
    expect(at(3)).not.toEqual(at(0));
    expect(at(10)).toEqual(at(3));
    expect([...truth.abundances.values.subarray(0, 7)]).toEqual(
      [1, 0.9444, 0.7222, 0.5, 0.2778, 0.0556, 0].map((part) => expect.closeTo(part, 4)),
    );
    for (let i = 0; i < 14; i++) {
      expect(truth.abundances.values[i]! + truth.abundances.values[14 + i]!).toBeCloseTo(1, 6);
    }
    // x leads across the boundary: thickness · tan 54.7° over the mixed part.
    expect(source.axes.positions[1].step).toBeCloseTo((2 * Math.SQRT2) / (0.75 * 6), 6);
  });

  test("intensity is 1 spread over Gaussians of height 65 535 · I, and the twin's mirror plane shows", async () => {
    const { source } = await simulateBicrystal({ ...small, step: 0.2, azimuths: 4 });
    const values = Float32Array.from(await readPatterns(source, 3, 1));
    const sum = values.reduce((total, value) => total + value, 0);
    expect(sum / (65_535 * 2 * Math.PI)).toBeCloseTo(1, 2);
    // Rows follow y, along [1-10], to which both crystals are symmetric; row 20 is y = 0.
    for (let r = 1; r < 20; r++) {
      for (let c = 0; c < 60; c++) {
        const [up, down] = [values[(20 - r) * 60 + c]!, values[(20 + r) * 60 + c]!];
        expect(Math.abs(up - down)).toBeLessThan(1e-5 * 65_535);
      }
    }
  });

  test("16 bits are the rounded numbers; threads change nothing", async () => {
    const here = await simulateBicrystal({ ...small, azimuths: 12 });
    const rounded = await simulateBicrystal(
      { ...small, azimuths: 12, dtype: "u16" },
      { rocked: rockedOnThreads({ threads: 2 }) },
    );
    const [exact, counts] = [await readPatterns(here.source, 0, 14), await readPatterns(rounded.source, 0, 14)];
    expect(counts).toBeInstanceOf(Uint16Array);
    expect([...counts]).toEqual(Array.from(exact, (value) => Math.min(65_535, Math.round(value))));
  });

  test("beams go around the precession circle once, its end not twice", () => {
    const circle = precessionCircle({ precession: 10, azimuths: 4, energy: 300_000 });
    const radius = Math.sin(0.01) / 0.0196874;
    expect(circle.flat()).toEqual([radius, 0, 0, radius, -radius, 0, 0, -radius].map((x) => expect.closeTo(x, 4)));
    expect(precessionCircle({ precession: 0, azimuths: 200, energy: 300_000 })).toEqual([[0, 0]]);
  });

  test("stops when told to, and says what it refuses", async () => {
    const signal = AbortSignal.abort(new Error("enough"));
    await expect(simulateBicrystal(small, { signal })).rejects.toThrow("enough");
    await expect(simulateBicrystal(small, { signal, rocked: rockedOnThreads() })).rejects.toThrow("enough");
    await expect(simulateBicrystal({ ...small, thickness: -1 })).rejects.toThrow("thickness: expected 0.1");
    expect(() =>
      waveGrid(
        [
          [90, 0],
          [0, 80],
        ],
        10,
      ),
    ).toThrow("a smaller reach, or a zone axis of lower indices");
    await expect(simulateBicrystal({ ...small, positions: [900, 900] })).rejects.toThrow("at most 2 GiB, found 7 GiB");
    await expect(simulateBicrystal({ ...small, beam: [1, 1, 1] })).rejects.toThrow("not along the twin plane's normal");
    await expect(simulateBicrystal({ ...small, crystal: "Unobtainium" as "Si" })).rejects.toThrow(
      "GaAs, Au, Ag, Al, Si, MgO",
    );
  });
});
