import { type Axis, printedUnit, significant } from "../../../src/index.ts";
import { Icon } from "../controls/icon.tsx";
import { NumberField } from "../controls/number-field.tsx";
import { Section } from "../controls/section.tsx";
import { colourOfShape, nameOfShape, type Shape } from "../state/shapes.ts";

interface ShapeSectionProps {
  readonly title: string;
  readonly shapes: readonly Shape[];
  readonly axes: readonly [Axis, Axis];
  readonly selected: number | undefined;
  readonly onSelect: (id: number | undefined) => void;
  readonly onChange: (shapes: readonly Shape[]) => void;
  readonly empty: string;
}

/** Apertures or regions in a list; the selected one in numbers. */
export function ShapeSection({ title, shapes, axes, selected, onSelect, onChange, empty }: ShapeSectionProps) {
  const replace = (shape: Shape): void => onChange(shapes.map((each) => (each.id === shape.id ? shape : each)));
  return (
    <Section
      title={title}
      aside={
        shapes.length > 0 && (
          <button type="button" className="text-button" onClick={() => onChange([])}>
            Clear
          </button>
        )
      }
    >
      {shapes.length === 0 && <p className="hint">{empty}</p>}
      <ul className="shape-list">
        {shapes.map((shape) => (
          <li key={shape.id} data-selected={shape.id === selected || undefined}>
            <button type="button" className="shape-name" onClick={() => onSelect(shape.id)}>
              <i style={{ background: colourOfShape(shape.id) }} />
              {nameOfShape(shape)}
              <span>{extentOf(shape, axes)}</span>
            </button>
            <button
              type="button"
              className="icon-button"
              aria-label={`Remove ${nameOfShape(shape)}`}
              onClick={() => onChange(shapes.filter((each) => each.id !== shape.id))}
            >
              <Icon name="clear" />
            </button>
            {shape.id === selected && <ShapeNumbers shape={shape} onChange={replace} />}
          </li>
        ))}
      </ul>
    </Section>
  );
}

function ShapeNumbers({ shape, onChange }: { shape: Shape; onChange: (shape: Shape) => void }) {
  if (shape.kind === "polygon" || shape.kind === "rectangle") return null;
  const { centre } = shape;
  return (
    <div className="shape-numbers">
      <NumberField label="Row" value={centre[0]} onChange={(row) => onChange({ ...shape, centre: [row, centre[1]] })} />
      <NumberField
        label="Column"
        value={centre[1]}
        onChange={(column) => onChange({ ...shape, centre: [centre[0], column] })}
      />
      {shape.kind === "disk" ? (
        <NumberField
          label="Radius"
          unit="px"
          least={0.5}
          value={shape.radius}
          onChange={(radius) => onChange({ ...shape, radius })}
        />
      ) : (
        <>
          <NumberField
            label="Inner"
            unit="px"
            least={0}
            value={shape.inner}
            onChange={(inner) => inner < shape.outer && onChange({ ...shape, inner })}
          />
          <NumberField
            label="Outer"
            unit="px"
            least={1}
            value={shape.outer}
            onChange={(outer) => outer > shape.inner && onChange({ ...shape, outer })}
          />
        </>
      )}
    </div>
  );
}

/** How large a shape is, in the axes' unit. */
function extentOf(shape: Shape, [rows, columns]: readonly [Axis, Axis]): string {
  const unit = rows.unit === columns.unit ? printedUnit(rows.unit) : "px";
  const step = unit === "px" ? 1 : Math.abs(rows.step);
  const long = (pixels: number): string => significant(pixels * step, 3);
  switch (shape.kind) {
    case "disk":
      return `r ${long(shape.radius)} ${unit}`;
    case "annulus":
      return `${long(shape.inner)}–${long(shape.outer)} ${unit}`;
    case "polygon":
      return `${shape.vertices.length} corners`;
    case "rectangle": {
      const height = Math.abs(shape.to[0] - shape.from[0]) + 1;
      const width = Math.abs(shape.to[1] - shape.from[1]) + 1;
      return `${long(height)} × ${long(width)} ${unit}`;
    }
    default:
      return shape satisfies never;
  }
}
