import { useState } from "react";
import { type Axis, significant } from "../../../src/index.ts";
import { Icon } from "../controls/icon.tsx";
import { NumberField } from "../controls/number-field.tsx";
import { Section } from "../controls/section.tsx";
import { Segmented } from "../controls/segmented.tsx";
import { useApp, useWindow } from "../state/app.ts";
import { ownAxes } from "../state/learning.ts";
import type { Spot } from "./nearest-spot.ts";

interface CalibrationSectionProps {
  readonly calibrating: boolean;
  readonly onCalibrate: () => void;
  readonly reflection: Spot | undefined;
  readonly onCalibrated: () => void;
}

/** Steps of the scan and of the detector: typed, or from a reflection whose spacing is known. */
export function CalibrationSection({ calibrating, onCalibrate, reflection, onCalibrated }: CalibrationSectionProps) {
  const { store } = useApp();
  const scan = useWindow((state) => state.scan);
  const axes = useWindow((state) => state.axes);
  const beam = useWindow((state) => state.beam);
  const [known, setKnown] = useState<"d" | "g">("d");

  const set = (part: "positions" | "pixels", step: number, unit: string): void => {
    const scaled = (axis: Axis): Axis => ({ ...axis, step, unit, origin: 0 });
    store.set((state) => ({
      axes: { ...state.axes, [part]: [scaled(state.axes[part][0]), scaled(state.axes[part][1])] },
      files: undefined, // they say the axes
    }));
  };
  const distance = reflection && Math.hypot(reflection[0] - beam[0], reflection[1] - beam[1]);
  const takeReflection = (value: number): void => {
    if (!distance || !(value > 0)) return;
    set("pixels", (known === "d" ? 1 / value : value) / distance, "1/Å");
    onCalibrated();
  };
  const changed = scan && ownAxes({ scan, axes }) !== undefined;

  return (
    <Section
      title="Calibration"
      aside={
        changed && (
          <button
            type="button"
            className="text-button"
            onClick={() => store.set({ axes: scan.axes, files: undefined })}
          >
            As in the file
          </button>
        )
      }
    >
      <div className="row two">
        <NumberField
          label="Scan step"
          unit="nm"
          least={1e-6}
          placeholder="unknown"
          value={axes.positions[1].unit === "nm" ? axes.positions[1].step : undefined}
          onChange={(step) => set("positions", step, "nm")}
        />
        <NumberField
          label="Detector pixel"
          unit={axes.pixels[1].unit === "mrad" ? "mrad" : "Å⁻¹"}
          least={1e-9}
          placeholder="unknown"
          value={axes.pixels[1].unit === "px" ? undefined : axes.pixels[1].step}
          onChange={(step) => set("pixels", step, axes.pixels[1].unit === "mrad" ? "mrad" : "1/Å")}
        />
      </div>
      {!reflection && (
        <button type="button" className="wide" aria-pressed={calibrating} onClick={onCalibrate}>
          <Icon name="ruler" /> {calibrating ? "Click a reflection you know" : "By a known reflection"}
        </button>
      )}
      {reflection && distance !== undefined && (
        <div className="reflection">
          <p className="hint">Reflection {significant(distance, 4)} px from the direct beam. Its spacing:</p>
          <div className="row">
            <Segmented
              label="What is known of the reflection"
              value={known}
              onChange={setKnown}
              options={[
                { value: "d", label: "d" },
                { value: "g", label: "g" },
              ]}
            />
            <NumberField
              quiet
              label={known === "d" ? "Lattice spacing d" : "Reciprocal length g"}
              unit={known === "d" ? "Å" : "Å⁻¹"}
              least={0}
              value={undefined}
              placeholder={known === "d" ? "3.26" : "0.307"}
              onChange={takeReflection}
            />
            <button type="button" className="text-button" onClick={onCalibrated}>
              Cancel
            </button>
          </div>
        </div>
      )}
    </Section>
  );
}
