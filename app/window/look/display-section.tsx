import type { ColourMap } from "../../../src/index.ts";
import { Choice } from "../controls/choice.tsx";
import { Section } from "../controls/section.tsx";
import { Segmented } from "../controls/segmented.tsx";
import { Slider } from "../controls/slider.tsx";
import { useApp, useWindow } from "../state/app.ts";
import { type DisplaySettings, initialDisplays } from "../state/window-state.ts";

const maps: readonly { readonly value: ColourMap; readonly label: string }[] = [
  { value: "magma", label: "Magma" },
  { value: "inferno", label: "Inferno" },
  { value: "viridis", label: "Viridis" },
  { value: "grey", label: "Grey" },
];

/** How bright patterns or images are drawn. */
export function DisplaySection({ title, of }: { title: string; of: "pattern" | "image" }) {
  const { store } = useApp();
  const settings = useWindow((state) => state.displays[of]);
  const change = (changed: Partial<DisplaySettings>): void =>
    store.set(({ displays }) => ({ displays: { ...displays, [of]: { ...displays[of], ...changed } } }));
  const [lower, upper] = settings.percentiles;
  return (
    <Section
      title={title}
      aside={
        <button type="button" className="text-button" onClick={() => change(initialDisplays[of])}>
          Reset
        </button>
      }
    >
      <div className="row">
        <Segmented
          label={`Brightness of ${title.toLowerCase()}`}
          value={settings.kind}
          onChange={(kind) => change({ kind })}
          options={[
            { value: "linear", label: "Linear" },
            { value: "gamma", label: "Gamma" },
            { value: "log", label: "Log" },
          ]}
        />
        <Choice
          quiet
          label={`Colours of ${title.toLowerCase()}`}
          value={settings.map}
          options={maps}
          onChange={(map) => change({ map })}
        />
      </div>
      {settings.kind === "gamma" && (
        <Slider
          label="Gamma"
          value={settings.gamma}
          least={0.1}
          most={1}
          step={0.05}
          shown={settings.gamma.toFixed(2)}
          onChange={(gamma) => change({ gamma })}
        />
      )}
      <div className="row two">
        <Slider
          label="Dark"
          value={lower}
          least={0}
          most={20}
          step={0.2}
          shown={`${lower.toFixed(1)} %`}
          onChange={(value) => change({ percentiles: [value, upper] })}
        />
        <Slider
          label="Bright"
          value={upper}
          least={95}
          most={100}
          step={0.05}
          shown={`${upper.toFixed(2)} %`}
          onChange={(value) => change({ percentiles: [lower, value] })}
        />
      </div>
    </Section>
  );
}
