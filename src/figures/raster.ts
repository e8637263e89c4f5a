import type { Size } from "../scan/scan.ts";
import { type ColourMap, colourTable } from "./colour-maps.ts";
import type { DisplayScale } from "./display-scale.ts";
import { dataUri, palettePng } from "./png.ts";
import { element } from "./svg.ts";

/** Values as colour numbers: 1 … 255 through the scale, 0 where there is no number. */
export function colourNumbers(values: Float32Array, scale: Pick<DisplayScale, "toUnit">): Uint8Array {
  const numbers = new Uint8Array(values.length);
  for (let i = 0; i < values.length; i++) {
    const unit = scale.toUnit(values[i]!);
    numbers[i] = Number.isNaN(unit) ? 0 : 1 + Math.min(254, Math.floor(unit * 255));
  }
  return numbers;
}

/** The table of a map with its first entry given up for "no number", resampled so that both ends and the middle stay. */
export function paletteOf(map: ColourMap): Uint8Array {
  const table = colourTable(map);
  const palette = new Uint8Array(table.length);
  for (let i = 1; i < 256; i++) {
    const from = Math.round(((i - 1) / 254) * 255) * 3;
    palette.set(table.subarray(from, from + 3), i * 3);
  }
  return palette;
}

/** Values as an exact PNG, one pixel a value, transparent where there is no number. */
export const rasterPng = (
  values: Float32Array,
  size: Size,
  scale: Pick<DisplayScale, "toUnit">,
  map: ColourMap,
): Uint8Array => palettePng(colourNumbers(values, scale), size, paletteOf(map), true);

/**
 * A PNG stretched over a rectangle. Values stay squares where they are drawn larger than a pixel; where they are
 * smaller, the viewer averages, as leaving every other value out would lose spots.
 */
export function embedded(png: Uint8Array, size: Size, width: number, height: number): string {
  const enlarged = width >= size[1] && height >= size[0];
  return element("image", {
    width,
    height,
    preserveAspectRatio: "none",
    // The attribute is what SVG 1.1 viewers know, the style what browsers know.
    "image-rendering": enlarged ? "optimizeSpeed" : undefined,
    style: enlarged ? "image-rendering:pixelated" : undefined,
    href: dataUri(png),
  });
}
