import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Rasterise, rasteriser } from "../figures/rasterise.ts";

const require = createRequire(import.meta.url);

/** What the renderer is started from: threads of one process share the compiled module. */
export interface RendererParts {
  readonly wasm: WebAssembly.Module;
  readonly fonts: readonly Uint8Array[];
}

/** The renderer's WASM and its font (Inter, OFL) from the installed packages. */
export async function rendererParts(): Promise<RendererParts> {
  const inter = "@expo-google-fonts/inter";
  const [wasm, ...fonts] = await Promise.all(
    [
      "@resvg/resvg-wasm/index_bg.wasm",
      `${inter}/400Regular/Inter_400Regular.ttf`,
      `${inter}/600SemiBold/Inter_600SemiBold.ttf`,
    ].map((file) => readFile(require.resolve(file))),
  );
  return { wasm: await WebAssembly.compile(wasm!), fonts };
}

/** The renderer of PNG figures. */
export async function nodeRasteriser(): Promise<Rasterise> {
  const { wasm, fonts } = await rendererParts();
  return rasteriser(wasm, fonts);
}
