import type { Point } from "../state/shapes.ts";
import { useFrame } from "./frame.ts";

/** A cross at a pixel: lines over the whole picture, with a gap so that the pixel itself is seen. */
export function Cross({ at: [row, column] }: { at: Point }) {
  const { size, perRow, perColumn } = useFrame();
  const [down, across] = [Math.max(0.5, 7 / perRow), Math.max(0.5, 7 / perColumn)];
  const d =
    `M-0.5 ${row}H${column - across}M${column + across} ${row}H${size[1] - 0.5}` +
    `M${column} -0.5V${row - down}M${column} ${row + down}V${size[0] - 0.5}`;
  return (
    <g className="cross">
      <path d={d} className="rim" />
      <path d={d} className="line" />
    </g>
  );
}
