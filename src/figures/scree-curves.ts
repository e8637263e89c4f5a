import { legend, plotWithAxes } from "./axes.ts";
import { beside, type Panel } from "./panel.ts";
import { element, pathThrough } from "./svg.ts";
import { colourOf } from "./typography.ts";

export interface ScreeCurve {
  readonly label: string;
  /** Ratios of the whole data, largest first. */
  readonly explained: ArrayLike<number>;
  /** After how many components the regime changes; 0 where it does not. */
  readonly change?: number | undefined;
}

/** Several scree plots in one, logarithmic; points up to the change of regime are filled. */
export function screeCurves(curves: readonly ScreeCurve[], size: readonly [number, number] = [400, 260]): Panel {
  const all = curves.flatMap(({ explained }) => Array.from(explained).filter((ratio) => ratio > 0));
  const least = 10 ** Math.floor(Math.log10(Math.min(...all, 0.1)) + 1e-9);
  const longest = Math.max(2, ...curves.map(({ explained }) => explained.length));
  const plot = plotWithAxes(
    {
      width: size[0],
      height: size[1],
      x: { label: "component", domain: [0.4, longest + 0.6], whole: true },
      y: { label: "explained ratio of ‖X‖²", domain: [least, 1.8], log: true },
    },
    ({ x, y }) =>
      curves
        .map(({ explained, change = 0 }, i) => {
          const points = Array.from(explained).flatMap((ratio, k) => (ratio > 0 ? [x(k + 1), y(ratio)] : []));
          let body = element("path", {
            d: pathThrough(points),
            fill: "none",
            stroke: colourOf(i),
            "stroke-width": 1.2,
          });
          for (let k = 0; 2 * k < points.length; k++) {
            const kept = k < change;
            body += element("circle", {
              cx: points[2 * k],
              cy: points[2 * k + 1],
              r: kept ? 4 : 3,
              fill: kept ? colourOf(i) : "#fff",
              stroke: colourOf(i),
              "stroke-width": 1.3,
            });
          }
          return body;
        })
        .join(""),
  );
  return beside(
    [plot, legend(curves.map(({ label }, i) => ({ label, colour: colourOf(i), mark: "line" as const })))],
    8,
  );
}
