import type { Images, Patterns } from "../scan/scan.ts";
import type { Axes } from "../scan/source.ts";
import type { Display } from "./display-scale.ts";
import { besidePicture, heatmap, patternDisplay } from "./heatmap.ts";
import { below, figure, grid, type Panel, titled } from "./panel.ts";

export interface ComponentPanelsOptions {
  readonly title: string;
  readonly patterns: Patterns;
  readonly images: Images;
  readonly axes: Axes;
  /** What one pattern and one image are called: "factor" and "loading", "centre" and "membership". */
  readonly names: { readonly pattern: string; readonly image: string };
  /** A second map under the first, of as many components as it has, with the same limits. */
  readonly second?: { readonly name: string; readonly images: Images } | undefined;
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
const gap = 22;

/** Each component's pattern with its map or maps below it, one column a component, so that the eye compares along rows. */
export function componentPanels(options: ComponentPanelsOptions): string {
  const { title, patterns, images, axes, names, signed = false, imageRange, second } = options;
  const shown = Math.min(patterns.count, images.count, options.most ?? Number.POSITIVE_INFINITY);
  const display = options.display ?? (signed ? { kind: "gamma", gamma: 0.5 } : patternDisplay);
  const columns = columnsFor(shown);
  const side = Math.min(280, Math.floor((widest + gap) / columns) - gap - besidePicture);
  const box = [side, side] as const;
  // A signed map that keeps to one side of zero (a first loading) would spend its contrast on the side where nothing is.
  const crosses = (image: Float32Array): boolean => signed && image.some((v) => v < 0) && image.some((v) => v > 0);
  const components: Panel[] = [];
  const mapOf = (stack: Images, i: number, name: string): Panel => {
    const image = slice(stack, i);
    return heatmap(image, stack.size, {
      title: `${capital(name)} ${i + 1}`,
      axes: axes.positions,
      box,
      signed: crosses(image),
      range: imageRange,
      map: crosses(image) ? "diverging" : "viridis",
    });
  };
  for (let i = 0; i < shown; i++) {
    components.push(
      below(
        [
          heatmap(slice(patterns, i), patterns.size, {
            title: `${capital(names.pattern)} ${i + 1}`,
            note: options.note?.(i),
            axes: axes.pixels,
            box,
            display,
            signed,
            map: signed ? "diverging" : "magma",
          }),
          mapOf(images, i, names.image),
          ...(second && i < second.images.count ? [mapOf(second.images, i, second.name)] : []),
        ],
        10,
      ),
    );
  }
  const omitted = Math.min(patterns.count, images.count) - shown;
  return figure(titled(title, grid(components, columns, gap, 30)), {
    title,
    description:
      `${shown} ${names.pattern} patterns of ${patterns.size.join(" × ")} pixels, each with its ${names.image}${second ? ` and ${second.name}` : ""} map over ${images.size.join(" × ")} positions` +
      `${signed ? ", blue negative, red positive" : ""}${omitted > 0 ? `; ${omitted} more are in the arrays` : ""}.`,
  });
}

/** All in one row up to four; else rows of four or three, whichever leaves fewer places empty. */
function columnsFor(count: number): number {
  if (count <= 4) return Math.max(1, count);
  return (4 - (count % 4)) % 4 <= (3 - (count % 3)) % 3 ? 4 : 3;
}

const slice = (stack: Images | Patterns, i: number): Float32Array => {
  const length = stack.size[0] * stack.size[1];
  return stack.values.subarray(i * length, (i + 1) * length);
};

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1);
