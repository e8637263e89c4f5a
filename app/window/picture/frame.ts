import { createContext, type RefObject, useContext, useLayoutEffect, useState } from "react";
import type { Axis, Size } from "../../../src/index.ts";
import type { Point } from "../state/shapes.ts";

/** Where a picture lies on the screen: what its overlays need to turn the mouse into rows and columns. */
export interface Frame {
  readonly size: Size;
  /** CSS px per row and column. */
  readonly perRow: number;
  readonly perColumn: number;
  /** The row and column under a place of the screen; not rounded. */
  readonly at: (event: { readonly clientX: number; readonly clientY: number }) => Point;
}

export const FrameContext = createContext<Frame | undefined>(undefined);

export function useFrame(): Frame {
  const frame = useContext(FrameContext);
  if (!frame) throw new Error("an overlay was drawn outside a picture");
  return frame;
}

/** Width and height of an element's inside, followed. */
export function useInnerSize(element: RefObject<HTMLElement | null>): readonly [width: number, height: number] {
  const [size, setSize] = useState<readonly [number, number]>([0, 0]);
  useLayoutEffect(() => {
    const target = element.current;
    if (!target) return;
    const observer = new ResizeObserver(([entry]) => {
      const { width, height } = entry.contentRect;
      setSize((before) => (before[0] === width && before[1] === height ? before : [width, height]));
    });
    observer.observe(target);
    return () => observer.disconnect();
  }, [element]);
  return size;
}

/** Height over width of a picture, where the axes' steps compare. */
export function tallness(size: Size, axes: readonly [Axis, Axis]): number {
  const ratio = axes[0].unit === axes[1].unit ? Math.abs(axes[0].step / axes[1].step) : 1;
  return (size[0] / size[1]) * (Number.isFinite(ratio) && ratio > 0 ? ratio : 1);
}

/** The largest width and height within a box that have the picture's shape. */
export function fitted(
  size: Size,
  axes: readonly [Axis, Axis],
  [width, height]: readonly [number, number],
): readonly [number, number] {
  const tall = size[1] * tallness(size, axes);
  const scale = Math.min(width / size[1], height / tall);
  // A line scan would be a hairline: it is drawn at least a twelfth as high as wide.
  return [
    Math.floor(Math.max(size[1] * scale, Math.min(width, height) / 12)),
    Math.floor(Math.max(tall * scale, Math.min(width, height) / 12)),
  ];
}

/** The pixel that a place lies in, inside the picture. */
export const pixelAt = ([row, column]: Point, [rows, columns]: Size): Point => [
  Math.min(rows - 1, Math.max(0, Math.round(row))),
  Math.min(columns - 1, Math.max(0, Math.round(column))),
];
