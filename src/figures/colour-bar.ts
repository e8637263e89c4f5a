import { type ColourMap, colourTable } from "./colour-maps.ts";
import type { DisplayScale } from "./display-scale.ts";
import type { Panel } from "./panel.ts";
import { dataUri, palettePng } from "./png.ts";
import { element, pathThrough, text } from "./svg.ts";
import { fontSize, ink, significant, superscript, textWidth } from "./typography.ts";

const barWidth = 11;

/** Room that a colour bar with its labels takes: the same in all panels, so that panels line up. */
export const colourBarWidth = 54;

/**
 * A vertical colour bar with round ticks and the power of ten that large or small ticks have in common.
 * A pointed end says that values beyond it are drawn in the end's colour.
 */
export function colourBar(scale: DisplayScale, map: ColourMap, height: number, log = false): Panel {
  const table = colourTable(map);
  const ramp = Uint8Array.from({ length: 256 }, (_, row) => 255 - row);
  const uri = dataUri(palettePng(ramp, [256, 1], table));
  const tip = 6;
  let body = element("image", { width: barWidth, height, preserveAspectRatio: "none", href: uri });
  const colourAt = (i: number): string => `rgb(${table[i * 3]},${table[i * 3 + 1]},${table[i * 3 + 2]})`;
  const outline: number[] = [0, height];
  if (scale.clippedBelow) {
    body += element("path", {
      d: pathThrough([0, height, barWidth / 2, height + tip, barWidth, height], true),
      fill: colourAt(0),
    });
    outline.push(barWidth / 2, height + tip);
  }
  outline.push(barWidth, height, barWidth, 0);
  if (scale.clippedAbove) {
    body += element("path", { d: pathThrough([0, 0, barWidth / 2, -tip, barWidth, 0], true), fill: colourAt(255) });
    outline.push(barWidth / 2, -tip);
  }
  outline.push(0, 0);
  body += element("path", { d: pathThrough(outline, true), fill: "none", stroke: ink.text, "stroke-width": 0.7 });

  const ticks = scale.ticks(Math.min(0.5, (fontSize.tick + 5) / height));
  const power = log ? 0 : commonPower(ticks);
  const decimals = evenDecimals(ticks.map((tick) => tick / 10 ** power));
  for (const tick of ticks) {
    const y = (1 - scale.toUnit(tick)) * height;
    const label = log
      ? powerOfTen(tick)
      : decimals === undefined
        ? significant(tick / 10 ** power, 4)
        : fixed(tick / 10 ** power, decimals);
    body +=
      element("path", { d: pathThrough([barWidth, y, barWidth + 3.5, y]), stroke: ink.text, "stroke-width": 0.7 }) +
      text(label, { x: barWidth + 6, y: y + fontSize.tick * 0.36, "font-size": fontSize.tick });
  }
  if (power !== 0) {
    const label = `×10${superscript(power)}`;
    body += text(label, {
      x: colourBarWidth - 4,
      y: -8,
      "text-anchor": "end",
      "font-size": fontSize.tick,
      fill: ink.soft,
    });
  }
  return { width: Math.max(colourBarWidth, barWidth + 6 + textWidth("0.00", fontSize.tick)), height, body };
}

/** The power of ten to divide ticks by so that labels stay short: 0 for everyday numbers. */
function commonPower(ticks: readonly number[]): number {
  const largest = Math.max(...ticks.map(Math.abs), 0);
  if (largest === 0) return 0;
  const power = Math.floor(Math.log10(largest) + 1e-9);
  return power >= 4 || power <= -3 ? power : 0;
}

function powerOfTen(value: number): string {
  const power = Math.floor(Math.log10(value) + 1e-9);
  const leading = Math.round(value / 10 ** power);
  if (power >= -2 && power <= 3) return significant(value, 2);
  return leading === 1 ? `10${superscript(power)}` : `${leading}·10${superscript(power)}`;
}

/** Decimals that evenly spaced ticks share (0.5, 1.0, 1.5); undefined where ticks are not evenly spaced or need many. */
function evenDecimals(ticks: readonly number[]): number | undefined {
  const step = ticks[1]! - ticks[0]!;
  if (ticks.length < 3 || ticks.some((tick, i) => i > 0 && Math.abs(tick - ticks[i - 1]! - step) > step * 1e-6))
    return undefined;
  const decimals = Math.max(...ticks.map((tick) => (String(Number(tick.toPrecision(6))).split(".")[1] ?? "").length));
  return decimals <= 4 ? decimals : undefined;
}

const fixed = (value: number, decimals: number): string => (value + 0).toFixed(decimals).replace("-", "−");
