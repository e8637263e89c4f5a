import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { drawnSize } from "../../src/figures/heatmap.ts";
import { scaleBar } from "../../src/figures/scale-bar.ts";
import { grouped, printedUnit, significant } from "../../src/figures/typography.ts";

const axis = (step: number, unit: string) => ({ name: "x", step, unit, origin: 0 });

describe("scaleBar", () => {
  it("is a round length, 12 to 30 % of the width, and exactly as long as it says", () => {
    fc.assert(
      fc.property(fc.double({ min: 1e-6, max: 1e6, noNaN: true }), fc.integer({ min: 4, max: 4000 }), (step, count) => {
        const bar = scaleBar(axis(step, "nm"), count, 300);
        expect(bar.width).toBeLessThanOrEqual(0.3 * 300 * 1.000001);
        expect(bar.width).toBeGreaterThan(0.119 * 300);
        expect(bar.width).toBeCloseTo((bar.length / (step * count)) * 300, 6);
        expect(["1", "2", "5"]).toContain(bar.length.toExponential(2)[0]);
        expect(Number(bar.length.toExponential(0))).toBeCloseTo(bar.length, 12);
      }),
    );
  });

  it("writes units as they are printed", () => {
    expect(scaleBar(axis(10, "nm"), 48, 240).label).toBe("100 nm");
    expect(scaleBar(axis(100, "nm"), 100, 240).label).toBe("2 µm");
    expect(scaleBar(axis(0.0185, "1/Å"), 72, 240).label).toBe("0.2 Å⁻¹");
    expect(scaleBar(axis(-0.4, "mrad"), 100, 240).label).toBe("10 mrad");
    expect(scaleBar(axis(1, "px"), 144, 240).label).toBe("20 px");
    expect(scaleBar(axis(1, "px"), 2, 240).label).toBe("1 px");
    expect(scaleBar(axis(0, "nm"), 50, 240).label).toBe("10 px");
  });
});

describe("drawnSize", () => {
  it("gives cells the shape that the steps have", () => {
    const [width, height] = drawnSize([30, 40], [axis(20, "nm"), axis(10, "nm")], [240, 240]);
    expect(height / 30 / (width / 40)).toBeCloseTo(2, 12);
    expect(Math.max(width, height)).toBe(240);
  });

  it("does not compare different units", () => {
    expect(drawnSize([30, 60], [axis(20, "nm"), axis(1, "px")], [240, 240])).toEqual([240, 120]);
  });
});

it("numbers are printed with true minus signs, superscripts and thin spaces", () => {
  expect(significant(-0.0123456)).toBe("−0.0123");
  expect(significant(1.234e9, 4)).toBe("1.234×10⁹");
  expect(significant(-3.2e-7)).toBe("−3.2×10⁻⁷");
  expect(grouped(1728)).toBe("1\u202f728");
  expect(printedUnit("1/nm")).toBe("nm⁻¹");
});
