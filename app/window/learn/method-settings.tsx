import type { Method } from "../../../src/index.ts";
import { NumberField } from "../controls/number-field.tsx";
import { Segmented } from "../controls/segmented.tsx";
import type { Choices } from "../state/window-state.ts";
import { IcaSettings } from "./ica-settings.tsx";

interface MethodSettingsProps {
  readonly choices: Choices;
  readonly onChange: (changed: Partial<Choices>) => void;
}

/** What some methods are told besides the numbers; shown where such a method is chosen. */
export function MethodSettings({ choices, onChange }: MethodSettingsProps) {
  const has = (...methods: readonly Method[]): boolean => methods.some((method) => choices.methods.includes(method));
  return (
    <>
      {has("ica") && <IcaSettings ica={choices.ica ?? {}} onChange={(ica) => onChange({ ica })} />}
      {has("nmf-sparse") && (
        <div className="row">
          <NumberField
            label="Sparsity, 0 to 1"
            least={0.01}
            most={0.99}
            step={0.05}
            value={choices.sparsity ?? 0.4}
            onChange={(sparsity) => onChange({ sparsity })}
          />
          <Segmented
            label="What is sparse"
            value={choices.sparse ?? "maps"}
            onChange={(sparse) => onChange({ sparse })}
            options={[
              { value: "maps", label: "Maps" },
              { value: "patterns", label: "Patterns" },
            ]}
          />
        </div>
      )}
      {has("nmf-simplex", "nmf-volume") && (
        <div className="row">
          <span className="label">NMF loadings sum to</span>
          <Segmented
            label="NMF loadings sum to"
            value={choices.sum ?? "one"}
            onChange={(sum) => onChange({ sum })}
            options={[
              { value: "one", label: "One" },
              { value: "at most one", label: "At most one" },
            ]}
          />
        </div>
      )}
      {has("nmf-volume") && (
        <NumberField
          label="Weight of the volume"
          least={0}
          step={1e-4}
          value={choices.volume ?? 3e-4}
          onChange={(volume) => onChange({ volume })}
        />
      )}
      {has("high-contrast") && (
        <NumberField
          label="Contrast, 0 to below 1"
          least={0}
          most={0.99}
          step={0.1}
          value={choices.contrast ?? 0.3}
          onChange={(contrast) => onChange({ contrast })}
        />
      )}
      {choices.fixed && has("nmf", "nmf-poisson") && (
        <p className="hint">NMF and Poisson NMF keep the known patterns or maps of the recipe.</p>
      )}
    </>
  );
}
