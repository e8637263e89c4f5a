import { join } from "node:path";
import { build, mergeConfig } from "vite";
import config from "../../vite.config.ts";
import { root } from "../repository/imports.ts";

/** Builds the page without a window, with the app's own settings. @returns its folder */
export async function buildBare(): Promise<string> {
  const outDir = join(root, "test", "output", "bare");
  await build(
    mergeConfig(config, {
      root: join(import.meta.dirname, "bare"),
      configFile: false,
      logLevel: "warn",
      build: { outDir, emptyOutDir: true, minify: false },
    }),
  );
  return outDir;
}
