import type { PointerEvent } from "react";
import type { Point, Shape } from "../state/shapes.ts";
import { drag } from "./drag.ts";
import { useFrame } from "./frame.ts";

interface Handle {
  readonly name: string;
  readonly at: Point;
  /** The shape with this handle at another place. */
  readonly moved: (to: Point) => Shape;
}

/** The small squares that resize a selected shape. */
export function ShapeHandles({ shape, onChange }: { shape: Shape; onChange: (shape: Shape) => void }) {
  const frame = useFrame();
  const [w, h] = [4.5 / frame.perColumn, 4.5 / frame.perRow];
  const press = (handle: Handle, event: PointerEvent): void => {
    event.stopPropagation();
    const before = shape;
    drag(
      event,
      (to) => onChange(handle.moved(frame.at(to))),
      (cancelled) => cancelled && onChange(before),
    );
  };
  return handlesOf(shape).map((handle) => (
    <rect
      key={handle.name}
      className="shape-handle"
      data-handle={handle.name}
      x={handle.at[1] - w}
      y={handle.at[0] - h}
      width={2 * w}
      height={2 * h}
      onPointerDown={(event) => press(handle, event)}
    />
  ));
}

function handlesOf(shape: Shape): Handle[] {
  switch (shape.kind) {
    case "disk":
      return [
        {
          name: "radius",
          at: [shape.centre[0], shape.centre[1] + shape.radius],
          moved: (to) => ({ ...shape, radius: Math.max(0.5, distance(shape.centre, to)) }),
        },
      ];
    case "annulus":
      return [
        {
          name: "outer",
          at: [shape.centre[0], shape.centre[1] + shape.outer],
          moved: (to) => ({ ...shape, outer: Math.max(shape.inner + 1, distance(shape.centre, to)) }),
        },
        {
          name: "inner",
          at: [shape.centre[0] - shape.inner, shape.centre[1]],
          moved: (to) => ({ ...shape, inner: Math.min(shape.outer - 1, Math.max(0, distance(shape.centre, to))) }),
        },
      ];
    case "polygon":
      return shape.vertices.map((at, i) => ({
        name: `vertex ${i + 1}`,
        at,
        moved: (to) => ({ ...shape, vertices: shape.vertices.map((vertex, j) => (j === i ? to : vertex)) }),
      }));
    case "rectangle": {
      const { from, to } = shape;
      const whole = (point: Point): Point => [Math.round(point[0]), Math.round(point[1])];
      return [
        { name: "from", at: from, moved: (place) => ({ ...shape, from: whole(place) }) },
        { name: "to", at: to, moved: (place) => ({ ...shape, to: whole(place) }) },
      ];
    }
    default:
      return shape satisfies never;
  }
}

const distance = (a: Point, b: Point): number => Math.hypot(a[0] - b[0], a[1] - b[1]);
