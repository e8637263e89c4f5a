import type { KeyboardEvent, PointerEvent } from "react";
import { drag } from "../picture/drag.ts";
import { useFrame } from "../picture/frame.ts";
import type { Point } from "../state/shapes.ts";

type Line = readonly [Point, Point];

interface LineLayerProps {
  readonly line: Line;
  /** Of the band that is averaged, px. */
  readonly width: number;
  readonly onChange: (line: Line) => void;
}

/** A line with two ends to pull on; anywhere else in the picture a drag draws a new one. */
export function LineLayer({ line, width, onChange }: LineLayerProps) {
  const frame = useFrame();
  const { size, perRow, perColumn } = frame;
  const inside = ([row, column]: Point): Point => [
    Math.min(size[0] - 1, Math.max(0, row)),
    Math.min(size[1] - 1, Math.max(0, column)),
  ];
  const [[r1, c1], [r2, c2]] = line;
  const length = Math.hypot(r2 - r1, c2 - c1) || 1;
  const [across, down] = [((r2 - r1) / length) * (width / 2), (-(c2 - c1) / length) * (width / 2)];
  const band = `M${c1 + across} ${r1 + down}L${c2 + across} ${r2 + down}L${c2 - across} ${r2 - down}L${c1 - across} ${r1 - down}Z`;
  const path = `M${c1} ${r1}L${c2} ${r2}`;

  const pressEnd = (end: 0 | 1, event: PointerEvent): void => {
    event.stopPropagation();
    drag(
      event,
      (place) => {
        const to = inside(frame.at(place));
        onChange(end === 0 ? [to, line[1]] : [line[0], to]);
      },
      (cancelled) => cancelled && onChange(line),
    );
  };
  const pressGround = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const from = inside(frame.at(event));
    drag(
      event,
      (place) => onChange([from, inside(frame.at(place))]),
      (cancelled) => cancelled && onChange(line),
    );
  };
  const onKeyDown = (end: 0 | 1, event: KeyboardEvent): void => {
    const moves: Readonly<Record<string, Point>> = {
      ArrowUp: [-1, 0],
      ArrowDown: [1, 0],
      ArrowLeft: [0, -1],
      ArrowRight: [0, 1],
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    const to = inside([line[end][0] + move[0], line[end][1] + move[1]]);
    onChange(end === 0 ? [to, line[1]] : [line[0], to]);
  };

  return (
    <g className="profile-line">
      <rect className="drawing-ground" x={-0.5} y={-0.5} width={size[1]} height={size[0]} onPointerDown={pressGround} />
      <path className="band" d={band} />
      <path className="rim" d={path} />
      <path className="line" d={path} />
      {([0, 1] as const).map((end) => (
        <ellipse
          key={end}
          className="line-end"
          cx={line[end][1]}
          cy={line[end][0]}
          rx={6 / perColumn}
          ry={6 / perRow}
          role="slider"
          tabIndex={0}
          aria-label={end === 0 ? "Start of the line" : "End of the line"}
          aria-valuenow={Math.round(line[end][0] * size[1] + line[end][1])}
          aria-valuetext={`row ${line[end][0].toFixed(0)}, column ${line[end][1].toFixed(0)}`}
          onPointerDown={(event) => pressEnd(end, event)}
          onKeyDown={(event) => onKeyDown(end, event)}
        />
      ))}
    </g>
  );
}
