import { initWasm, Resvg } from "@resvg/resvg-wasm";

/** SVG to PNG: `scale` dots per px of the drawing, default 2. */
export type Rasterise = (svg: string, scale?: number) => Uint8Array;

// The WASM module can be started once per thread only, whoever asks first.
let started: Promise<void> | undefined;

/**
 * Starts the renderer. The same bytes give the same PNG on any machine: its own fonts are not asked for.
 *
 * @param wasm   bytes of `@resvg/resvg-wasm/index_bg.wasm`
 * @param fonts  bytes of TrueType fonts; the first one's family draws all text. Without any, text is left out
 */
export async function rasteriser(
  wasm: BufferSource | WebAssembly.Module,
  fonts: readonly Uint8Array[],
): Promise<Rasterise> {
  started ??= initWasm(wasm);
  await started;
  return (svg, scale = 2) => {
    // The renderer knows SVG 1.1 only, and takes the browsers' word for exact pixels as a wish for smooth ones.
    const drawing = new Resvg(svg.replaceAll(' style="image-rendering:pixelated"', ""), {
      fitTo: { mode: "zoom", value: scale },
      font: { fontBuffers: [...fonts], defaultFontFamily: "Inter", sansSerifFamily: "Inter" },
    });
    try {
      const image = drawing.render();
      try {
        return image.asPng();
      } finally {
        image.free();
      }
    } finally {
      drawing.free();
    }
  };
}
