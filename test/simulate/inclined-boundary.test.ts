import { describe, expect, test } from "vitest";
import { ShapeError } from "../../src/scan/errors.ts";
import { area, item } from "../../src/scan/scan.ts";
import { readPatterns } from "../../src/scan/source.ts";
import { type InclinedBoundaryOptions, simulateInclinedBoundary } from "../../src/simulate/inclined-boundary.ts";
import { openSimulated } from "../../src/simulate/simulated.ts";

const small: InclinedBoundaryOptions = { positions: [3, 21], pixels: [40, 46], peaks: 3, spacing: 10, width: 1 };

/** Local maxima above half the highest value, by comparing with the eight neighbours. */
function peaksOf(pattern: Float32Array, columns: number): string[] {
  const found: string[] = [];
  const most = pattern.reduce((a, b) => Math.max(a, b), 0);
  for (let i = 0; i < pattern.length; i++) {
    const around = [-columns - 1, -columns, -columns + 1, -1, 1, columns - 1, columns, columns + 1];
    // Ties are broken by order, as peaks lie half-way between pixels.
    const higher = around.every((step) => {
      const other = pattern[i + step] ?? 0;
      return step < 0 ? pattern[i]! > other : pattern[i]! >= other;
    });
    if (pattern[i]! > most / 2 && higher) found.push(`${Math.floor(i / columns)},${i % columns}`);
  }
  return found;
}

describe("simulateInclinedBoundary", () => {
  test("separate patterns share no pixel and have peaks × peaks peaks each", () => {
    const { patterns } = simulateInclinedBoundary(small).truth;
    const [a, b] = [item(patterns, 0), item(patterns, 1)];
    expect(a.some((value, i) => value > 0 && b[i]! > 0)).toBe(false);
    expect(peaksOf(a, 46)).toHaveLength(9);
    expect(peaksOf(b, 46)).toHaveLength(9);
  });

  test("contained: the second pattern is the first with the other array added", () => {
    const separate = simulateInclinedBoundary(small).truth.patterns;
    const contained = simulateInclinedBoundary({ ...small, arrangement: "contained", ratio: 0.5 }).truth.patterns;
    expect(item(contained, 0)).toEqual(item(separate, 0));
    for (let i = 0; i < area(separate.size); i++) {
      expect(item(contained, 1)[i]).toBeCloseTo(item(separate, 0)[i]! + 0.5 * item(separate, 1)[i]!, 3);
    }
    expect(
      peaksOf(item(simulateInclinedBoundary({ ...small, arrangement: "contained" }).truth.patterns, 1), 46),
    ).toHaveLength(18);
  });

  test("every pattern is the sum of both by thickness, which is linear over the mixed part", async () => {
    const { source, truth } = simulateInclinedBoundary({ ...small, mixed: 0.5 });
    const second = item(truth.abundances, 1);
    for (let i = 0; i < 63; i++) {
      const across = (i % 21) / 20;
      expect(second[i]).toBeCloseTo(across <= 0.25 ? 0 : across >= 0.75 ? 1 : (across - 0.25) * 2, 6);
      const values = await readPatterns(source, i, 1);
      const of = (k: number, at: number) => item(truth.abundances, k)[i]! * item(truth.patterns, k)[at]!;
      for (let at = 0; at < values.length; at += 7) expect(values[at]).toBeCloseTo(of(0, at) + of(1, at), 3);
    }
  });

  test("rounds for whole numbers, draws counts when asked, and opens from its descriptor", async () => {
    const rounded = await readPatterns(simulateInclinedBoundary({ ...small, dtype: "u8" }).source, 10, 1);
    expect(rounded).toBeInstanceOf(Uint8Array);
    expect(Math.max(...(rounded as Uint8Array))).toBe(255);
    const noisy = simulateInclinedBoundary({ ...small, dtype: "u16", noise: true, height: 400 }).source;
    const exact = await readPatterns(simulateInclinedBoundary({ ...small, height: 400 }).source, 10, 1);
    const counts = await readPatterns(noisy, 10, 1);
    let chiSquared = 0;
    let terms = 0;
    for (const [i, mean] of exact.entries()) {
      if (mean < 5) continue;
      chiSquared += (counts[i]! - mean) ** 2 / mean;
      terms++;
    }
    expect(terms).toBeGreaterThan(50);
    expect(Math.abs(chiSquared / terms - 1)).toBeLessThan(5 * Math.sqrt(2 / terms));
    expect(await readPatterns(openSimulated(structuredClone(noisy.descriptor)), 10, 1)).toEqual(counts);
  });

  test("an embedded second crystal is nowhere pure", () => {
    const { abundances } = simulateInclinedBoundary({ ...small, largest: 0.6 }).truth;
    expect(Math.max(...item(abundances, 1))).toBeCloseTo(0.6, 6);
    expect(Math.min(...item(abundances, 0))).toBeCloseTo(0.4, 6);
  });

  test("a sharp boundary, one position, and options out of range", () => {
    const sharp = simulateInclinedBoundary({ ...small, mixed: 0 }).truth.abundances;
    expect([...item(sharp, 0)].every((value) => value === 0 || value === 1)).toBe(true);
    expect(item(simulateInclinedBoundary({ positions: [1, 1] }).truth.abundances, 0)[0]).toBe(0.5);
    expect(() => simulateInclinedBoundary({ mixed: 1.5 })).toThrow(ShapeError);
    expect(() => simulateInclinedBoundary({ peaks: 2.5 })).toThrow("peaks: expected whole numbers, found 2.5");
    expect(() => simulateInclinedBoundary({ peaks: 6 })).toThrow(
      "peaks: expected all on the detector, within 31.5 px of its middle, found 6 × 6",
    );
  });
});
