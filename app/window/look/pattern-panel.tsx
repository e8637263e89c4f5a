import { useCallback, useState } from "react";
import { item } from "../../../src/index.ts";
import type { Look } from "../../session/session.ts";
import { Panel } from "../controls/panel.tsx";
import { Tools } from "../controls/tools.tsx";
import { DrawingLayer } from "../picture/drawing-layer.tsx";
import { Picture } from "../picture/picture.tsx";
import { ShapesLayer } from "../picture/shapes-layer.tsx";
import { useApp, useWindow } from "../state/app.ts";
import { colourOfShape, freeId, nameOfShape, type Outline, type Point } from "../state/shapes.ts";
import type { PatternTool } from "./look-view.tsx";
import { nearestSpot, type Spot } from "./nearest-spot.ts";
import { patternReadOut } from "./read-out.ts";
import { SpotMark } from "./spot-mark.tsx";
import { type Thumb, Thumbs } from "./thumbs.tsx";

type Shown = number | "cursor" | "mean" | "maximum";

interface PatternPanelProps {
  readonly look: Look;
  readonly shown: Shown;
  readonly onShow: (pattern: Shown) => void;
  readonly selected: number | undefined;
  readonly onSelect: (aperture: number | undefined) => void;
  readonly tool: PatternTool;
  readonly onTool: (tool: PatternTool) => void;
  readonly onAperture: (aperture: number) => void;
  readonly reflection: Spot | undefined;
  readonly onReflection: (spot: Spot | undefined) => void;
}

/** The pattern at the position, the mean, the maximum, or that of a region; apertures are drawn on it. */
export function PatternPanel(props: PatternPanelProps) {
  const { look, shown, onShow, selected, onSelect, tool, onTool, onAperture, reflection, onReflection } = props;
  const { store, live } = useApp();
  const axes = useWindow((state) => state.axes.pixels);
  const beam = useWindow((state) => state.beam);
  const settings = useWindow((state) => state.displays.pattern);
  const position = useWindow((state) => state.position);
  const pattern = useWindow((state) => state.pattern);
  const apertures = useWindow((state) => state.apertures);
  const regions = useWindow((state) => state.regions);
  const means = useWindow((state) => state.regionMeans);
  const [cursor, setCursor] = useState<Point>();
  const size = look.meanPattern.size;

  const thumbs: Thumb<Shown>[] = [
    { id: "cursor", name: "Here", values: pattern, size },
    { id: "mean", name: "Mean", values: look.meanPattern.values, size },
    { id: "maximum", name: "Maximum", values: look.maximumPattern.values, size },
    ...regions.map((shape) => {
      const index = means?.shapes.findIndex((each) => each.id === shape.id) ?? -1;
      return {
        id: shape.id,
        name: nameOfShape(shape),
        colour: colourOfShape(shape.id),
        values: index < 0 ? undefined : item(means!.stack, index),
        size,
      };
    }),
  ];
  const here = thumbs.find(({ id }) => id === shown) ?? thumbs[0];
  const title =
    here.id === "cursor"
      ? "Pattern"
      : here.id === "mean"
        ? "Mean pattern"
        : here.id === "maximum"
          ? "Maximum pattern"
          : `Mean of ${here.name.toLowerCase()}`;

  const onDrawn = useCallback(
    (outline: Outline): void => {
      const { apertures: before } = store.get();
      const id = freeId(before);
      live.setApertures([...before, { ...outline, id }]);
      onTool("select");
      onSelect(id);
      onAperture(id);
    },
    [store, live, onTool, onSelect, onAperture],
  );
  const onCancel = useCallback(() => onTool("select"), [onTool]);

  return (
    <Panel
      className="pattern-panel"
      title={title}
      note={here.id === "cursor" ? `at row ${position[0]}, column ${position[1]}` : undefined}
      tools={
        <Tools
          label="Pattern tools"
          value={tool}
          onChange={onTool}
          options={[
            { value: "select", icon: "arrow", name: "Select and move apertures" },
            { value: "disk", icon: "disk", name: "Disk: dark-field image" },
            { value: "annulus", icon: "annulus", name: "Annulus: dark-field image" },
            { value: "polygon", icon: "polygon", name: "Polygon: dark-field image" },
            { value: "calibrate", icon: "ruler", name: "Calibrate by a known reflection" },
          ]}
        />
      }
    >
      <Picture
        values={here.values}
        size={size}
        axes={axes}
        settings={settings}
        label={`${title}. Arrow keys move the read-out.`}
        cursor={cursor}
        onPoint={setCursor}
        pointer="crosshair"
        {...(tool === "calibrate" && {
          onPick: (pixel: Point) => here.values && onReflection(nearestSpot(here.values, size, pixel)),
        })}
      >
        <ShapesLayer
          shapes={apertures}
          selected={selected}
          onSelect={(id) => {
            onSelect(id);
            if (id !== undefined) onAperture(id);
          }}
          onChange={live.setApertures}
        />
        {(tool === "calibrate" || reflection) && <SpotMark beam={beam} spot={reflection} />}
        {tool !== "select" && tool !== "calibrate" && (
          <DrawingLayer kind={tool} colour={colourOfShape(freeId(apertures))} onDrawn={onDrawn} onCancel={onCancel} />
        )}
      </Picture>
      <p className="read-out">{patternReadOut(cursor, axes, beam, here.values, size)}</p>
      <Thumbs
        label="Patterns"
        thumbs={thumbs}
        shown={here.id}
        onShow={onShow}
        settings={settings}
        empty="Draw a region on the image: its mean pattern appears here."
      />
    </Panel>
  );
}
