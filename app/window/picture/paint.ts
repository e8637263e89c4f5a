import { type ColourMap, colourTable, type DisplayScale, type Size } from "../../../src/index.ts";

const palettes = new Map<ColourMap, Uint32Array>();

/** A colour map as pixels of a canvas. */
function palette(map: ColourMap): Uint32Array {
  const known = palettes.get(map);
  if (known) return known;
  const table = colourTable(map);
  const bytes = new Uint8ClampedArray(256 * 4);
  for (let i = 0; i < 256; i++) {
    bytes.set(table.subarray(i * 3, i * 3 + 3), i * 4);
    bytes[i * 4 + 3] = 255;
  }
  const pixels = new Uint32Array(bytes.buffer);
  palettes.set(map, pixels);
  return pixels;
}

const canvasPixels = new WeakMap<HTMLCanvasElement, ImageData>();

/** Draws values, one pixel each; where there is no number the canvas stays clear. */
export function paint(
  canvas: HTMLCanvasElement,
  values: Float32Array,
  [rows, columns]: Size,
  scale: Pick<DisplayScale, "toUnit">,
  map: ColourMap,
): void {
  const context = canvas.getContext("2d");
  if (!context) return;
  if (canvas.width !== columns) canvas.width = columns;
  if (canvas.height !== rows) canvas.height = rows;
  let image = canvasPixels.get(canvas);
  if (image?.width !== columns || image.height !== rows) {
    image = context.createImageData(columns, rows);
    canvasPixels.set(canvas, image);
  }
  const pixels = new Uint32Array(image.data.buffer);
  const colours = palette(map);
  for (let i = 0; i < pixels.length; i++) {
    const unit = scale.toUnit(values[i]);
    pixels[i] = Number.isNaN(unit) ? 0 : colours[Math.min(255, (unit * 256) | 0)];
  }
  context.putImageData(image, 0, 0);
}
