import { scaleLinear, scaleLog } from "d3-scale";
import type { Panel } from "./panel.ts";
import { element, moved, pathThrough, px, text } from "./svg.ts";
import { fontSize, ink, significant, superscript, textWidth } from "./typography.ts";

export interface AxisOptions {
  readonly label: string;
  readonly domain: readonly [number, number];
  readonly log?: boolean;
  /** Ticks at whole numbers only: counts of components. */
  readonly whole?: boolean;
}

/** Where data come to lie: px of the plot area, origin top left. */
export interface Plot {
  readonly width: number;
  readonly height: number;
  x(value: number): number;
  y(value: number): number;
}

interface Tick {
  readonly value: number;
  readonly label: string;
}

/**
 * Axes around a plot area: hairlines behind the data, ticks outside, labels with units. `draw` gets the scales and returns what
 * is drawn inside; it is clipped to the area.
 */
export function plotWithAxes(
  {
    x,
    y,
    width,
    height,
  }: { readonly x: AxisOptions; readonly y: AxisOptions; readonly width: number; readonly height: number },
  draw: (plot: Plot) => string,
): Panel {
  const toX = scaleOf(x, [0, width]);
  const toY = scaleOf(y, [height, 0]);
  const xTicks = ticksOf(x, Math.max(2, Math.floor(width / 62)));
  const yTicks = ticksOf(y, Math.max(2, Math.floor(height / 42)));
  const left = 24 + Math.max(...yTicks.map((tick) => textWidth(tick.label, fontSize.tick)), 12) + 8;
  const below = 44;

  let body = "";
  for (const { value } of xTicks) body += hairline([toX(value), 0, toX(value), height]);
  for (const { value } of yTicks) body += hairline([0, toY(value), width, toY(value)]);
  body += element("svg", { width, height, overflow: "hidden" }, draw({ width, height, x: toX, y: toY }));
  body += element("rect", { width, height, fill: "none", stroke: ink.line, "stroke-width": 1 });
  for (const { value, label } of xTicks) {
    body += element("path", { d: pathThrough([toX(value), height, toX(value), height + 4]), stroke: ink.line });
    body += text(label, {
      x: toX(value),
      y: height + 6 + fontSize.tick,
      "text-anchor": "middle",
      "font-size": fontSize.tick,
    });
  }
  for (const { value, label } of yTicks) {
    body += element("path", { d: pathThrough([-4, toY(value), 0, toY(value)]), stroke: ink.line });
    body += text(label, {
      x: -8,
      y: toY(value) + fontSize.tick * 0.36,
      "text-anchor": "end",
      "font-size": fontSize.tick,
    });
  }
  body += text(x.label, { x: width / 2, y: height + below - 5, "text-anchor": "middle", "font-size": fontSize.label });
  body += element(
    "g",
    { transform: `translate(${px(-left + fontSize.label)},${px(height / 2)}) rotate(-90)` },
    text(y.label, { "text-anchor": "middle", "font-size": fontSize.label }),
  );
  // The uppermost label stands half a line above the area, the last of the x axis may stand out to the right.
  return { width: left + width + 12, height: height + below + 8, body: moved(left, 8, body) };
}

const hairline = (points: readonly number[]): string =>
  element("path", { d: pathThrough(points), stroke: ink.grid, "stroke-width": 1 });

function scaleOf({ domain, log = false }: AxisOptions, range: [number, number]): (value: number) => number {
  const scale = log ? scaleLog(domain, range).clamp(true) : scaleLinear(domain, range);
  return (value) => scale(value);
}

function ticksOf({ domain, log = false, whole = false }: AxisOptions, most: number): Tick[] {
  if (log) return logTicks(domain, most);
  const values = scaleLinear(domain as [number, number], [0, 1]).ticks(most);
  const kept = whole ? values.filter(Number.isInteger) : values;
  return kept.map((value) => ({ value, label: significant(value, 6) }));
}

/** Powers of ten; with 2 and 5 between where the axis spans less than two decades. */
function logTicks([lower, upper]: readonly [number, number], most: number): Tick[] {
  const first = Math.ceil(Math.log10(lower) - 1e-9);
  const last = Math.floor(Math.log10(upper) + 1e-9);
  const every = Math.max(1, Math.ceil((last - first + 1) / most));
  const ticks: Tick[] = [];
  for (let power = first - 1; power <= last; power++) {
    for (const leading of last - first < 2 ? [1, 2, 5] : [1]) {
      const value = leading * 10 ** power;
      if (value < lower * (1 - 1e-9) || value > upper * (1 + 1e-9) || (leading === 1 && (power - first) % every !== 0))
        continue;
      const plain = power >= -2 && power <= 3;
      const label = plain
        ? significant(value, 3)
        : leading === 1
          ? `10${superscript(power)}`
          : `${leading}·10${superscript(power)}`;
      ticks.push({ value, label });
    }
  }
  return ticks;
}

export interface LegendEntry {
  readonly label: string;
  readonly colour: string;
  readonly mark: "dot" | "line" | "dashes";
}

/** A legend, one entry a line. */
export function legend(entries: readonly LegendEntry[]): Panel {
  const line = fontSize.tick + 7;
  const body = entries.map(({ label, colour, mark }, i) => {
    const y = i * line + line / 2;
    const sign =
      mark === "dot"
        ? element("circle", { cx: 9, cy: y, r: 4, fill: colour })
        : element("path", {
            d: pathThrough([0, y, 18, y]),
            stroke: colour,
            "stroke-width": 2,
            "stroke-dasharray": mark === "dashes" ? "4 3" : undefined,
          });
    return sign + text(label, { x: 24, y: y + fontSize.tick * 0.36, "font-size": fontSize.tick });
  });
  const width = 24 + Math.max(0, ...entries.map(({ label }) => textWidth(label, fontSize.tick)));
  return { width, height: entries.length * line, body: body.join("") };
}
