import type { Images, Patterns } from "../scan/scan.ts";
import type { Axes } from "../scan/source.ts";
import type { Display } from "./display-scale.ts";
import { heatmap, patternDisplay } from "./heatmap.ts";
import { beside, figure, grid, type Panel, titled } from "./panel.ts";

export interface ComponentPanelsOptions {
  readonly title: string;
  readonly patterns: Patterns;
  readonly images: Images;
  readonly axes: Axes;
  /** What one pattern and one image are called: "factor" and "loading", "centre" and "membership". */
  readonly names: { readonly pattern: string; readonly image: string };
  /** Patterns and images may be negative: diverging colours, symmetric about 0. Default false. */
  readonly signed?: boolean;
  /** Limits common to all images, such as 0 … 1 for memberships. Default: each its own. */
  readonly imageRange?: readonly [number, number] | undefined;
  /** Default gamma 0.4; signed gamma 0.5. */
  readonly display?: Display | undefined;
  /** Most components to draw. Default all. */
  readonly most?: number | undefined;
  /** A line under each pattern's title, such as its explained ratio. */
  readonly note?: (index: number) => string;
}

/** Widest figure, px: fits a laptop's page and a two-column journal page at 2× resolution. */
const widest = 1080;
const gap = 44;

/** Each component's pattern beside its map, in a grid. */
export function componentPanels(options: ComponentPanelsOptions): string {
  const { title, patterns, images, axes, names, signed = false, imageRange } = options;
  const shown = Math.min(patterns.count, images.count, options.most ?? Number.POSITIVE_INFINITY);
  const display = options.display ?? (signed ? { kind: "gamma", gamma: 0.5 } : patternDisplay);
  const pairs: Panel[] = [];
  for (let i = 0; i < shown; i++) {
    const note = options.note?.(i);
    pairs.push(
      beside(
        [
          heatmap(slice(patterns, i), patterns.size, {
            title: `${capital(names.pattern)} ${i + 1}`,
            note,
            axes: axes.pixels,
            box: [186, 200],
            display,
            signed,
            map: signed ? "diverging" : "magma",
          }),
          heatmap(slice(images, i), images.size, {
            title: `${capital(names.image)} ${i + 1}`,
            note: note === undefined ? undefined : "",
            axes: axes.positions,
            box: [186, 200],
            signed,
            range: imageRange,
            map: signed ? "diverging" : "viridis",
          }),
        ],
        16,
      ),
    );
  }
  const pairWidth = Math.max(1, ...pairs.map((pair) => pair.width));
  const columns = Math.max(1, Math.min(shown, Math.floor((widest + gap) / (pairWidth + gap))));
  const omitted = Math.min(patterns.count, images.count) - shown;
  return figure(titled(title, grid(pairs, columns, gap)), {
    title,
    description:
      `${shown} ${names.pattern} patterns of ${patterns.size.join(" × ")} pixels, each beside its ${names.image} map over ${images.size.join(" × ")} positions` +
      `${signed ? ", blue negative, red positive" : ""}${omitted > 0 ? `; ${omitted} more are in the arrays` : ""}.`,
  });
}

const slice = (stack: Images | Patterns, i: number): Float32Array => {
  const length = stack.size[0] * stack.size[1];
  return stack.values.subarray(i * length, (i + 1) * length);
};

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
