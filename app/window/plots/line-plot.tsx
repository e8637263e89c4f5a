import { useLayoutEffect, useRef } from "react";
import "uplot/dist/uPlot.min.css";
import uPlot from "uplot";
import { significant, superscript } from "../../../src/index.ts";
import { useInnerSize } from "../picture/frame.ts";
import { cssColour, textSize, useTheme } from "./theme.ts";

export interface Line {
  readonly label: string;
  readonly colour: string;
  readonly values: ArrayLike<number>;
  readonly dashed?: boolean;
  readonly points?: boolean;
}

interface LinePlotProps {
  readonly x: ArrayLike<number>;
  readonly lines: readonly Line[];
  readonly xLabel: string;
  readonly yLabel: string;
  readonly logarithmic?: boolean;
  /** A line upright at this x, with a word. */
  readonly mark?: { readonly x: number; readonly label: string } | undefined;
  readonly whole?: boolean;
  readonly range?: readonly [number, number];
  /** The index of the value under the mouse; undefined when it leaves. */
  readonly onCursor?: (index: number | undefined) => void;
  /** What a screen reader says. */
  readonly label: string;
}

/** Curves over one abscissa, as wide and high as their box. */
export function LinePlot(props: LinePlotProps) {
  const { x, lines, xLabel, yLabel, logarithmic, mark, whole, range, onCursor, label } = props;
  const box = useRef<HTMLDivElement>(null);
  const [width, height] = useInnerSize(box);
  const theme = useTheme();
  const told = useRef(onCursor);
  told.current = onCursor;
  useLayoutEffect(() => {
    const target = box.current;
    if (!target || width < 40 || height < 40) return;
    void theme;
    const size = textSize();
    const font = `${0.85 * size}px Inter, system-ui, sans-serif`;
    const axis = (text: string, room: number): uPlot.Axis => ({
      label: text,
      labelSize: 1.5 * size,
      labelFont: font,
      font,
      size: room,
      gap: 3,
      stroke: cssColour("--soft"),
      grid: { stroke: cssColour("--grid"), width: 1, ...(text === yLabel && logarithmic && { filter: onlyPowers }) },
      ticks: { stroke: cssColour("--grid"), width: 1, size: 4 },
    });
    const plot = new uPlot(
      {
        width,
        height,
        padding: [size, size, 0, 0],
        cursor: { y: false, points: { size: 6 }, drag: { x: false, y: false } },
        legend: { show: false },
        scales: {
          x: { time: false },
          y: logarithmic ? { distr: 3 } : range ? { range: [range[0], range[1]] } : {},
        },
        axes: [
          {
            ...axis(xLabel, 2 * size),
            ...(whole && { incrs: [1, 2, 5, 10, 20, 50], space: 2 * size }),
          },
          {
            ...axis(yLabel, 3.6 * size),
            values: (_, ticks) =>
              ticks.map((tick) => (tick === null ? "" : logarithmic ? power(tick) : significant(tick, 4))),
          },
        ],
        series: [
          { label: xLabel, value: (_, value) => (value === null ? "–" : significant(value, 4)) },
          ...lines.map(
            (line): uPlot.Series => ({
              label: line.label,
              stroke: line.colour,
              width: 1.8,
              ...(line.dashed && { dash: [5, 4] }),
              points: { show: line.points ?? false, size: 6, fill: line.colour },
              value: (_, value) => (value === null ? "–" : significant(value, 3)),
            }),
          ),
        ],
        hooks: {
          draw: mark ? [(drawn) => drawMark(drawn, mark, font)] : [],
          setCursor: [({ cursor }) => told.current?.(cursor.idx ?? undefined)],
        },
      },
      [
        Array.from(x),
        ...lines.map(({ values }) => Array.from(values, (value) => (Number.isFinite(value) ? value : null))),
      ],
      target,
    );
    return () => plot.destroy();
  }, [x, lines, xLabel, yLabel, logarithmic, mark, whole, range, width, height, theme]);
  return <div className="line-plot" ref={box} role="img" aria-label={label} />;
}

function drawMark(plot: uPlot, { x, label }: { readonly x: number; readonly label: string }, font: string): void {
  const { ctx, bbox } = plot;
  const at = plot.valToPos(x, "x", true);
  ctx.save();
  ctx.strokeStyle = cssColour("--accent");
  ctx.fillStyle = cssColour("--accent");
  ctx.setLineDash([4, 3]);
  ctx.beginPath();
  ctx.moveTo(at, bbox.top);
  ctx.lineTo(at, bbox.top + bbox.height);
  ctx.stroke();
  ctx.font = font.replace(/^[\d.]+px/, (px) => `600 ${Number.parseFloat(px) * devicePixelRatio}px`);
  ctx.textBaseline = "top";
  ctx.fillText(label, at + 6 * devicePixelRatio, bbox.top + 4 * devicePixelRatio);
  ctx.restore();
}

/** Lines at powers of ten only. */
const onlyPowers = (_: uPlot, splits: number[]): (number | null)[] =>
  splits.map((value) => (power(value) === "" ? null : value));

/** Powers of ten as such; nothing at the ticks between them. */
function power(value: number): string {
  const exponent = Math.log10(value);
  return Math.abs(exponent - Math.round(exponent)) < 1e-6 ? `10${superscript(Math.round(exponent))}` : "";
}
