import { join } from "node:path";
import { build, mergeConfig } from "vite";
import config from "../../vite.config.ts";
import { root } from "../repository/imports.ts";

/** Builds the app as it is published. @returns its folder */
export async function buildWindow(): Promise<string> {
  const outDir = join(root, "test", "output", "window");
  await build(mergeConfig(config, { configFile: false, logLevel: "warn", build: { outDir, emptyOutDir: true } }));
  return outDir;
}
