import { legend, plotWithAxes } from "./axes.ts";
import { beside, figure, titled } from "./panel.ts";
import { element, pathThrough } from "./svg.ts";
import { categorical, ink } from "./typography.ts";

export interface ErrorOptions {
  /** Number of components → ‖X − loadingsᵀ·factors‖. */
  readonly errorByComponents: Readonly<Record<string, number>>;
  /** ‖X‖, to give errors as a share of the data. */
  readonly norm?: number | undefined;
  /** The number that was learned; marked. */
  readonly chosen?: number | undefined;
  /** Number of components → the least error that any decomposition of that rank can reach (from the SVD). */
  readonly bound?: Readonly<Record<string, number>> | undefined;
}

/** Reconstruction error of NMF against the number of components, beside the bound that the SVD sets. */
export function errorPlot({ errorByComponents, norm, chosen, bound = {} }: ErrorOptions): string {
  const unit = norm !== undefined && norm > 0 ? 100 / norm : 1;
  const curve = (errors: Readonly<Record<string, number>>): [number, number][] =>
    Object.entries(errors)
      .map(([components, error]): [number, number] => [Number(components), error * unit])
      .filter(([components, error]) => Number.isFinite(components) && Number.isFinite(error))
      .sort((a, b) => a[0] - b[0]);
  const learned = curve(errorByComponents);
  const least = curve(bound).filter(([components]) => learned.some(([other]) => other === components));
  const all = [...learned, ...least].map(([, error]) => error);
  const most = Math.max(...all, 0);
  const fewest = Math.min(...all, most);
  const spread = most - fewest || most || 1;
  const label = norm === undefined ? "error, Frobenius norm" : "error, % of ‖X‖";
  const plot = plotWithAxes(
    {
      width: 560,
      height: 260,
      x: {
        label: "components",
        domain: [0.5, Math.max(2, ...learned.map(([components]) => components)) + 0.5],
        whole: true,
      },
      y: { label, domain: [Math.max(0, fewest - spread * 0.15), most + spread * 0.1 || 1] },
    },
    ({ x, y }) => {
      let body = "";
      const points = learned.flatMap(([components, error]) => [x(components), y(error)]);
      body += element("path", { d: pathThrough(points), fill: "none", stroke: categorical[0], "stroke-width": 1.6 });
      // Above the curve: where both coincide, NMF is as good as can be, and both must be seen.
      if (least.length > 0) {
        const points = least.flatMap(([components, error]) => [x(components), y(error)]);
        body += element("path", {
          d: pathThrough(points),
          fill: "none",
          stroke: ink.soft,
          "stroke-dasharray": "4 3",
          "stroke-width": 1.4,
        });
      }
      for (const [components, error] of learned) {
        const mark = components === chosen;
        body += element("circle", {
          cx: x(components),
          cy: y(error),
          r: mark ? 5.5 : 4,
          fill: mark ? ink.accent : categorical[0],
        });
      }
      return body;
    },
  );
  const key = legend([
    { label: "NMF", colour: categorical[0], mark: "line" as const },
    ...(chosen === undefined ? [] : [{ label: `learned here: ${chosen}`, colour: ink.accent, mark: "dot" as const }]),
    ...(least.length === 0 ? [] : [{ label: "least possible (SVD)", colour: ink.soft, mark: "dashes" as const }]),
  ]);
  const at = learned.find(([components]) => components === chosen);
  return figure(titled("Error against the number of components", beside([plot, key], 10)), {
    title: "NMF error against the number of components",
    description: `Errors for ${learned.length} numbers of components${at === undefined ? "" : `; ${significantError(at[1], norm)} with the ${at[0]} learned here`}.`,
  });
}

const significantError = (error: number, norm: number | undefined): string =>
  `${Number(error.toPrecision(4))}${norm === undefined ? "" : " %"}`;
