import type { Images, Patterns } from "../scan/scan.ts";
import type { Axes } from "../scan/source.ts";
import type { Display } from "./display-scale.ts";
import { heatmap, patternDisplay } from "./heatmap.ts";
import { beside, figure } from "./panel.ts";
import { element } from "./svg.ts";

export interface BrightFieldOptions {
  readonly brightField: Images;
  readonly disk: { readonly centre: readonly [row: number, column: number]; readonly radius: number };
  readonly meanPattern: Patterns;
  readonly maximumPattern: Patterns;
  readonly axes: Axes;
  readonly display?: Display;
}

/** The bright-field image, and the mean and the maximum pattern with the disk that it was summed over. */
export function brightFieldFigure({
  brightField,
  disk,
  meanPattern,
  maximumPattern,
  axes,
  display = patternDisplay,
}: BrightFieldOptions): string {
  const box = [264, 300] as const;
  const ring = (perColumn: number, perRow: number): string => {
    // Pixel (i, j) is centred on its cell: index 0 lies half a cell from the edge.
    const at = {
      cx: (disk.centre[1] + 0.5) * perColumn,
      cy: (disk.centre[0] + 0.5) * perRow,
      rx: disk.radius * perColumn,
      ry: disk.radius * perRow,
      fill: "none",
    };
    return (
      element("ellipse", { ...at, stroke: "#000", "stroke-opacity": "0.6", "stroke-width": 3 }) +
      element("ellipse", { ...at, stroke: "#4dd0e1", "stroke-width": 1.4 })
    );
  };
  return figure(
    beside([
      heatmap(brightField.values, brightField.size, {
        title: "Bright field",
        axes: axes.positions,
        box,
        map: "grey",
        percentiles: [0.2, 99.8],
      }),
      heatmap(meanPattern.values, meanPattern.size, {
        title: "Mean pattern",
        axes: axes.pixels,
        box,
        display,
        overlay: ring,
      }),
      heatmap(maximumPattern.values, maximumPattern.size, {
        title: "Maximum pattern",
        axes: axes.pixels,
        box,
        display,
      }),
    ]),
    {
      title: "Bright field and patterns",
      description:
        `Bright-field image of ${brightField.size.join(" × ")} positions, summed over a disk of radius ${Number(disk.radius.toPrecision(3))} px ` +
        `that is drawn on the mean pattern; mean and maximum pattern of ${meanPattern.size.join(" × ")} pixels.`,
    },
  );
}
