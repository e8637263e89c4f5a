import { type Axis, scaleBar } from "../../../src/index.ts";

/** A length of the picture, in its lower left corner. */
export function ScaleBar({ axis, count, width }: { axis: Axis; count: number; width: number }) {
  const bar = scaleBar(axis, count, width);
  if (!(bar.width > 0) || bar.width > width) return null;
  return (
    <div className="scale-bar" aria-hidden="true">
      <span>{bar.label}</span>
      <i style={{ width: bar.width }} />
    </div>
  );
}
