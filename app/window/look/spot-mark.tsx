import { useFrame } from "../picture/frame.ts";
import type { Point } from "../state/shapes.ts";

/** The direct beam, and the reflection that was clicked, joined by a line. */
export function SpotMark({ beam, spot }: { beam: Point; spot: Point | undefined }) {
  const { perRow, perColumn } = useFrame();
  const [w, h] = [8 / perColumn, 8 / perRow];
  const ring = ([row, column]: Point): string =>
    `M${column - w} ${row}a${w} ${h} 0 1 0 ${2 * w} 0a${w} ${h} 0 1 0 ${-2 * w} 0`;
  const d = ring(beam) + (spot ? `${ring(spot)}M${beam[1]} ${beam[0]}L${spot[1]} ${spot[0]}` : "");
  return (
    <g className="spot-mark">
      <path d={d} className="rim" />
      <path d={d} className="line" />
    </g>
  );
}
