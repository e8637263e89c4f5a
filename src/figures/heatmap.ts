import type { Size } from "../scan/scan.ts";
import type { Axis } from "../scan/source.ts";
import { colourBar, colourBarWidth } from "./colour-bar.ts";
import { type ColourMap, colourTable } from "./colour-maps.ts";
import { type Display, type DisplayOptions, type DisplayScale, displayScale } from "./display-scale.ts";
import type { Panel } from "./panel.ts";
import { embedded, rasterPng } from "./raster.ts";
import { drawnScaleBar, scaleBar, scaleBarExtent } from "./scale-bar.ts";
import { element, moved, px, text } from "./svg.ts";
import { fontSize, ink } from "./typography.ts";

export interface HeatmapOptions extends DisplayOptions {
  readonly title: string;
  /** Second line under the title, in grey. */
  readonly note?: string | undefined;
  /** Calibration of rows and columns. */
  readonly axes: readonly [Axis, Axis];
  /** Default: diverging if signed, else magma. */
  readonly map?: ColourMap | undefined;
  /** The box, px, that the picture is fitted into. Default 240 × 240. */
  readonly box?: readonly [width: number, height: number] | undefined;
  /** Drawn over the picture; positions are given in columns and rows, in px of the drawing per column and row. */
  readonly overlay?: (perColumn: number, perRow: number) => string;
}

/** Brightness for patterns: weak spots beside the direct beam need lifting. */
export const patternDisplay: Display = { kind: "gamma", gamma: 0.4 };

/** Distance of the scale bar from the picture's edges. */
const inset = 9;

/** Space between a picture's top and the baseline grid of its title. */
const titleHeight = (note: string | undefined): number => 22 + (note === undefined ? 0 : fontSize.tick + 4);

/**
 * One image or pattern: title, picture with scale bar, colour bar.
 *
 * Every value is one rectangle, without smoothing; rectangles have the shape that the axes' steps give them. A picture more than
 * twelve times as long as wide is drawn wider than its shape, or a line scan would be a hairline.
 */
export function heatmap(values: Float32Array, size: Size, options: HeatmapOptions): Panel {
  const { axes, signed = false, box = [240, 240] } = options;
  const map = options.map ?? (signed ? "diverging" : "magma");
  const scale = displayScale(values, options);
  const [width, height] = drawnSize(size, axes, box);

  let picture = "";
  if (values.some(Number.isNaN)) picture += hatching(width, height);
  picture += embedded(rasterPng(values, size, scale, map), size, width, height);
  if (options.overlay !== undefined) {
    // A nested viewport clips without the ids that would clash in a page of many figures.
    picture += element(
      "svg",
      { width, height, overflow: "hidden" },
      options.overlay(width / size[1], height / size[0]),
    );
  }
  picture += element("rect", { width, height, fill: "none", stroke: ink.text, "stroke-width": 0.8 });

  const scaleBarAcross = scaleBar(axes[1], size[1], width);
  const [across, up] = scaleBarExtent(scaleBarAcross);
  // A line scan or a flat map has no room inside: the bar would cover half of it, so it stands on the paper below.
  const inside = across + 2 * inset <= width && 2 * (up + inset) <= height;
  picture += inside
    ? drawnScaleBar(
        scaleBarAcross,
        inset,
        height - inset,
        darkCorner(values, size, scale, map, (across + inset) / width, (up + inset) / height),
      )
    : drawnScaleBar(scaleBarAcross, 0, height + up + 8, false);

  const top = titleHeight(options.note);
  let body = text(options.title, { x: 0, y: fontSize.label, "font-size": fontSize.label, "font-weight": 600 });
  if (options.note !== undefined) {
    body += text(options.note, {
      x: 0,
      y: fontSize.label + fontSize.tick + 4,
      "font-size": fontSize.tick,
      fill: ink.soft,
    });
  }
  const barHeight = Math.max(height, 60);
  const bar = colourBar(scale, map, barHeight, options.display?.kind === "log" && !signed);
  body += moved(0, top, picture) + moved(width + 9, top, bar.body);
  return { width: width + 9 + bar.width, height: top + Math.max(barHeight, inside ? 0 : height + up + 8) + 6, body };
}

/** Width that a heatmap takes beside its picture: room for the colour bar. */
export const besidePicture = 9 + colourBarWidth;

/** The largest size in the box with cells in the proportion of the axes' steps. */
export function drawnSize(
  size: Size,
  axes: readonly [Axis, Axis],
  box: readonly [number, number],
): readonly [width: number, height: number] {
  const comparable = axes[0].unit === axes[1].unit && axes[0].step !== 0 && axes[1].step !== 0;
  const ratio = comparable ? Math.abs(axes[0].step / axes[1].step) : 1;
  const tall = size[0] * (Number.isFinite(ratio) ? ratio : 1);
  const scale = Math.min(box[0] / size[1], box[1] / tall);
  return [Math.max(size[1] * scale, box[0] / 12), Math.max(tall * scale, box[1] / 12)];
}

/** Whether the lower left corner of the picture, so large a share of its width and height, is rather dark. */
function darkCorner(
  values: Float32Array,
  size: Size,
  scale: DisplayScale,
  map: ColourMap,
  widthShare: number,
  heightShare: number,
): boolean {
  const table = colourTable(map);
  let luminance = 0;
  let seen = 0;
  for (let row = Math.floor(size[0] * (1 - heightShare)); row < size[0]; row++) {
    for (let column = 0; column < Math.ceil(size[1] * widthShare); column++) {
      const unit = scale.toUnit(values[row * size[1] + column]!);
      const entry = Math.round((Number.isNaN(unit) ? 1 : unit) * 255) * 3;
      luminance += 0.2126 * table[entry]! + 0.7152 * table[entry + 1]! + 0.0722 * table[entry + 2]!;
      seen++;
    }
  }
  return luminance / seen < 140;
}

/** Behind a picture with holes: diagonal lines where there is no number. */
function hatching(width: number, height: number): string {
  let d = "";
  for (let offset = -height; offset < width; offset += 6)
    d += `M${px(offset)},${px(height)}l${px(height)},${px(-height)}`;
  return element(
    "svg",
    { width, height, overflow: "hidden" },
    element("rect", { width, height, fill: "#f3f1ec" }),
    element("path", { d, stroke: "#b9b4a8", "stroke-width": 1 }),
  );
}
