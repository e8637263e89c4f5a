import type { Warning } from "../judge/warnings.ts";
import type { Rank, Svd } from "../learn/results.ts";
import type { Alignment } from "../prepare/alignment.ts";
import type { Images, Patterns, Size } from "../scan/scan.ts";
import type { Axes, DType } from "../scan/source.ts";
import type { Learned } from "./learned.ts";
import type { Recipe } from "./recipe.ts";

/** What the main job found in one scan. Parts that the recipe did not ask for are absent. */
export interface Analysis extends Learned {
  readonly scan: {
    readonly name: string;
    readonly format: string;
    readonly positions: Size;
    /** Detector pixels as recorded. */
    readonly pixels: Size;
    /** Detector pixels that were analysed: smaller where alignment cropped to the common region. */
    readonly analysedPixels: Size;
    readonly dtype: DType;
    readonly axes: Axes;
    readonly metadata: Readonly<Record<string, string | number>>;
  };
  readonly recipe: Recipe;
  readonly alignment?: Alignment;
  readonly brightField: Images;
  /** Disk that the bright-field image was summed over, px of the analysed pattern. */
  readonly brightFieldDisk: { readonly centre: readonly [row: number, column: number]; readonly radius: number };
  readonly meanPattern: Patterns;
  readonly maximumPattern: Patterns;
  readonly svd?: Svd;
  readonly rank?: Rank;
  readonly warnings: readonly Warning[];
  /** Seconds per stage: read, align, image, svd, nmf, fcm, report …, total. */
  readonly seconds: Readonly<Record<string, number>>;
  readonly peakMemoryMiB: number;
}
