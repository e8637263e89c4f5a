import type { Images, Patterns } from "../scan/scan.ts";
import type { Axes } from "../scan/source.ts";
import { heatmap, patternDisplay } from "./heatmap.ts";
import { figure, grid } from "./panel.ts";

export interface StackFigureOptions {
  /** Title of each item. */
  readonly titles: readonly string[];
  readonly axes: Axes;
}

/** Images or patterns side by side, three in a row, each with its scale bar and colour bar. */
export function stackFigure(stack: Images | Patterns, { titles, axes }: StackFigureOptions): string {
  const length = stack.size[0] * stack.size[1];
  const panels = titles.map((title, i) => {
    const values = stack.values.subarray(i * length, (i + 1) * length);
    return stack.kind === "images"
      ? heatmap(values, stack.size, { title, axes: axes.positions, map: "grey", percentiles: [0.2, 99.8] })
      : heatmap(values, stack.size, { title, axes: axes.pixels, display: patternDisplay });
  });
  return figure(grid(panels, 3), {
    title: titles.join(", "),
    description: `${stack.count} ${stack.kind} of ${stack.size.join(" × ")}: ${titles.join(", ")}.`,
  });
}
