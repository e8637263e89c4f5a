import { displayScale } from "../figures/display-scale.ts";
import { patternDisplay } from "../figures/heatmap.ts";
import { rasterPng } from "../figures/raster.ts";
import { stackFigure } from "../figures/stack-figure.ts";
import { UnsupportedError } from "../scan/errors.ts";
import { type Images, item, type Patterns } from "../scan/scan.ts";
import type { Axes } from "../scan/source.ts";
import type { ResultFile } from "./files.ts";
import { npy } from "./npy.ts";
import { tiff } from "./tiff.ts";

export interface StackFilesOptions {
  /** Name of the file without its ending. */
  readonly stem: string;
  /** With the dot; says what is written: .png, .svg, .npy, .tif. */
  readonly ending: string;
  readonly titles: readonly string[];
  readonly axes: Axes;
}

/**
 * Images or patterns as files.
 *
 * - `.npy` and `.tif`: one file, float32, values as they are (one image: rows × columns; several: count × rows × columns, or pages)
 * - `.png`: one file each, STEM-1, STEM-2 … if there are several; one pixel a value, grey from the least to the greatest value;
 *   patterns with gamma 0.4, so that weak spots show
 * - `.svg`: one figure with scale bars and colour bars
 *
 * @throws UnsupportedError  another ending
 * @example
 * const mean = await meanPattern(scan);
 * const [file] = stackFiles(mean, { stem: "mean", ending: ".npy", titles: ["Mean pattern"], axes: source.axes });
 */
export function stackFiles(stack: Images | Patterns, options: StackFilesOptions): ResultFile[] {
  const { stem, ending, titles, axes } = options;
  const name = `${stem}${ending}`;
  switch (ending) {
    case ".npy":
      return [{ name, bytes: npy(stack.values, stack.count === 1 ? [...stack.size] : [stack.count, ...stack.size]) }];
    case ".tif":
      return [{ name, bytes: tiff(stack) }];
    case ".svg":
      return [{ name, bytes: new TextEncoder().encode(stackFigure(stack, { titles, axes })) }];
    case ".png":
      return Array.from({ length: stack.count }, (_, i) => ({
        name: stack.count === 1 ? name : `${stem}-${i + 1}${ending}`,
        bytes: picture(item(stack, i), stack),
      }));
    default:
      throw new UnsupportedError(`${name}: expected a name that ends in .png, .svg, .npy or .tif, found "${ending}"`, {
        feature: `writing ${ending}`,
      });
  }
}

function picture(values: Float32Array, { kind, size }: Images | Patterns): Uint8Array {
  const scale = displayScale(values, kind === "patterns" ? { display: patternDisplay } : {});
  return rasterPng(values, size, scale, "grey");
}
