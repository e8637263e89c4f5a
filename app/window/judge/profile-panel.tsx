import { useMemo } from "react";
import { colourOf, type LineProfile, type MethodResult, printedUnit } from "../../../src/index.ts";
import { Panel } from "../controls/panel.tsx";
import { Slider } from "../controls/slider.tsx";
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
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours change with the theme
  const lines = useMemo(
    () =>
      (profile?.values ?? []).map((values, i) => {
        const own = maps.colours[i];
        const image = own !== undefined;
        return {
          label: maps.labels[i],
          colour: image ? (own.startsWith("var") ? cssColour("--soft") : own) : colourOf(i),
          values,
          dashed: image,
        };
      }),
    [profile, maps, theme],
  );
  return (
    <Panel
      className="profile-panel"
      title="Profile"
      note={`${result.short} ${component + 1}, and what in other methods is most like it; largest value 1`}
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
        <LinePlot
          x={profile.distance}
          lines={lines}
          xLabel={`distance, ${printedUnit(profile.unit)}`}
          yLabel="share of the largest value"
          legend
          label={`Profiles along the line: ${maps.labels.join(", ")}`}
        />
      ) : (
        <p className="hint">Drag on the map to draw a line.</p>
      )}
    </Panel>
  );
}
