import { useMemo } from "react";
import { contours, type Size } from "../../../src/index.ts";

/** Where a plane over the scan passes a half-integer: between two lines, patterns are moved by the same whole number of pixels. */
export function PlaneLines({ values, size }: { values: Float32Array; size: Size }) {
  const d = useMemo(() => {
    const least = values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
    const most = values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
    let path = "";
    // More lines than that would hide the picture.
    const step = Math.max(1, Math.ceil((most - least) / 12));
    for (let level = Math.ceil(least - 0.5) + 0.5; level < most; level += step) {
      for (const line of contours(values, size, level)) {
        for (let i = 0; i < line.length; i += 2) path += `${i === 0 ? "M" : "L"}${line[i]} ${line[i + 1]}`;
      }
    }
    return path;
  }, [values, size]);
  return <path className="plane-lines" d={d} />;
}
