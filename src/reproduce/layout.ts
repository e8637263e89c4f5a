import { heatmap, patternDisplay } from "../figures/heatmap.ts";
import { below, beside, figure, type Panel } from "../figures/panel.ts";
import { type Curve, profilePanel } from "../figures/profile-plot.ts";
import { element, text } from "../figures/svg.ts";
import { fontSize, ink } from "../figures/typography.ts";
import { type Images, item, type Patterns } from "../scan/scan.ts";
import type { Axes } from "../scan/source.ts";

/** Colours of the two crystals, the background and the truth in all profiles. */
export const colours = { first: "#0072b2", second: "#d55e00", background: "#009e73", truth: "#4d4d4d" } as const;

export interface PatternLook {
  readonly axes: Axes;
  readonly titles: readonly string[];
  readonly box?: readonly [number, number];
  readonly signed?: boolean;
  readonly note?: (index: number) => string;
  /** Brightest at this percentile of the pixels, default 100. */
  readonly brightest?: number;
  /** Drawn over each pattern. */
  readonly overlay?: (perColumn: number, perRow: number) => string;
}

/** Patterns side by side. */
export const patternRow = (
  stack: Patterns,
  { axes, titles, box = [168, 168], signed = false, note, overlay, brightest = 100 }: PatternLook,
): Panel =>
  beside(
    titles.map((title, i) =>
      heatmap(item(stack, i), stack.size, {
        ...(brightest < 100 && { percentiles: [0, brightest] as const }),
        title,
        axes: axes.pixels,
        box,
        signed,
        note: note?.(i),
        display: signed ? { kind: "gamma", gamma: 0.5 } : patternDisplay,
        map: signed ? "diverging" : "magma",
        ...(overlay && { overlay }),
      }),
    ),
    14,
  );

export interface MapLook extends PatternLook {
  readonly range?: readonly [number, number];
}

/** Maps side by side. */
export const mapRow = (
  stack: Images,
  { axes, titles, box = [168, 168], signed = false, range, note, overlay }: MapLook,
): Panel =>
  beside(
    titles.map((title, i) => {
      const image = item(stack, i);
      const crosses = signed && image.some((value) => value < 0) && image.some((value) => value > 0);
      return heatmap(image, stack.size, {
        title,
        axes: axes.positions,
        box,
        signed: crosses,
        range,
        note: note?.(i),
        map: crosses ? "diverging" : "viridis",
        ...(overlay && { overlay }),
      });
    }),
    14,
  );

/** Two patterns and, right of them, their profiles along a line scan over the true ones (dashed). */
export function patternsAndProfiles(
  stack: Patterns,
  profiles: Images,
  truth: Images | undefined,
  look: PatternLook & { readonly ordinate: string },
): Panel {
  const names = ["first crystal", "second crystal"];
  const curve = (k: number): Curve => ({
    label: names[k]!,
    values: item(profiles, k),
    colour: k === 0 ? colours.first : colours.second,
  });
  const dashed = (k: number): Curve[] =>
    truth === undefined
      ? []
      : [{ label: `${names[k]}, true`, values: item(truth, k), colour: colours.truth, mark: "dashes" }];
  const curves = [...dashed(0), ...dashed(1), curve(0), curve(1)];
  return beside(
    [
      patternRow(stack, look),
      profilePanel({
        curves,
        step: 1,
        unit: "positions",
        ordinate: look.ordinate,
        size: [260, 150],
        limits: [0, 1.08],
        key: "none",
      }),
    ],
    18,
  );
}

/** A line of small print. */
export const small = (content: string, width = 300): Panel => ({
  width,
  height: fontSize.tick + 4,
  body: text(content, { x: 0, y: fontSize.tick, "font-size": fontSize.tick, fill: ink.soft }),
});

/** Two crystals in projection with an inclined boundary, the beam from above. */
export function bicrystalSchematic(mixed: number, width = 220, height = 110): Panel {
  const from = width * (0.5 - mixed / 2);
  const to = width * (0.5 + mixed / 2);
  const polygon = (points: string, fill: string): string =>
    element("polygon", { points, fill, "fill-opacity": "0.25", stroke: fill, "stroke-width": 1.4 });
  const beam = [0.12, 0.5, 0.88]
    .map((at) =>
      element("path", { d: `M${width * at},2v22m-4,-7l4,8l4,-8`, fill: "none", stroke: ink.soft, "stroke-width": 1.4 }),
    )
    .join("");
  const label = (content: string, x: number, y: number): string =>
    text(content, { x, y, "text-anchor": "middle", "font-size": fontSize.tick, fill: ink.text });
  const top = 30;
  const body =
    beam +
    polygon(`0,${top} ${to},${top} ${from},${height} 0,${height}`, colours.first) +
    polygon(`${to},${top} ${width},${top} ${width},${height} ${from},${height}`, colours.second) +
    label("first", width * 0.14, (top + height) / 2 + 4) +
    label("second", width * 0.87, (top + height) / 2 + 4) +
    label("beam", width * 0.5 + 26, 14);
  return { width, height: height + 4, body };
}

/** A whole figure from panels below each other. */
export const wholeFigure = (panels: readonly Panel[], title: string, description: string): string =>
  figure(below(panels, 22), { title, description });
