import { scaleLinear } from "d3-scale";
import { type PointerEvent, useLayoutEffect, useMemo, useRef, useState } from "react";
import { significant } from "../../../src/index.ts";
import { drag } from "../picture/drag.ts";
import { useInnerSize } from "../picture/frame.ts";
import { useCurveColour } from "../plots/curve-colours.ts";
import { textSize, useTheme } from "../plots/theme.ts";
import { membershipContours } from "./membership-contours.ts";

interface ScatterProps {
  readonly x: Float32Array;
  readonly y: Float32Array;
  readonly names: readonly [string, string];
  readonly labels: Uint8Array;
  readonly centres: readonly (readonly number[])[];
  readonly fuzzifier: number;
  readonly brushed: Uint8Array | undefined;
  /** 1 where a point was brushed; undefined when all are let go. */
  readonly onBrush: (points: Uint8Array | undefined) => void;
}

type Place = readonly [x: number, y: number];

/** Points coloured by cluster, contours of memberships, and a brush: a loop drawn around points. */
export function Scatter({ x, y, names, labels, centres, fuzzifier, brushed, onBrush }: ScatterProps) {
  const box = useRef<HTMLDivElement>(null);
  const canvas = useRef<HTMLCanvasElement>(null);
  const [width, height] = useInnerSize(box);
  const [loop, setLoop] = useState<readonly Place[]>([]);
  const em = textSize();
  const [left, bottom] = [4.4 * em, 2.8 * em];
  const [w, h] = [Math.max(10, width - left - em), Math.max(10, height - bottom - 0.6 * em)];

  const horizontal = useMemo(() => scaleLinear().domain(padded(x)).range([0, w]), [x, w]);
  const vertical = useMemo(() => scaleLinear().domain(padded(y)).range([h, 0]), [y, h]);
  const lines = useMemo(
    () => membershipContours(centres, fuzzifier, horizontal, vertical, [h, w]),
    [centres, fuzzifier, horizontal, vertical, h, w],
  );

  const theme = useTheme();
  const curveColour = useCurveColour();
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours change with the theme
  useLayoutEffect(() => {
    const context = canvas.current?.getContext("2d");
    if (!canvas.current || !context) return;
    const colours = Array.from({ length: 8 }, (_, c) => curveColour(c));
    const ratio = devicePixelRatio;
    canvas.current.width = w * ratio;
    canvas.current.height = h * ratio;
    context.scale(ratio, ratio);
    const radius = (textSize() / 13) * (x.length > 20_000 ? 1 : x.length > 3000 ? 1.6 : 2.2);
    for (const pass of [0, 1] as const) {
      for (let i = 0; i < x.length; i++) {
        const marked = brushed === undefined ? 1 : brushed[i];
        if (marked !== pass) continue;
        context.globalAlpha = brushed === undefined ? 0.55 : pass === 1 ? 0.9 : 0.12;
        context.fillStyle = colours[labels[i] % colours.length];
        context.beginPath();
        context.arc(horizontal(x[i]), vertical(y[i]), radius, 0, 2 * Math.PI);
        context.fill();
      }
    }
  }, [x, y, labels, brushed, horizontal, vertical, w, h, theme]);

  const press = (event: PointerEvent<SVGRectElement>): void => {
    const there = event.currentTarget.getBoundingClientRect();
    const at = ({ clientX, clientY }: { clientX: number; clientY: number }): Place => [
      clientX - there.left,
      clientY - there.top,
    ];
    let drawn: Place[] = [at(event)];
    drag(
      event,
      (place) => {
        drawn = [...drawn, at(place)];
        setLoop(drawn);
        if (drawn.length >= 3) onBrush(inside(drawn, x, y, horizontal, vertical));
      },
      (cancelled) => {
        setLoop([]);
        if (cancelled || drawn.length < 3) onBrush(undefined);
      },
    );
  };

  const ticksAcross = horizontal.ticks(Math.min(10, Math.max(2, w / 90)));
  const ticksUp = vertical.ticks(Math.min(10, Math.max(2, h / 60)));
  return (
    <div className="scatter" ref={box}>
      <canvas ref={canvas} style={{ left, top: 0.6 * em, width: w, height: h }} />
      <svg
        width={width}
        height={height}
        role="img"
        aria-label={`${names[0]} against ${names[1]}, ${x.length} positions`}
      >
        <g transform={`translate(${left} ${0.6 * em})`}>
          {ticksAcross.map((tick) => (
            <g key={tick} className="tick" transform={`translate(${horizontal(tick)} ${h})`}>
              <path d={`M0 0v${-h}`} className="grid" />
              <text y={1.2 * em} textAnchor="middle">
                {shortened(tick)}
              </text>
            </g>
          ))}
          {ticksUp.map((tick) => (
            <g key={tick} className="tick" transform={`translate(0 ${vertical(tick)})`}>
              <path d={`M0 0h${w}`} className="grid" />
              <text x={-6} dy="0.35em" textAnchor="end">
                {shortened(tick)}
              </text>
            </g>
          ))}
          <text className="axis-name" x={w / 2} y={h + 2.4 * em} textAnchor="middle">
            {names[0]}
          </text>
          <text className="axis-name" transform={`translate(${-3.5 * em} ${h / 2}) rotate(-90)`} textAnchor="middle">
            {names[1]}
          </text>
          {lines.map(({ d, cluster, level }) => (
            <path
              key={`${cluster} ${level}`}
              className="contour"
              d={d}
              stroke={curveColour(cluster)}
              strokeWidth={level}
            />
          ))}
          {centres.map(([cx, cy], c) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: a cluster is known by its number only
            <g key={c} className="centre" transform={`translate(${horizontal(cx)} ${vertical(cy)})`}>
              <path className="rim" d="M-6 0h12M0-6v12" />
              <path className="line" d="M-6 0h12M0-6v12" />
            </g>
          ))}
          {loop.length > 1 && <polygon className="loop" points={loop.map((place) => place.join(",")).join(" ")} />}
          <rect className="drawing-ground" width={w} height={h} onPointerDown={press} />
        </g>
      </svg>
    </div>
  );
}

function padded(values: Float32Array): [number, number] {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  if (!(most >= least)) return [0, 1];
  const margin = 0.05 * (most - least) || 1;
  return [least - margin, most + margin];
}

const shortened = (value: number): string =>
  Math.abs(value) >= 1e4 ? `${significant(value / 1e3, 3)}k` : significant(value, 3);

type Scale = (value: number) => number;

/** Points inside a closed loop, by the even-odd rule. */
function inside(loop: readonly Place[], x: Float32Array, y: Float32Array, across: Scale, up: Scale): Uint8Array {
  const marks = new Uint8Array(x.length);
  for (let i = 0; i < x.length; i++) {
    const [px, py] = [across(x[i]), up(y[i])];
    let within = false;
    let [lastX, lastY] = loop[loop.length - 1];
    for (const [atX, atY] of loop) {
      if (atY > py !== lastY > py && px < atX + ((py - atY) / (lastY - atY)) * (lastX - atX)) within = !within;
      [lastX, lastY] = [atX, atY];
    }
    if (within) marks[i] = 1;
  }
  return marks;
}
