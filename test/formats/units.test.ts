import { describe, expect, it } from "vitest";
import { detectorAxis, recordedSteps, scanAxis } from "../../src/formats/units.ts";

describe("units", () => {
  it.each([
    ["nm", 2, 2, "nm"],
    ["Å", 20, 2, "nm"],
    ["\u212b", 20, 2, "nm"], // the Ångström sign, not the letter
    ["A", 20, 2, "nm"],
    ["angstrom", 20, 2, "nm"],
    ["pm", 2000, 2, "nm"],
    ["um", 0.002, 2, "nm"],
    ["µm", 0.002, 2, "nm"],
    ["\u03bcm", 0.002, 2, "nm"],
    ["m", 2e-9, 2, "nm"],
    ["[n_m]", 2, 2, "nm"],
    ["s", 0.5, 0.5, "s"],
    ["pixels", 4, 4, "px"],
    ["<undefined>", 4, 1, "px"],
    ["", 4, 1, "px"],
  ])("scan axis in %s", (unit, step, expected, written) => {
    expect(scanAxis({ name: "y", step, unit, origin: 0 }, "y")).toEqual({
      name: "y",
      step: expect.closeTo(expected, 9),
      unit: written,
      origin: 0,
    });
  });

  it.each([
    ["1/Å", 0.5, 0.5, "1/Å"],
    ["1/nm", 0.5, 0.05, "1/Å"],
    ["1 / nm", 0.5, 0.05, "1/Å"],
    ["nm^-1", 0.5, 0.05, "1/Å"],
    ["nm-1", 0.5, 0.05, "1/Å"],
    ["nm⁻¹", 0.5, 0.05, "1/Å"],
    ["[n_m^-1]", 0.5, 0.05, "1/Å"],
    ["A^-1", 0.5, 0.5, "1/Å"],
    ["$A^{-1}$", 0.5, 0.5, "1/Å"],
    ["1/angstrom", 0.5, 0.5, "1/Å"],
    ["1/pm", 0.005, 0.5, "1/Å"],
    ["mrad", 0.5, 0.5, "mrad"],
    ["rad", 0.0005, 0.5, "mrad"],
    ["°", 0.1, 1.7453292519943295, "mrad"],
    ["cm", 0.016, 0.016, "cm"],
    ["px", 1, 1, "px"],
  ])("detector axis in %s", (unit, step, expected, written) => {
    const { step: found, unit: called, origin } = detectorAxis({ step, unit, origin: -10 * step }, "ky");
    expect([found, called, origin]).toEqual([expect.closeTo(expected, 9), written, expect.closeTo(-10 * expected, 9)]);
  });

  it("falls back to pixels where the step says nothing", () => {
    for (const step of [0, Number.NaN, Number.POSITIVE_INFINITY, undefined]) {
      expect(scanAxis({ step, unit: "nm", origin: 5 }, "x")).toEqual({ name: "x", step: 1, unit: "px", origin: 0 });
    }
  });

  it("keeps what was recorded where it was changed", () => {
    const recorded = [
      { name: "y", step: 20, unit: "Å", origin: 10 },
      { name: "x", step: 2, unit: "nm", origin: 0 },
    ];
    const axes = [scanAxis(recorded[0]!, "y"), scanAxis(recorded[1]!, "x")];
    expect(recordedSteps(recorded, axes)).toEqual({ "recorded y": "step 20 Å, origin 10" });
  });
});
