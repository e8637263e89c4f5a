import { readFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { type Rasterise, rasteriser } from "../figures/rasterise.ts";

const require = createRequire(import.meta.url);

/** The renderer of PNG figures, with its WASM and its font (Inter, OFL) from the installed packages. */
export async function nodeRasteriser(): Promise<Rasterise> {
  const inter = "@expo-google-fonts/inter";
  const [wasm, ...fonts] = await Promise.all(
    [
      "@resvg/resvg-wasm/index_bg.wasm",
      `${inter}/400Regular/Inter_400Regular.ttf`,
      `${inter}/600SemiBold/Inter_600SemiBold.ttf`,
    ].map((file) => readFile(require.resolve(file))),
  );
  return rasteriser(wasm!, fonts);
}
