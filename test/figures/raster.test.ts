import { interpolateMagma, interpolateViridis } from "d3-scale-chromatic";
import { decode } from "fast-png";
import { describe, expect, it } from "vitest";
import { type ColourMap, colourTable, rgb } from "../../src/figures/colour-maps.ts";
import { displayScale } from "../../src/figures/display-scale.ts";
import { palettePng } from "../../src/figures/png.ts";
import { paletteOf, rasterPng } from "../../src/figures/raster.ts";

const maps: ColourMap[] = ["magma", "inferno", "viridis", "grey", "diverging"];

describe("colourTable", () => {
  it("has the colours of the published maps at its entries", () => {
    for (const i of [0, 1, 100, 254, 255]) {
      expect([...colourTable("magma").subarray(i * 3, i * 3 + 3)]).toEqual(rgb(interpolateMagma(i / 255)));
      expect([...colourTable("viridis").subarray(i * 3, i * 3 + 3)]).toEqual(rgb(interpolateViridis(i / 255)));
    }
  });

  it("grows lighter from end to end in every map for unsigned values", () => {
    for (const name of ["magma", "inferno", "viridis", "grey"] as const) {
      const table = colourTable(name);
      let before = -1;
      for (let i = 0; i < 256; i += 5) {
        const lightness = 0.2126 * table[i * 3]! + 0.7152 * table[i * 3 + 1]! + 0.0722 * table[i * 3 + 2]!;
        expect(lightness, `${name} ${i}`).toBeGreaterThan(before);
        before = lightness;
      }
    }
  });

  it("is near white at 0 of the diverging map, blue below and red above", () => {
    const table = colourTable("diverging");
    for (const entry of [127, 128]) for (let c = 0; c < 3; c++) expect(table[entry * 3 + c]!).toBeGreaterThan(235);
    expect(table[2]!).toBeGreaterThan(table[0]!);
    expect(table[255 * 3]!).toBeGreaterThan(table[255 * 3 + 2]!);
  });
});

describe("rasterPng", () => {
  it.each(maps)("holds every value as one pixel of the right colour (%s)", (map) => {
    const size = [5, 7] as const;
    const values = Float32Array.from({ length: 35 }, (_, i) => Math.sin(i) * 3);
    values[8] = Number.NaN;
    const scale = displayScale(values, { signed: map === "diverging" });
    const png = decode(rasterPng(values, size, scale, map));
    expect([png.height, png.width]).toEqual([5, 7]);
    const palette = paletteOf(map);
    for (let row = 0; row < 5; row++) {
      for (let column = 0; column < 7; column++) {
        const entry = png.data[row * 7 + column]!;
        const value = values[row * 7 + column]!;
        if (Number.isNaN(value)) {
          expect(entry).toBe(0);
          expect(png.palette![0]![3]).toBe(0);
          continue;
        }
        const share = (value - scale.lower) / (scale.upper - scale.lower);
        expect(entry).toBe(1 + Math.min(254, Math.floor(share * 255)));
        expect(png.palette![entry]!.slice(0, 3)).toEqual([...palette.subarray(entry * 3, entry * 3 + 3)]);
        // One step of the 255 is all that the colour may be off.
        const exact = Math.round(share * 255) * 3;
        for (let c = 0; c < 3; c++)
          expect(Math.abs(palette[entry * 3 + c]! - colourTable(map)[exact + c]!)).toBeLessThanOrEqual(8);
      }
    }
  });

  it("gives the same bytes for the same values", () => {
    const values = Float32Array.from({ length: 12 }, (_, i) => i);
    const once = rasterPng(values, [3, 4], displayScale(values), "magma");
    expect(rasterPng(values, [3, 4], displayScale(values), "magma")).toEqual(once);
  });
});

it("palettePng writes rows before columns", () => {
  const png = decode(palettePng(Uint8Array.of(0, 1, 2, 3, 4, 5), [2, 3], colourTable("grey")));
  expect([png.width, png.height]).toEqual([3, 2]);
  expect([...png.data]).toEqual([0, 1, 2, 3, 4, 5]);
});
