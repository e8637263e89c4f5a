import type { Axis } from "../scan/source.ts";
import { element, px, text } from "./svg.ts";
import { fontSize, printedUnit, textWidth } from "./typography.ts";

/** A bar of round length: so many units, so many pixels of the drawing, with its label. */
export interface ScaleBar {
  readonly length: number;
  readonly width: number;
  readonly label: string;
}

/**
 * The scale bar for a drawing `width` px wide that shows `count` steps of an axis: the largest 1-2-5 length not over 30 % of the width.
 * Without calibration (unit "px", or a step that is no number) it counts pixels, whole ones.
 */
export function scaleBar(axis: Axis, count: number, width: number): ScaleBar {
  const calibrated = Number.isFinite(axis.step) && axis.step !== 0;
  const step = calibrated ? Math.abs(axis.step) : 1;
  const unit = calibrated ? axis.unit : "px";
  const longest = 0.3 * count * step;
  const power = 10 ** Math.floor(Math.log10(longest) + 1e-9);
  const leading = longest / power;
  let length = Number((power * (leading >= 5 - 1e-9 ? 5 : leading >= 2 - 1e-9 ? 2 : 1)).toPrecision(3));
  if (unit === "px" && length < 1) length = 1;
  const [shown, shownUnit] = unit === "nm" && length >= 1000 ? [length / 1000, "µm"] : [length, printedUnit(unit)];
  return { length, width: (length / step / count) * width, label: `${shown} ${shownUnit}`.trim() };
}

/**
 * The bar with its label, lower left corner at (x, y). Light on dark or dark on light with a thin rim of the other, so that it
 * can be read on any picture.
 */
export function drawnScaleBar(bar: ScaleBar, x: number, y: number, light: boolean): string {
  const [fill, rim] = light ? ["#ffffff", "#000000"] : ["#000000", "#ffffff"];
  const labelWidth = textWidth(bar.label, fontSize.tick);
  const middle = x + Math.max(bar.width, labelWidth) / 2;
  return (
    element("rect", {
      x: middle - bar.width / 2 - 0.75,
      y: y - 4.75,
      width: bar.width + 1.5,
      height: 5.5,
      fill: rim,
      "fill-opacity": 0.7,
    }) +
    element("rect", { x: middle - bar.width / 2, y: y - 4, width: bar.width, height: 4, fill }) +
    text(bar.label, {
      x: middle,
      y: y - 9,
      "text-anchor": "middle",
      "font-size": fontSize.tick,
      "font-weight": 600,
      fill,
      stroke: rim,
      "stroke-width": px(2.8),
      "stroke-opacity": "0.7",
      "stroke-linejoin": "round",
      "paint-order": "stroke",
    })
  );
}

/** Room that the drawn bar takes from its lower left corner. */
export const scaleBarExtent = (bar: ScaleBar): readonly [width: number, height: number] => [
  Math.max(bar.width, textWidth(bar.label, fontSize.tick)),
  9 + fontSize.tick,
];
