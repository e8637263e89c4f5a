import type { Rank } from "../learn/results.ts";
import { plotWithAxes } from "./axes.ts";
import { figure, titled } from "./panel.ts";
import { element, pathThrough, text } from "./svg.ts";
import { fontSize, ink, textWidth } from "./typography.ts";

export interface ScreeOptions {
  /** Ratios of the whole data, largest first. */
  readonly explained: ArrayLike<number>;
  readonly rank?: Pick<Rank, "suggested"> | undefined;
  /** Ratio that noise alone would reach; drawn as a line. */
  readonly noiseEdge?: number | undefined;
  /** Ratios are of the variance (centred data), not of the sum of squares. */
  readonly centred?: boolean;
}

/** Explained ratio of each component on a logarithmic ordinate, with the suggested number of components marked. */
export function screePlot({ explained, rank, noiseEdge, centred = false }: ScreeOptions): string {
  const ratios = Array.from(explained);
  const positive = ratios.filter((ratio) => ratio > 0);
  const least = Math.min(...positive, noiseEdge ?? 1, 0.1);
  const domain = [10 ** Math.floor(Math.log10(least) + 1e-9), 1.8] as const;
  const suggested = rank?.suggested ?? 0;
  const plot = plotWithAxes(
    {
      width: 560,
      height: 300,
      x: { label: "component", domain: [0.4, Math.max(ratios.length, 2) + 0.6], whole: true },
      y: { label: centred ? "explained ratio of the variance" : "explained ratio of ‖X‖²", domain, log: true },
    },
    ({ x, y, width, height }) => {
      let body = "";
      if (suggested > 0 && suggested < ratios.length) {
        const at = x(suggested + 0.5);
        body += element("rect", { width: at, height, fill: ink.accent, "fill-opacity": "0.05" });
        body += element("path", { d: pathThrough([at, 0, at, height]), stroke: ink.accent, "stroke-dasharray": "4 3" });
        const label = `${suggested} suggested`;
        const fits = at + 8 + textWidth(label, fontSize.tick) < width;
        body += text(label, {
          x: at + (fits ? 7 : -7),
          y: fontSize.tick + 8,
          "text-anchor": fits ? "start" : "end",
          "font-size": fontSize.tick,
          "font-weight": 600,
          fill: ink.accent,
        });
      }
      if (noiseEdge !== undefined && noiseEdge > 0) {
        body += element("path", {
          d: pathThrough([0, y(noiseEdge), width, y(noiseEdge)]),
          stroke: ink.soft,
          "stroke-dasharray": "1.5 3",
        });
        body += text("noise edge", {
          x: width - 6,
          y: y(noiseEdge) - 5,
          "text-anchor": "end",
          "font-size": fontSize.tick,
          fill: ink.soft,
        });
      }
      const points = ratios.flatMap((ratio, i) => (ratio > 0 ? [x(i + 1), y(ratio)] : []));
      body += element("path", { d: pathThrough(points), fill: "none", stroke: ink.line, "stroke-width": 1.2 });
      for (const [i, ratio] of ratios.entries()) {
        if (!(ratio > 0)) continue;
        const kept = i < suggested;
        body += element("circle", {
          cx: x(i + 1),
          cy: y(ratio),
          r: 4,
          fill: kept ? ink.accent : "#fff",
          stroke: kept ? ink.accent : ink.soft,
          "stroke-width": 1.4,
        });
      }
      return body;
    },
  );
  const verdict = suggested > 0 ? `${suggested} components are suggested.` : "No number of components is suggested.";
  return figure(titled("Scree plot", plot), {
    title: "Scree plot",
    description: `Explained ratio of ${ratios.length} components on a logarithmic axis, first ${percent(ratios[0])}, last ${percent(ratios[ratios.length - 1])}. ${verdict}`,
  });
}

const percent = (ratio: number | undefined): string =>
  ratio === undefined ? "–" : `${Number((100 * ratio).toPrecision(3))} %`;
