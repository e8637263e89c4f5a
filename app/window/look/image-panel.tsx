import { useCallback, useState } from "react";
import { item } from "../../../src/index.ts";
import type { Look } from "../../session/session.ts";
import { Panel } from "../controls/panel.tsx";
import { Tools } from "../controls/tools.tsx";
import { Cross } from "../picture/cross.tsx";
import { DrawingLayer } from "../picture/drawing-layer.tsx";
import { Picture } from "../picture/picture.tsx";
import { ShapesLayer } from "../picture/shapes-layer.tsx";
import { useApp, useWindow } from "../state/app.ts";
import { colourOfShape, freeId, nameOfShape, type Outline, type Point } from "../state/shapes.ts";
import type { ImageTool } from "./look-view.tsx";
import { imageReadOut } from "./read-out.ts";
import { type Thumb, Thumbs } from "./thumbs.tsx";

interface ImagePanelProps {
  readonly look: Look;
  readonly shown: number | "bright-field";
  readonly onShow: (image: number | "bright-field") => void;
  readonly selected: number | undefined;
  readonly onSelect: (region: number | undefined) => void;
  readonly onMove: () => void;
  readonly onRegion: (region: number) => void;
}

/** Bright field, or the image through one aperture; moving over it shows the pattern there. */
export function ImagePanel({ look, shown, onShow, selected, onSelect, onMove, onRegion }: ImagePanelProps) {
  const { store, live } = useApp();
  const axes = useWindow((state) => state.axes.positions);
  const settings = useWindow((state) => state.displays.image);
  const position = useWindow((state) => state.position);
  const regions = useWindow((state) => state.regions);
  const apertures = useWindow((state) => state.apertures);
  const darkFields = useWindow((state) => state.darkFields);
  const [tool, setTool] = useState<ImageTool>("select");
  const size = look.brightField.size;

  const thumbs: Thumb<number | "bright-field">[] = [
    { id: "bright-field", name: "Bright field", values: look.brightField.values, size },
    ...apertures.map((shape) => {
      const index = darkFields?.shapes.findIndex((each) => each.id === shape.id) ?? -1;
      return {
        id: shape.id,
        name: nameOfShape(shape),
        colour: colourOfShape(shape.id),
        values: index < 0 ? undefined : item(darkFields!.stack, index),
        size,
      };
    }),
  ];
  const here = thumbs.find(({ id }) => id === shown) ?? thumbs[0];

  const onPoint = (pixel: Point | undefined): void => {
    if (!pixel) return;
    const now = store.get().position;
    if (now[0] !== pixel[0] || now[1] !== pixel[1]) live.moveTo(pixel);
    onMove();
  };
  const onDrawn = useCallback(
    (outline: Outline): void => {
      const { regions: before } = store.get();
      const id = freeId(before);
      live.setRegions([...before, { ...outline, id }]);
      setTool("select");
      onSelect(id);
      onRegion(id);
    },
    [store, live, onSelect, onRegion],
  );

  return (
    <Panel
      className="image-panel"
      title={here.name}
      note={
        shown === "bright-field" ? `disk of ${look.brightFieldDisk.radius.toFixed(1)} px` : "image through the aperture"
      }
      tools={
        <Tools
          label="Image tools"
          value={tool}
          onChange={setTool}
          options={[
            { value: "select", icon: "arrow", name: "Point: the pattern there" },
            { value: "rectangle", icon: "rectangle", name: "Rectangle: mean pattern of a region" },
            { value: "polygon", icon: "polygon", name: "Polygon: mean pattern of a region" },
          ]}
        />
      }
    >
      <Picture
        values={here.values}
        size={size}
        axes={axes}
        settings={settings}
        label={`${here.name}. Arrow keys move the position whose pattern is shown.`}
        cursor={position}
        onPoint={onPoint}
        pointer="crosshair"
      >
        <Cross at={position} />
        <ShapesLayer
          shapes={regions}
          selected={selected}
          onSelect={(id) => {
            onSelect(id);
            if (id !== undefined) onRegion(id);
          }}
          onChange={live.setRegions}
        />
        {tool !== "select" && (
          <DrawingLayer
            kind={tool}
            colour={colourOfShape(freeId(regions))}
            onDrawn={onDrawn}
            onCancel={() => setTool("select")}
          />
        )}
      </Picture>
      <p className="read-out">{imageReadOut(position, axes, here.values, size)}</p>
      <Thumbs
        label="Images"
        thumbs={thumbs}
        shown={here.id}
        onShow={onShow}
        settings={settings}
        empty="Draw an aperture on the pattern: its image appears here."
      />
    </Panel>
  );
}
