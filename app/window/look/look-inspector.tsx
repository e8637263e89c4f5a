import { useApp, useWindow } from "../state/app.ts";
import { CalibrationSection } from "./calibration-section.tsx";
import { DisplaySection } from "./display-section.tsx";
import type { Spot } from "./nearest-spot.ts";
import { ShapeSection } from "./shape-section.tsx";

interface LookInspectorProps {
  readonly aperture: number | undefined;
  readonly onAperture: (id: number | undefined) => void;
  readonly region: number | undefined;
  readonly onRegion: (id: number | undefined) => void;
  readonly calibrating: boolean;
  readonly onCalibrate: () => void;
  readonly reflection: Spot | undefined;
  readonly onCalibrated: () => void;
}

/** Apertures, regions, brightness and calibration, in numbers. */
export function LookInspector(props: LookInspectorProps) {
  const { live } = useApp();
  const apertures = useWindow((state) => state.apertures);
  const regions = useWindow((state) => state.regions);
  const axes = useWindow((state) => state.axes);
  return (
    <aside className="inspector" aria-label="Settings">
      <ShapeSection
        title="Apertures"
        shapes={apertures}
        axes={axes.pixels}
        selected={props.aperture}
        onSelect={props.onAperture}
        onChange={live.setApertures}
        empty="Take a tool above the pattern and drag on it. Each aperture gives a dark-field image."
      />
      <ShapeSection
        title="Regions"
        shapes={regions}
        axes={axes.positions}
        selected={props.region}
        onSelect={props.onRegion}
        onChange={live.setRegions}
        empty="Take a tool above the image and drag on it. Each region gives its mean pattern."
      />
      <DisplaySection title="Patterns" of="pattern" />
      <DisplaySection title="Images" of="image" />
      <CalibrationSection
        calibrating={props.calibrating}
        onCalibrate={props.onCalibrate}
        reflection={props.reflection}
        onCalibrated={props.onCalibrated}
      />
    </aside>
  );
}
