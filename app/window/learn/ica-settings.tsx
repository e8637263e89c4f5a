import { Segmented } from "../controls/segmented.tsx";
import type { Choices } from "../state/window-state.ts";

type Ica = NonNullable<Choices["ica"]>;

interface IcaSettingsProps {
  readonly ica: Ica;
  readonly onChange: (ica: Ica) => void;
}

/** How ICA turns the components, folded away: few need another way. */
export function IcaSettings({ ica, onChange }: IcaSettingsProps) {
  const { of = "patterns", algorithm = "parallel", contrast = "logcosh", differences = false } = ica;
  return (
    <details className="family">
      <summary>How independent components are found</summary>
      <div className="row">
        <span className="label">Independent</span>
        <Segmented
          label="What is independent"
          value={of}
          onChange={(of) => onChange({ ...ica, of })}
          options={[
            { value: "patterns", label: "Patterns" },
            { value: "maps", label: "Maps" },
          ]}
        />
      </div>
      <div className="row">
        <span className="label">Algorithm</span>
        <Segmented
          label="Algorithm"
          value={algorithm}
          onChange={(algorithm) => onChange({ ...ica, algorithm })}
          options={[
            { value: "parallel", label: "Parallel", title: "All components at once" },
            { value: "deflation", label: "Deflation", title: "One component after the other" },
          ]}
        />
      </div>
      <div className="row">
        <span className="label">Contrast</span>
        <Segmented
          label="Contrast"
          value={contrast}
          onChange={(contrast) => onChange({ ...ica, contrast })}
          options={[
            { value: "logcosh", label: "logcosh" },
            { value: "exp", label: "exp", title: "Least moved by outliers" },
            { value: "cube", label: "cube", title: "Kurtosis: ruled by the brightest pixels" },
          ]}
        />
      </div>
      <label className="check">
        <input
          type="checkbox"
          checked={differences}
          onChange={(event) => onChange({ ...ica, differences: event.target.checked })}
        />
        From differences between neighbours
      </label>
    </details>
  );
}
