import { join } from "node:path";
import { built } from "./built.ts";

/** Builds the page without a window, with the app's own settings. @returns its folder */
export const buildBare = (): Promise<string> =>
  built("bare", { root: join(import.meta.dirname, "bare"), build: { minify: false } });
