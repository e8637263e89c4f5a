import { useState } from "react";
import { useWindow } from "../state/app.ts";
import { ImagePanel } from "./image-panel.tsx";
import { LookInspector } from "./look-inspector.tsx";
import type { Spot } from "./nearest-spot.ts";
import { PatternPanel } from "./pattern-panel.tsx";

export type PatternTool = "select" | "disk" | "annulus" | "polygon" | "calibrate";
export type ImageTool = "select" | "rectangle" | "polygon";

/** Image and pattern side by side: each shows what the other is there, or through what is drawn on it. */
export function LookView() {
  const [aperture, selectAperture] = useState<number>();
  const [region, selectRegion] = useState<number>();
  const [patternTool, setPatternTool] = useState<PatternTool>("select");
  const [image, showImage] = useState<number | "bright-field">("bright-field");
  const [pattern, showPattern] = useState<number | "cursor" | "mean" | "maximum">("cursor");
  const [reflection, setReflection] = useState<Spot>();
  const look = useWindow((state) => state.look);
  if (!look) return null;
  return (
    <div className="look-view">
      <ImagePanel
        look={look}
        shown={image}
        onShow={showImage}
        selected={region}
        onSelect={selectRegion}
        onMove={() => showPattern("cursor")}
        onRegion={showPattern}
      />
      <PatternPanel
        look={look}
        shown={pattern}
        onShow={showPattern}
        selected={aperture}
        onSelect={selectAperture}
        tool={patternTool}
        onTool={setPatternTool}
        onAperture={showImage}
        reflection={reflection}
        onReflection={setReflection}
      />
      <LookInspector
        aperture={aperture}
        onAperture={selectAperture}
        region={region}
        onRegion={selectRegion}
        onCalibrate={() => {
          showPattern((now) => (now === "cursor" ? "mean" : now));
          setPatternTool("calibrate");
        }}
        calibrating={patternTool === "calibrate"}
        reflection={reflection}
        onCalibrated={() => {
          setReflection(undefined);
          setPatternTool("select");
        }}
      />
    </div>
  );
}
