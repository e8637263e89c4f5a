import { encode, type ImageData } from "fast-png";
import type { Size } from "../scan/scan.ts";

/** A picture of at most 256 colours as PNG: one byte a pixel, rows first. Colour 0 is transparent if `firstTransparent`. */
export function palettePng(pixels: Uint8Array, size: Size, table: Uint8Array, firstTransparent = false): Uint8Array {
  const palette: [number, number, number, number][] = [];
  for (let i = 0; i < table.length; i += 3) {
    palette.push([table[i]!, table[i + 1]!, table[i + 2]!, firstTransparent && i === 0 ? 0 : 255]);
  }
  return packed({ width: size[1], height: size[0], data: pixels, depth: 8, channels: 1, palette });
}

/** A picture in red, green, blue, alpha as PNG: four bytes a pixel, rows first. */
export const rgbaPng = (pixels: Uint8Array, size: Size): Uint8Array =>
  packed({ width: size[1], height: size[0], data: pixels, depth: 8, channels: 4 });

/** Packed once over: more takes twice as long and saves a twentieth. */
const packed = (image: ImageData): Uint8Array => encode(image, { zlib: { level: 1 } });

/** Bytes as a data URI, so that a figure carries its rasters with it. */
export function dataUri(bytes: Uint8Array, type = "image/png"): string {
  let binary = "";
  // In pieces: an argument list has a length limit.
  for (let i = 0; i < bytes.length; i += 0x8000) binary += String.fromCharCode(...bytes.subarray(i, i + 0x8000));
  return `data:${type};base64,${btoa(binary)}`;
}
