import type { KeyboardEvent, PointerEvent } from "react";
import { colourOfShape, grownBy, movedBy, nameOfShape, type Shape } from "../state/shapes.ts";
import { drag } from "./drag.ts";
import { useFrame } from "./frame.ts";
import { ShapeHandles } from "./shape-handles.tsx";
import { shapePath } from "./shape-path.ts";

interface ShapesLayerProps {
  readonly shapes: readonly Shape[];
  readonly selected: number | undefined;
  readonly onSelect: (id: number | undefined) => void;
  /** All shapes, while one of them is dragged, resized, or removed. */
  readonly onChange: (shapes: readonly Shape[]) => void;
}

/** Apertures or regions over a picture: each can be dragged, resized by its handles, and moved or removed by keys. */
export function ShapesLayer({ shapes, selected, onSelect, onChange }: ShapesLayerProps) {
  const frame = useFrame();
  const replace = (shape: Shape): void => onChange(shapes.map((each) => (each.id === shape.id ? shape : each)));

  const press = (shape: Shape, event: PointerEvent): void => {
    if (event.button !== 0) return;
    event.stopPropagation();
    onSelect(shape.id);
    const from = frame.at(event);
    drag(
      event,
      (to) => {
        const at = frame.at(to);
        const [rows, columns] = [at[0] - from[0], at[1] - from[1]];
        replace(
          shape.kind === "rectangle"
            ? movedBy(shape, Math.round(rows), Math.round(columns))
            : movedBy(shape, rows, columns),
        );
      },
      (cancelled) => cancelled && replace(shape),
    );
  };

  const onKeyDown = (shape: Shape, event: KeyboardEvent): void => {
    const step = event.shiftKey ? 5 : 1;
    const moves: Readonly<Record<string, () => void>> = {
      ArrowUp: () => replace(movedBy(shape, -step, 0)),
      ArrowDown: () => replace(movedBy(shape, step, 0)),
      ArrowLeft: () => replace(movedBy(shape, 0, -step)),
      ArrowRight: () => replace(movedBy(shape, 0, step)),
      "+": () => replace(grownBy(shape, 1)),
      "-": () => replace(grownBy(shape, -1)),
      Delete: () => onChange(shapes.filter((each) => each.id !== shape.id)),
      Backspace: () => onChange(shapes.filter((each) => each.id !== shape.id)),
      Escape: () => onSelect(undefined),
    };
    const move = moves[event.key];
    if (!move) return;
    event.preventDefault();
    event.stopPropagation();
    move();
  };

  return shapes.map((shape) => (
    <g
      key={shape.id}
      className="shape"
      data-selected={shape.id === selected || undefined}
      style={{ color: colourOfShape(shape.id) }}
    >
      <path className="rim" d={shapePath(shape)} />
      {/* biome-ignore lint/a11y/useSemanticElements: SVG has no button */}
      <path
        className="line"
        d={shapePath(shape)}
        fillRule="evenodd"
        role="button"
        tabIndex={0}
        aria-label={`${nameOfShape(shape)}: arrow keys move it, + and − resize it, Delete removes it`}
        onFocus={() => onSelect(shape.id)}
        onPointerDown={(event) => press(shape, event)}
        onKeyDown={(event) => onKeyDown(shape, event)}
      />
      {shape.id === selected && <ShapeHandles shape={shape} onChange={replace} />}
    </g>
  ));
}
