import { useState } from "react";
import { type Axis, grouped, type Size } from "../../../src/index.ts";
import { Panel } from "../controls/panel.tsx";
import { Tools } from "../controls/tools.tsx";
import { Picture } from "../picture/picture.tsx";
import type { Point } from "../state/shapes.ts";
import type { DisplaySettings } from "../state/window-state.ts";
import { brushed } from "./brushed.ts";
import { MaskLayer, type MaskTool } from "./mask-layer.tsx";

interface MaskPanelProps {
  readonly title: string;
  readonly about: string;
  readonly values: Float32Array;
  readonly size: Size;
  readonly axes: readonly [Axis, Axis];
  readonly settings: DisplaySettings;
  readonly mask: Uint8Array | undefined;
  readonly onChange: (mask: Uint8Array | undefined) => void;
  readonly unit: string;
  readonly of: number;
}

/** A picture on which a mask is painted. */
export function MaskPanel(props: MaskPanelProps) {
  const { title, about, values, size, axes, settings, mask, onChange, unit, of } = props;
  const [tool, setTool] = useState<MaskTool>("brush");
  const [radius, setRadius] = useState(() => Math.max(1, Math.round(Math.min(...size) / 24)));
  const [cursor, setCursor] = useState<Point>();
  const left = mask ? mask.reduce((count, used) => count + (used === 0 ? 1 : 0), 0) : 0;
  const take = (next: Uint8Array): void => onChange(next.every((used) => used === 1) ? undefined : next);
  return (
    <Panel
      title={title}
      note={left === 0 ? "nothing left out" : `${grouped(left)} of ${grouped(of)} ${unit} left out`}
      tools={
        <>
          <label className="brush-size">
            <span className="unseen">Brush size</span>
            <input
              type="range"
              min={0.5}
              max={Math.max(4, Math.min(...size) / 6)}
              step={0.5}
              value={radius}
              title={`Brush: ${radius} px`}
              onChange={(event) => setRadius(event.target.valueAsNumber)}
            />
          </label>
          <Tools
            label={`${title} tools`}
            value={tool}
            onChange={setTool}
            options={[
              { value: "brush", icon: "brush", name: "Brush: leave out" },
              { value: "eraser", icon: "eraser", name: "Eraser: use again" },
              { value: "rectangle", icon: "rectangle", name: "Rectangle: leave out" },
            ]}
          />
          <button type="button" className="text-button" disabled={!mask} onClick={() => onChange(undefined)}>
            Clear
          </button>
        </>
      }
    >
      <Picture
        values={values}
        size={size}
        axes={axes}
        settings={settings}
        label={`${title}. ${about} Arrow keys move the brush, Enter paints.`}
        cursor={cursor}
        onPoint={setCursor}
        onPick={(pixel) => take(brushed(mask, size, pixel, pixel, radius, tool === "eraser" ? 1 : 0))}
        pointer={tool === "rectangle" ? "crosshair" : "none"}
      >
        <MaskLayer mask={mask} tool={tool} radius={radius} cursor={cursor} onPaint={take} onCancel={onChange} />
      </Picture>
      <p className="hint">{about}</p>
    </Panel>
  );
}
