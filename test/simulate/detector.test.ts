import { describe, expect, test } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { detectorType, recordedBy } from "../../src/simulate/detector.ts";

const moments = (values: readonly number[]): readonly [mean: number, variance: number] => {
  const mean = values.reduce((a, b) => a + b, 0) / values.length;
  return [mean, values.reduce((sum, value) => sum + (value - mean) ** 2, 0) / values.length];
};

describe("recordedBy", () => {
  test("a camera: gain on Poisson counts, offset, readout noise and rounding", () => {
    const record = recordedBy({ kind: "ccd", gain: 0.5, readNoise: 2, offset: 10 }, random(3));
    const [mean, variance] = moments(Array.from({ length: 20_000 }, () => record(100)));
    expect(mean).toBeCloseTo(60, 0);
    // 0.5² · 100 electrons, 2² of readout, 1/12 of rounding.
    expect(variance).toBeGreaterThan(28);
    expect(variance).toBeLessThan(30.2);
  });

  test("a camera holds 0 … 255, whole numbers", () => {
    const record = recordedBy({ kind: "ccd", gain: 1, readNoise: 3, offset: 0 }, random(4));
    const dark = Array.from({ length: 500 }, () => record(0));
    expect(Math.min(...dark)).toBe(0);
    expect([...dark, record(1e4)].every(Number.isInteger)).toBe(true);
    expect(record(1e4)).toBe(255);
  });

  test("a counting detector: Poisson, cut off at saturation", () => {
    const record = recordedBy({ kind: "counting", saturation: 4095 }, random(5));
    const [mean, variance] = moments(Array.from({ length: 20_000 }, () => record(7)));
    expect(mean).toBeCloseTo(7, 1);
    expect(variance / mean).toBeCloseTo(1, 1);
    expect(record(1e5)).toBe(4095);
  });

  test("the same seed records the same", () => {
    const [one, other] = [1, 1].map((seed) => recordedBy({ kind: "counting", saturation: 65_535 }, random(seed, 8)));
    for (const mean of [0, 0.3, 9, 200]) expect(one!(mean)).toBe(other!(mean));
  });

  test("needs as many bits as it counts to", () => {
    expect(detectorType({ kind: "ccd", gain: 1, readNoise: 0, offset: 0 })).toBe("u8");
    expect(detectorType({ kind: "counting", saturation: 255 })).toBe("u8");
    expect(detectorType({ kind: "counting", saturation: 256 })).toBe("u16");
  });
});
