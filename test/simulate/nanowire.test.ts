import { describe, expect, test } from "vitest";
import { align } from "../../src/prepare/align.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { item } from "../../src/scan/scan.ts";
import { readPatterns } from "../../src/scan/source.ts";
import { simulateNanowire } from "../../src/simulate/nanowire.ts";
import { openSimulated } from "../../src/simulate/simulated.ts";

const small = { positions: [11, 13], pixels: [64, 72], seed: 5 } as const;

describe("simulateNanowire", () => {
  test("is the same whole, in pieces, in any order, and opened from its descriptor", async () => {
    const { source } = simulateNanowire(small);
    const whole = await readPatterns(source, 0, 143);
    const again = openSimulated(structuredClone(source.descriptor));
    const size = 64 * 72;
    for (const [first, count] of [
      [100, 43],
      [0, 1],
      [1, 99],
    ] as const) {
      expect(await readPatterns(again, first, count)).toEqual(whole.slice(first * size, (first + count) * size));
    }
    expect(whole.constructor).toBe(Uint16Array);
  });

  test("other seeds give other counts, of the same truth", async () => {
    const one = simulateNanowire(small);
    const other = simulateNanowire({ ...small, seed: 6 });
    expect(await readPatterns(one.source, 5, 1)).not.toEqual(await readPatterns(other.source, 5, 1));
    expect(other.truth.patterns.values.every((value, i) => value === one.truth.patterns.values[i])).toBe(true);
    expect(other.truth.abundances).toEqual(one.truth.abundances);
    expect(other.truth.shifts).not.toEqual(one.truth.shifts);
  });

  test("draws from an engine's point of view the same numbers for ever", async () => {
    const counts = await readPatterns(simulateNanowire(small).source, 70, 1);
    // Frozen: README figures and recipes of the embedded example rest on them.
    let sum = 0;
    let hash = 0;
    for (const value of counts) {
      sum += value;
      hash = (Math.imul(hash, 31) + value) | 0;
    }
    expect([sum, hash]).toMatchInlineSnapshot(`
      [
        19519,
        -888889231,
      ]
    `);
  });

  test("abundances are parts of a whole, and hold pure and mixed positions", () => {
    const { truth } = simulateNanowire();
    const count = 44 * 40;
    const [a, b, vacuum, carbon] = [0, 1, 2, 3].map((k) => item(truth.abundances, k)) as [
      Float32Array,
      Float32Array,
      Float32Array,
      Float32Array,
    ];
    let overlap = 0;
    for (let i = 0; i < count; i++) {
      expect(a[i]! + b[i]! + vacuum[i]! + carbon[i]!).toBeCloseTo(1, 6);
      expect(Math.min(a[i]!, b[i]!, vacuum[i]!, carbon[i]!)).toBeGreaterThanOrEqual(0);
      if (a[i]! > 0.2 && b[i]! > 0.2) overlap++;
    }
    for (const pure of [a, b, vacuum]) expect(pure.some((part) => part > 0.999)).toBe(true);
    expect(carbon.reduce((most, part) => Math.max(most, part), 0)).toBeCloseTo(0.1, 6);
    expect(overlap).toBeGreaterThan(20);
  });

  test("counts are conserved: every pattern holds the dose, within Poisson and what misses the detector", async () => {
    const { source, truth } = simulateNanowire({ positions: [9, 8], dose: 30_000 });
    for (let k = 0; k < 4; k++) {
      const sum = item(truth.patterns, k).reduce((total, value) => total + value, 0);
      expect(sum).toBeGreaterThan(30_000 * 0.985);
      expect(sum).toBeLessThan(30_000 * 1.0001);
    }
    for (let i = 0; i < 72; i++) {
      const sum = Array.from(await readPatterns(source, i, 1)).reduce((total, value) => total + value, 0);
      expect(Math.abs(sum - 30_000 * 0.995)).toBeLessThan(30_000 * 0.01 + 5 * Math.sqrt(30_000));
    }
  });

  test("the counts are Poisson counts of the truth, moved by the shifts", async () => {
    const { source, truth } = simulateNanowire({ ...small, bend: 0, jitter: 0.6 });
    const [rows, columns] = [64, 72];
    let chiSquared = 0;
    let terms = 0;
    for (let i = 0; i < 143; i += 3) {
      const counts = await readPatterns(source, i, 1);
      const down = truth.shifts.values[i]!;
      const right = truth.shifts.values[143 + i]!;
      for (let r = 8; r < rows - 8; r++) {
        for (let c = 8; c < columns - 8; c++) {
          let mean = 0;
          for (let k = 0; k < 4; k++) {
            mean += truth.abundances.values[k * 143 + i]! * item(truth.patterns, k)[(r - down) * columns + c - right]!;
          }
          if (mean < 1) continue;
          chiSquared += (counts[r * columns + c]! - mean) ** 2 / mean;
          terms++;
        }
      }
    }
    expect(terms).toBeGreaterThan(5000);
    expect(Math.abs(chiSquared / terms - 1)).toBeLessThan(5 * Math.sqrt(3 / terms));
  });

  test("the embedded example: alignment recovers every whole-pixel shift", async () => {
    const { source, truth } = simulateNanowire();
    expect(source.positions[0] * source.positions[1]).toBeGreaterThanOrEqual(1500);
    expect(Math.min(...source.pixels)).toBeGreaterThanOrEqual(96);
    const { shifts, repaired } = await align(source);
    const off = shifts.values[0]! - truth.shifts.values[0]!;
    const aside = shifts.values[1760]! - truth.shifts.values[1760]!;
    for (let i = 0; i < 1760; i++) {
      expect(shifts.values[i]! - truth.shifts.values[i]!).toBe(off);
      expect(shifts.values[1760 + i]! - truth.shifts.values[1760 + i]!).toBe(aside);
    }
    expect(repaired.every((flag) => flag === 0)).toBe(true);
  });

  test("fractional descan, saturation and dead pixels", async () => {
    const { source, truth } = simulateNanowire({
      ...small,
      fractional: true,
      dtype: "u8",
      dose: 50_000,
      deadPixels: [3, 900],
    });
    const counts = await readPatterns(source, 0, 143);
    expect(counts.constructor).toBe(Uint8Array);
    expect(Array.from(counts).reduce((most, value) => Math.max(most, value), 0)).toBe(255);
    for (let i = 0; i < 143; i++) expect([counts[i * 4608 + 3], counts[i * 4608 + 900]]).toEqual([0, 0]);
    const { measured } = await align(source);
    let squares = 0;
    for (let i = 0; i < 143; i++) squares += (measured.values[i]! - truth.centre[0] - truth.shifts.values[i]!) ** 2;
    expect(Math.sqrt(squares / 143)).toBeLessThan(0.1);
  });

  test("axes are calibrated, the direct beam at 0", () => {
    const { source, truth } = simulateNanowire();
    const [ky, kx] = source.axes.pixels;
    expect(ky.origin + truth.centre[0] * ky.step).toBeCloseTo(0, 12);
    expect(kx.origin + truth.centre[1] * kx.step).toBeCloseTo(0, 12);
    expect([ky.unit, source.axes.positions[0].unit, source.axes.positions[0].step]).toEqual(["1/Å", "nm", 10]);
  });

  test("refuses what it cannot make", () => {
    expect(() => simulateNanowire({ diffracted: 1.2 })).toThrow(ShapeError);
    expect(() => simulateNanowire({ positions: [0, 4] })).toThrow("positions");
    expect(() => simulateNanowire({ pixels: [100.5, 96] })).toThrow("whole");
    expect(() => openSimulated({ kind: "simulated", model: "teapot" })).toThrow("teapot");
  });
});
