import { Icon } from "../controls/icon.tsx";
import { NumberField } from "../controls/number-field.tsx";
import { Section } from "../controls/section.tsx";
import { Segmented } from "../controls/segmented.tsx";
import { Slider } from "../controls/slider.tsx";
import { useApp, useWindow } from "../state/app.ts";
import { learn } from "../state/learning.ts";
import type { Choices } from "../state/window-state.ts";
import { Forecast } from "./forecast.tsx";
import { MethodsSection } from "./methods-section.tsx";

/** Methods and numbers, the forecast, and the button. */
export function ChoicesInspector() {
  const app = useApp();
  const choices = useWindow((state) => state.choices);
  const task = useWindow((state) => state.task);
  const recipe = useWindow((state) => state.recipe);
  const change = (changed: Partial<Choices>): void =>
    app.store.set((state) => ({ choices: { ...state.choices, ...changed } }));
  return (
    <aside className="inspector" aria-label="What to learn">
      {recipe && (
        <p className="note">
          <Icon name="check" /> As the recipe for <b>{recipe.input.file}</b> says
        </p>
      )}
      <MethodsSection choices={choices} onChange={change} />
      <Section title="How many">
        <HowMany
          label="Components"
          auto="as the scree plot suggests"
          value={choices.components}
          onChange={(components) => change({ components })}
        />
        <HowMany
          label="Clusters"
          auto="as many as components"
          value={choices.clusters}
          onChange={(clusters) => change({ clusters })}
        />
      </Section>
      <details className="section more">
        <summary>More</summary>
        <div className="row two">
          <NumberField
            label="Seed"
            least={0}
            value={choices.seed}
            onChange={(seed) => change({ seed: Math.round(seed) })}
          />
          <NumberField
            label="Singular values kept"
            least={1}
            value={choices.rank}
            onChange={(rank) => change({ rank: Math.round(rank) })}
          />
        </div>
        <Slider
          label="Fuzzifier m"
          value={choices.fuzzifier}
          least={1.1}
          most={4}
          step={0.1}
          shown={choices.fuzzifier.toFixed(1)}
          onChange={(fuzzifier) => change({ fuzzifier })}
        />
        <div className="row">
          <span className="label">Loadings for clusters</span>
          <Segmented
            label="Loadings for clusters"
            value={choices.loadings}
            onChange={(loadings) => change({ loadings })}
            options={[
              { value: "scaled", label: "Scaled" },
              { value: "unit", label: "Unit" },
            ]}
          />
        </div>
        <label className="check">
          <input
            type="checkbox"
            checked={choices.centred}
            onChange={(event) => change({ centred: event.target.checked })}
          />
          Subtract the mean pattern (PCA)
        </label>
        <label className="check">
          <input
            type="checkbox"
            checked={choices.align === "whole-pixel"}
            onChange={(event) => change({ align: event.target.checked ? "whole-pixel" : "none" })}
          />
          Align the direct beam first
        </label>
      </details>
      <div className="action">
        <Forecast />
        {task ? (
          <button type="button" className="wide" onClick={task.cancel}>
            <Icon name="stop" /> Stop
          </button>
        ) : (
          <button type="button" className="primary wide" onClick={() => void learn(app)}>
            <Icon name="play" /> Learn
          </button>
        )}
      </div>
    </aside>
  );
}

interface HowManyProps {
  readonly label: string;
  readonly auto: string;
  readonly value: number | "auto";
  readonly onChange: (value: number | "auto") => void;
}

function HowMany({ label, auto, value, onChange }: HowManyProps) {
  return (
    <div className="how-many">
      <NumberField
        label={label}
        least={1}
        value={value === "auto" ? undefined : value}
        placeholder="auto"
        onChange={(number) => onChange(Math.round(number))}
      />
      {value === "auto" ? (
        <span className="hint">{auto}</span>
      ) : (
        <button type="button" className="text-button" onClick={() => onChange("auto")}>
          Automatic
        </button>
      )}
    </div>
  );
}
