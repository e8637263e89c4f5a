import { type LegendEntry, legend, plotWithAxes } from "./axes.ts";
import { below, beside, figure, type Panel, titled } from "./panel.ts";
import { element, moved, pathThrough, px } from "./svg.ts";
import { colourOf } from "./typography.ts";

export interface Curve {
  readonly label: string;
  readonly values: ArrayLike<number>;
  /** Default: the next of the categorical colours. */
  readonly colour?: string;
  /** Default "line". */
  readonly mark?: LegendEntry["mark"];
}

export interface ProfileOptions {
  readonly title: string;
  readonly curves: readonly Curve[];
  /** Distance between neighbouring values, in `unit`. */
  readonly step: number;
  readonly unit: string;
  /** What the values are, with their unit. */
  readonly ordinate: string;
}

export interface ProfilePanelOptions extends Omit<ProfileOptions, "title"> {
  /** Plot area, px; default 560 × 260. */
  readonly size?: readonly [width: number, height: number];
  /** Default: all values, and 0. */
  readonly limits?: readonly [lower: number, upper: number];
  /** What is measured along; default "distance". */
  readonly abscissa?: string;
  /** Where the key stands: beside the plot (default), below it, or nowhere. */
  readonly key?: "beside" | "below" | "none";
}

/** Line profiles: values along a line, one curve each; gaps where there is no number. */
export function profilePlot({ title, ...options }: ProfileOptions): string {
  const { curves, step, unit } = options;
  return figure(titled(title, profilePanel(options)), {
    title,
    description: `${curves.length === 1 ? "One line profile" : `${curves.length} line profiles`} over ${Number(((longestOf(curves) - 1) * step).toPrecision(4))} ${unit}: ${curves.map(({ label }) => label).join(", ")}.`,
  });
}

/** The same as a panel, to be set beside others. */
export function profilePanel(options: ProfilePanelOptions): Panel {
  const { curves, step, unit, ordinate, size = [560, 260], limits, abscissa = "distance", key = "beside" } = options;
  const finite = curves.flatMap(({ values }) => Array.from(values).filter(Number.isFinite));
  const lower = Math.min(0, ...finite);
  const upper = Math.max(lower === 0 ? 0 : lower, ...finite) || 1;
  const colour = (curve: Curve, i: number): string => curve.colour ?? colourOf(i);
  const plot = plotWithAxes(
    {
      width: size[0],
      height: size[1],
      x: { label: `${abscissa}, ${unit}`, domain: [0, (longestOf(curves) - 1) * step] },
      y: { label: ordinate, domain: limits ?? [lower, lower + (upper - lower) * 1.06] },
    },
    ({ x, y }) =>
      curves
        .map((curve, i) => {
          const runs = pieces(curve.values).map((run) => run.flatMap(([index, value]) => [x(index * step), y(value)]));
          if (curve.mark === "dot") {
            return element("path", {
              d: runs.map(dots).join(""),
              stroke: colour(curve, i),
              "stroke-width": 4.5,
              "stroke-linecap": "round",
            });
          }
          return element("path", {
            d: runs.map((run) => pathThrough(run)).join(""),
            fill: "none",
            stroke: colour(curve, i),
            "stroke-width": 1.8,
            "stroke-linejoin": "round",
            "stroke-dasharray": curve.mark === "dashes" ? "4 3" : undefined,
          });
        })
        .join(""),
  );
  if (key === "none") return plot;
  const entries = curves.map((curve, i) => ({
    label: curve.label,
    colour: colour(curve, i),
    mark: curve.mark ?? ("line" as const),
  }));
  return key === "beside" ? beside([plot, legend(entries)], 10) : below([plot, indented(legend(entries), 40)], 4);
}

const longestOf = (curves: readonly Curve[]): number => Math.max(2, ...curves.map(({ values }) => values.length));

const indented = (panel: Panel, by: number): Panel => ({
  ...panel,
  width: panel.width + by,
  body: moved(by, 0, panel.body),
});

/** A line of no length with round ends is a dot; one path for all of them. */
function dots(points: readonly number[]): string {
  let d = "";
  for (let i = 0; i < points.length; i += 2) d += `M${px(points[i]!)},${px(points[i + 1]!)}h0`;
  return d;
}

/** Runs of consecutive finite values, with their indices. */
function pieces(values: ArrayLike<number>): [number, number][][] {
  const runs: [number, number][][] = [];
  let run: [number, number][] = [];
  for (let i = 0; i < values.length; i++) {
    if (Number.isFinite(values[i])) run.push([i, values[i]!]);
    else if (run.length > 0) {
      runs.push(run);
      run = [];
    }
  }
  return run.length > 0 ? [...runs, run] : runs;
}
