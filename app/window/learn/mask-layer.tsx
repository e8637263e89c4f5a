import { type PointerEvent, useMemo } from "react";
import type { Size } from "../../../src/index.ts";
import { drag } from "../picture/drag.ts";
import { useFrame } from "../picture/frame.ts";
import type { Point } from "../state/shapes.ts";
import { boxed, brushed } from "./brushed.ts";

export type MaskTool = "brush" | "eraser" | "rectangle";

interface MaskLayerProps {
  readonly mask: Uint8Array | undefined;
  readonly tool: MaskTool;
  /** px. */
  readonly radius: number;
  readonly cursor: Point | undefined;
  readonly onPaint: (mask: Uint8Array) => void;
  readonly onCancel: (before: Uint8Array | undefined) => void;
}

/** What is left out, over a picture, and the brush. */
export function MaskLayer({ mask, tool, radius, cursor, onPaint, onCancel }: MaskLayerProps) {
  const frame = useFrame();
  const { size } = frame;
  const d = useMemo(() => (mask ? leftOut(mask, size) : ""), [mask, size]);
  const press = (event: PointerEvent): void => {
    if (event.button !== 0) return;
    const first = frame.at(event);
    let painted = mask;
    let last = first;
    const paint = (to: Point): void => {
      painted =
        tool === "rectangle"
          ? boxed(mask, size, first, to)
          : brushed(painted, size, last, to, radius, tool === "eraser" ? 1 : 0);
      last = to;
      onPaint(painted);
    };
    paint(first);
    drag(
      event,
      (place) => paint(frame.at(place)),
      (cancelled) => cancelled && onCancel(mask),
    );
  };
  return (
    <g className="mask">
      {d && <path className="left-out" d={d} />}
      {/* biome-ignore lint/a11y/noStaticElementInteractions: the picture around it takes the keys; a painted click is no pick */}
      <rect
        className="drawing-ground"
        x={-0.5}
        y={-0.5}
        width={size[1]}
        height={size[0]}
        onPointerDown={press}
        onClick={(event) => event.stopPropagation()}
      />
      {cursor && tool !== "rectangle" && <circle className="brush" cx={cursor[1]} cy={cursor[0]} r={radius} />}
    </g>
  );
}

/** The pixels that are left out, as rectangles one row high. */
function leftOut(mask: Uint8Array, [rows, columns]: Size): string {
  let d = "";
  for (let row = 0; row < rows; row++) {
    let start = -1;
    for (let column = 0; column <= columns; column++) {
      const out = column < columns && mask[row * columns + column] === 0;
      if (out && start < 0) start = column;
      if (!out && start >= 0) {
        d += `M${start - 0.5} ${row - 0.5}h${column - start}v1h${start - column}Z`;
        start = -1;
      }
    }
  }
  return d;
}
