import type { Alignment } from "../prepare/alignment.ts";
import type { Axes } from "../scan/source.ts";
import { heatmap } from "./heatmap.ts";
import { below, beside, figure, type Panel, titled } from "./panel.ts";
import { element, px } from "./svg.ts";
import { significant } from "./typography.ts";

export interface ShiftMapsOptions {
  readonly alignment: Pick<Alignment, "measured" | "fitted" | "plane" | "repaired">;
  readonly axes: Axes;
}

/** Where the direct beam was measured, the plane fitted through it, and what is left, for rows and columns; repaired positions are ringed. */
export function shiftMaps({ alignment, axes }: ShiftMapsOptions): string {
  const { measured, fitted, plane, repaired } = alignment;
  const size = measured.size;
  const length = size[0] * size[1];
  const box = [230, 230] as const;
  const marks = ringed(repaired, size[1]);
  const rows = (["row", "column"] as const).map((direction, d): Panel => {
    const there = measured.values.subarray(d * length, (d + 1) * length);
    const on = fitted.values.subarray(d * length, (d + 1) * length);
    const residual = there.map((value, i) => value - on[i]!);
    const kept = [...there.filter((value, i) => repaired[i] === 0 && Number.isFinite(value)), ...on].filter(
      Number.isFinite,
    );
    const range = kept.length === 0 ? undefined : ([least(kept), most(kept)] as const);
    // Outliers are what the plane is there to repair: contrast is for the positions kept.
    const left = residual.filter((value, i) => repaired[i] === 0 && Number.isFinite(value));
    const limit = Math.max(0, most([...left].map(Math.abs))) || 0.5;
    return titled(
      `Direct beam, ${direction} (px)`,
      beside([
        heatmap(there, size, { title: "Measured", axes: axes.positions, box, range, map: "viridis", overlay: marks }),
        heatmap(on, size, { title: "Plane fit", axes: axes.positions, box, range, map: "viridis" }),
        heatmap(residual, size, {
          title: `Residual, rms ${significant(plane[d]!.rms, 2)} px`,
          axes: axes.positions,
          box,
          range: [-limit, limit],
          signed: true,
          overlay: marks,
        }),
      ]),
    );
  });
  const count = repaired.reduce((sum, mark) => sum + mark, 0);
  return figure(below(rows, 30), {
    title: "Position of the direct beam over the scan",
    description:
      `Measured row and column of the direct beam, the plane fitted to each, and the residual; rms ${plane.map((fit) => significant(fit.rms, 2)).join(" and ")} px. ` +
      `${count} of ${length} positions were outliers and took the plane's place.`,
  });
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);

/** A square ring around each repaired position, all in one path. */
const ringed =
  (repaired: Uint8Array, columns: number) =>
  (perColumn: number, perRow: number): string => {
    let d = "";
    for (let i = 0; i < repaired.length; i++) {
      if (repaired[i] === 0) continue;
      const x = (i % columns) * perColumn;
      const y = Math.floor(i / columns) * perRow;
      d += `M${px(x)},${px(y)}h${px(perColumn)}v${px(perRow)}h${px(-perColumn)}Z`;
    }
    // Thin where positions are small, or rings would hide what they mark.
    const thickness = Math.min(1.3, Math.max(0.5, 0.3 * Math.min(perColumn, perRow)));
    return d === "" ? "" : element("path", { d, fill: "none", stroke: "#ff3b30", "stroke-width": thickness });
  };
