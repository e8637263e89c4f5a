import { describe, expect, test } from "vitest";
import { rockedOnThreads } from "../../src/node/rocking.ts";
import { readPatterns } from "../../src/scan/source.ts";
import { type BicrystalOptions, simulateBicrystal } from "../../src/simulate/bicrystal.ts";
import { precessionCircle } from "../../src/simulate/rocking.ts";
import { openSimulated } from "../../src/simulate/simulated.ts";
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
    await expect(simulateBicrystal({ ...small, crystal: "Unobtainium" as "Si" })).rejects.toThrow(
      "GaAs, Au, Ag, Al, Si, MgO",
    );
  });

  test.each([
    [{ thickness: 0 }, "thickness: expected 0.1 … 10000, found 0"],
    [{ thickness: Number.NaN }, "thickness: expected 0.1 … 10000, found NaN"],
    [{ thickness: 0.5, slice: 6 }, "thickness: expected at least one slice of 6 Å, found 0.5 nm"],
    [{ precession: 200, reach: 5 }, "slice: expected at most 0.40 Å with a precession of 200 mrad"],
    [{ energy: 10_000, reach: 4, slice: 0.1 }, "within the Ewald sphere of 8.2 1/Å at 10 keV"],
    [{ positions: [1, 60_000] as const, reach: 4, mixed: 1 }, "take fewer columns, or a smaller reach"],
    [{ slice: 0.05, reach: 8, beam: [1, -1, 5] as const }, "take thicker slices, a smaller reach"],
    [{ beam: [1, -1, 0] as const }, "mixed: expected 0 where the boundary is edge-on"],
    [{ beam: [0, 0, 0] as const }, "beam: expected three numbers that are not all 0"],
    [{ beam: [0.31, 0.1, 0.77] as const }, "zone axis of low indices"],
    [{ absorption: 1 }, "absorption: expected 0 … 0.5, found 1"],
  ])("refuses %j and says what to do", async (options, message) => {
    await expect(simulateBicrystal({ ...small, ...options })).rejects.toThrow(message);
  });

  test("crystals above one another: positions are depths of the boundary; the twin is turned by half a turn", async () => {
    const { source, truth } = await simulateBicrystal({
      ...small,
      beam: [1, 1, 0],
      twinPlane: [1, 1, 0],
      pixels: [61, 61],
      precession: 0,
      thickness: 12,
      reach: 2.5,
    });
    expect(source.axes.positions[1]).toEqual({ name: "x", step: 1, unit: "px", origin: 0 });
    const [upper, lower] = [truth.patterns.values.subarray(0, 3721), truth.patterns.values.subarray(3721)];
    let [turned, same] = [0, 0];
    // 000 is half a pixel off the middle of 61: turned about it, pixel i lands on 61 − i.
    for (let r = 1; r < 61; r++) {
      for (let c = 1; c < 61; c++) {
        turned = Math.max(turned, Math.abs(lower[r * 61 + c]! - upper[(61 - r) * 61 + 61 - c]!));
        same = Math.max(same, Math.abs(lower[r * 61 + c]! - upper[r * 61 + c]!));
      }
    }
    expect(turned).toBeLessThan(1e-3 * same);
    const middle = await readPatterns(source, 3, 1);
    expect(middle).not.toEqual(upper);
  });

  test("crystals side by side: every position is one of them", async () => {
    const { source, truth } = await simulateBicrystal({ ...small, beam: [1, -1, 0], mixed: 0, azimuths: 2 });
    expect(source.axes.positions[1]).toMatchObject({ step: 1, unit: "px" });
    expect([...truth.abundances.values.subarray(0, 7)]).toEqual([1, 1, 1, 0, 0, 0, 0]);
    const values = await readPatterns(source, 0, 7);
    expect(values.subarray(2 * 2400, 3 * 2400)).toEqual(truth.patterns.values.subarray(0, 2400));
    expect(values.subarray(3 * 2400, 4 * 2400)).toEqual(truth.patterns.values.subarray(2400));
  });

  test("a scan larger than memory can be described, and opened again elsewhere", async () => {
    const { source } = await simulateBicrystal({
      ...small,
      azimuths: 1,
      positions: [60_000, 7],
      pixels: [512, 512],
      step: 0.004,
      dtype: "u16",
    });
    const again = openSimulated(structuredClone(source.descriptor));
    const first = await readPatterns(source, 419_999, 1);
    expect(await readPatterns(again, 419_999, 1)).toEqual(first);
    expect(await readPatterns(source, 6, 1)).toEqual(first);
    expect(Array.from(first).reduce((most, value) => Math.max(most, value), 0)).toBeGreaterThan(10_000);
  });

  test("absorption takes intensity out of the beams", async () => {
    const total = async (absorption: number) => {
      const { source } = await simulateBicrystal({ ...small, absorption, azimuths: 1, positions: [1, 1], step: 0.2 });
      return Array.from(await readPatterns(source, 0, 1)).reduce((sum, value) => sum + value, 0);
    };
    const [none, some, more] = [await total(0), await total(0.05), await total(0.1)];
    expect(some).toBeLessThan(none);
    // Nearly exponential in the fraction: the same part is lost again.
    expect(Math.abs(more / some / (some / none) - 1)).toBeLessThan(0.01);
  });
});
