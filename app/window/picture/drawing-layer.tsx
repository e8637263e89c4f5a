import { type PointerEvent, useEffect, useState } from "react";
import type { Outline, Point, ShapeKind } from "../state/shapes.ts";
import { drag } from "./drag.ts";
import { useFrame } from "./frame.ts";
import { shapePath } from "./shape-path.ts";

interface DrawingLayerProps {
  readonly kind: ShapeKind;
  /** Drawn to its end. */
  readonly onDrawn: (shape: Outline) => void;
  /** Escape before the end. */
  readonly onCancel: () => void;
  readonly colour: string;
}

/** Takes the mouse while a new shape is drawn: drag for disks, rings and rectangles, click for click for polygons. */
export function DrawingLayer({ kind, onDrawn, onCancel, colour }: DrawingLayerProps) {
  const frame = useFrame();
  const [draft, setDraft] = useState<Outline>();
  const [vertices, setVertices] = useState<readonly Point[]>([]);
  const [rows, columns] = frame.size;

  useEffect(() => {
    const onKey = (event: KeyboardEvent): void => {
      if (event.key === "Escape") {
        setVertices([]);
        setDraft(undefined);
        onCancel();
      } else if (event.key === "Enter" && vertices.length >= 3) {
        event.preventDefault();
        onDrawn({ kind: "polygon", vertices });
        setVertices([]);
      }
    };
    addEventListener("keydown", onKey);
    return () => removeEventListener("keydown", onKey);
  }, [vertices, onDrawn, onCancel]);

  const onPress = (event: PointerEvent): void => {
    event.stopPropagation();
    const from = frame.at(event);
    if (kind === "polygon") {
      const [first] = vertices;
      const closes =
        first &&
        vertices.length >= 3 &&
        Math.hypot((from[0] - first[0]) * frame.perRow, (from[1] - first[1]) * frame.perColumn) < 9;
      if (closes || (event.detail === 2 && vertices.length >= 3)) {
        onDrawn({ kind, vertices });
        setVertices([]);
        setDraft(undefined);
      } else setVertices([...vertices, from]);
      return;
    }
    let shape = shapeBetween(kind, from, from, Math.min(rows, columns));
    setDraft(shape);
    drag(
      event,
      (place) => {
        shape = shapeBetween(kind, from, frame.at(place), Math.min(rows, columns));
        setDraft(shape);
      },
      (cancelled) => {
        setDraft(undefined);
        if (cancelled) onCancel();
        else onDrawn(shape);
      },
    );
  };

  const onMove = (event: PointerEvent): void => {
    if (kind === "polygon" && vertices.length > 0) setDraft({ kind, vertices: [...vertices, frame.at(event)] });
  };

  return (
    <g className="drawing" style={{ color: colour }}>
      <rect
        className="drawing-ground"
        x={-0.5}
        y={-0.5}
        width={columns}
        height={rows}
        onPointerDown={onPress}
        onPointerMove={onMove}
      />
      {draft && (
        <>
          <path className="rim" d={shapePath(draft)} />
          <path className="line" d={shapePath(draft)} fillRule="evenodd" />
        </>
      )}
    </g>
  );
}

/** What a drag from one place to another draws; a mere click draws a shape of a useful size. */
function shapeBetween(kind: Exclude<ShapeKind, "polygon">, from: Point, to: Point, extent: number): Outline {
  const pulled = Math.hypot(to[0] - from[0], to[1] - from[1]);
  const radius = pulled < 0.75 ? Math.max(1.5, extent / 24) : pulled;
  switch (kind) {
    case "disk":
      return { kind, centre: from, radius };
    case "annulus":
      return { kind, centre: from, inner: 0.6 * Math.max(2, radius), outer: Math.max(2, radius) };
    case "rectangle": {
      const whole = ([row, column]: Point): Point => [Math.round(row), Math.round(column)];
      return { kind, from: whole(from), to: whole(to) };
    }
    default:
      return kind satisfies never;
  }
}
