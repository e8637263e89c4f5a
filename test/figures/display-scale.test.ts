import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { type Display, displayScale, linearTicks } from "../../src/figures/display-scale.ts";

const displays: Display[] = [
  { kind: "linear" },
  { kind: "gamma", gamma: 0.4 },
  { kind: "log" },
  { kind: "log", decades: 3 },
];
const anyValues = fc.array(fc.float({ noNaN: false }), { maxLength: 40 }).map((list) => Float32Array.from(list));

describe("displayScale", () => {
  it("keeps brightness within 0 … 1, in order, and ticks inside the limits and apart", () => {
    fc.assert(
      fc.property(anyValues, fc.constantFrom(...displays), fc.boolean(), (values, display, signed) => {
        const scale = displayScale(values, { display, signed });
        const sorted = values.filter((value) => !Number.isNaN(value)).sort();
        let before = 0;
        for (const value of sorted) {
          const unit = scale.toUnit(value);
          expect(unit).toBeGreaterThanOrEqual(before);
          expect(unit).toBeLessThanOrEqual(1);
          before = unit;
        }
        const ticks = scale.ticks(0.12).map(scale.toUnit);
        for (let i = 1; i < ticks.length; i++) expect(ticks[i]! - ticks[i - 1]!).toBeGreaterThan(0.1199);
      }),
    );
  });

  it("is linear between the limits", () => {
    const { toUnit } = displayScale(Float32Array.of(2, 4, 6));
    expect([2, 3, 4, 6].map(toUnit)).toEqual([0, 0.25, 0.5, 1]);
  });

  it("raises unsigned values from 0, not from their minimum", () => {
    const { toUnit } = displayScale(Float32Array.of(50, 100), { display: { kind: "gamma", gamma: 0.5 } });
    expect(toUnit(25)).toBeCloseTo(0.5, 12);
  });

  it("puts 0 of signed values in the middle, and equal magnitudes equally far from it", () => {
    const { toUnit, lower, upper } = displayScale(Float32Array.of(-1, 0, 9), {
      signed: true,
      display: { kind: "gamma", gamma: 0.5 },
    });
    expect([lower, upper]).toEqual([-9, 9]);
    expect([toUnit(-9), toUnit(-2.25), toUnit(0), toUnit(2.25), toUnit(9)]).toEqual([0, 0.25, 0.5, 0.75, 1]);
  });

  it("shows as many decades as asked and floors the rest", () => {
    const { toUnit, lower } = displayScale(Float32Array.of(0, 1e-9, 1, 1000), { display: { kind: "log", decades: 3 } });
    expect(lower).toBeCloseTo(1, 6);
    expect(toUnit(0)).toBe(0);
    expect(toUnit(Math.sqrt(1000))).toBeCloseTo(0.5, 6);
  });

  it("says where values are clipped", () => {
    const values = Float32Array.from({ length: 1001 }, (_, i) => i);
    const scale = displayScale(values, { percentiles: [1, 99] });
    expect(scale).toMatchObject({ lower: 10, upper: 990, clippedBelow: true, clippedAbove: true });
    expect(displayScale(values)).toMatchObject({ clippedBelow: false, clippedAbove: false });
  });

  it("does not sort the values it was given", () => {
    const values = Float32Array.of(3, 1, 2);
    displayScale(values);
    expect([...values]).toEqual([3, 1, 2]);
  });
});

it("linearTicks are round and inside", () => {
  expect(linearTicks(0, 1, 5)).toEqual([0, 0.2, 0.4, 0.6, 0.8, 1]);
  expect(linearTicks(-0.13, 0.13, 5)).toEqual([-0.1, 0, 0.1]);
  expect(linearTicks(25_000, 49_000, 5)).toEqual([25_000, 30_000, 35_000, 40_000, 45_000]);
});
