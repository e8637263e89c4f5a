import { useMemo, useState } from "react";
import { type LineProfile, type MethodResult, printedUnit, significant } from "../../../src/index.ts";
import { Panel } from "../controls/panel.tsx";
import { Slider } from "../controls/slider.tsx";
import { onGround, useCurveColour } from "../plots/curve-colours.ts";
import { LinePlot } from "../plots/line-plot.tsx";
import { cssColour, useTheme } from "../plots/theme.ts";
import { useApp, useWindow } from "../state/app.ts";
import type { AlikeMaps } from "./alike-maps.ts";

interface ProfilePanelProps {
  readonly profile: LineProfile | undefined;
  readonly maps: AlikeMaps;
  readonly result: MethodResult;
  readonly component: number;
}

/** All methods along the line. */
export function ProfilePanel({ profile, maps, result, component }: ProfilePanelProps) {
  const { store } = useApp();
  const width = useWindow((state) => state.lineWidth);
  const theme = useTheme();
  const curveColour = useCurveColour();
  const [index, setIndex] = useState<number>();
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours change with the theme
  const lines = useMemo(
    () =>
      (profile?.values ?? []).map((values, i) => {
        const own = maps.colours[i];
        const colour = own === undefined ? curveColour(i) : own === "" ? cssColour("--soft") : onGround(own);
        return { label: maps.labels[i], colour, values, dashed: own !== undefined };
      }),
    [profile, maps, theme],
  );
  const at = profile && index !== undefined ? profile.distance[index] : undefined;
  return (
    <Panel
      className="profile-panel"
      title="Profile"
      note={
        at === undefined
          ? `${result.short} ${component + 1}, and what is most like it in the other methods`
          : `at ${significant(at, 4)} ${printedUnit(profile!.unit)}`
      }
      tools={
        <div className="line-width">
          <Slider
            label="Width"
            value={width}
            least={1}
            most={15}
            step={1}
            shown={`${width} px`}
            onChange={(lineWidth) => store.set({ lineWidth })}
          />
        </div>
      }
    >
      {profile ? (
        <>
          <LinePlot
            x={profile.distance}
            lines={lines}
            xLabel={`distance, ${printedUnit(profile.unit)}`}
            yLabel="largest in the map = 1"
            onCursor={setIndex}
            label={`Profiles along the line: ${maps.labels.join(", ")}`}
          />
          <ul className="legend">
            {lines.map(({ label, colour, dashed, values }) => (
              <li key={label}>
                <i className="stroke" style={{ borderColor: colour, borderStyle: dashed ? "dashed" : "solid" }} />
                {label}
                {index !== undefined && <b>{significant(values[index] ?? Number.NaN, 2)}</b>}
              </li>
            ))}
          </ul>
        </>
      ) : (
        <p className="hint">Drag on the map to draw a line.</p>
      )}
    </Panel>
  );
}
