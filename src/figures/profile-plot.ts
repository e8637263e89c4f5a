import { legend, plotWithAxes } from "./axes.ts";
import { beside, figure, titled } from "./panel.ts";
import { element, pathThrough } from "./svg.ts";
import { colourOf } from "./typography.ts";

export interface Curve {
  readonly label: string;
  readonly values: ArrayLike<number>;
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

/** Line profiles: values along a line, one curve each; gaps where there is no number. */
export function profilePlot({ title, curves, step, unit, ordinate }: ProfileOptions): string {
  const finite = curves.flatMap(({ values }) => Array.from(values).filter(Number.isFinite));
  const lower = Math.min(0, ...finite);
  const upper = Math.max(lower === 0 ? 0 : lower, ...finite) || 1;
  const longest = Math.max(2, ...curves.map(({ values }) => values.length));
  const plot = plotWithAxes(
    {
      width: 560,
      height: 260,
      x: { label: `distance, ${unit}`, domain: [0, (longest - 1) * step] },
      y: { label: ordinate, domain: [lower, lower + (upper - lower) * 1.06] },
    },
    ({ x, y }) =>
      curves
        .map(({ values }, i) =>
          element("path", {
            d: pieces(values)
              .map((piece) => pathThrough(piece.flatMap(([index, value]) => [x(index * step), y(value)])))
              .join(""),
            fill: "none",
            stroke: colourOf(i),
            "stroke-width": 1.8,
            "stroke-linejoin": "round",
          }),
        )
        .join(""),
  );
  const key = legend(curves.map(({ label }, i) => ({ label, colour: colourOf(i), mark: "line" })));
  return figure(titled(title, beside([plot, key], 10)), {
    title,
    description: `${curves.length === 1 ? "One line profile" : `${curves.length} line profiles`} over ${Number(((longest - 1) * step).toPrecision(4))} ${unit}: ${curves.map(({ label }) => label).join(", ")}.`,
  });
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
