import { useMemo } from "react";
import type { Analysis, MethodResult } from "../../../src/index.ts";
import { learntNumbers } from "../../session/learnt-numbers.ts";
import { Icon } from "../controls/icon.tsx";
import { Section } from "../controls/section.tsx";
import { Slider } from "../controls/slider.tsx";
import { LinePlot } from "../plots/line-plot.tsx";
import { cssColour, useTheme } from "../plots/theme.ts";
import { useApp, useWindow } from "../state/app.ts";
import { learn } from "../state/learning.ts";
import { settles } from "../state/relearning.ts";
import { factText } from "./fact-text.ts";

const criteria: Readonly<Record<string, string>> = {
  elbow: "bend of the scree plot",
  poissonElbow: "bend after Poisson weighting",
  marchenkoPastur: "above the counting noise",
  parallelAnalysis: "above shuffled data",
  splitHalf: "stable between halves",
  nmf: "error of NMF",
};

/** Scree, the suggestion with its reason, the sliders, and what is known of the method shown. */
export function ComponentsInspector({ analysis, result }: { analysis: Analysis; result: MethodResult }) {
  const app = useApp();
  const choices = useWindow((state) => state.choices);
  const preview = useWindow((state) => state.preview);
  const settling = useWindow((state) => settles(state, learntNumbers(analysis).components));
  const busy = useWindow((state) => state.task !== undefined);
  const now = learntNumbers(analysis);
  const components = choices.components === "auto" ? now.components : choices.components;
  const clusters = choices.clusters === "auto" ? now.clusters : choices.clusters;
  const kept = analysis.svd?.singularValues.length ?? 1;
  const most = Math.min(12, kept);
  const slides = analysis.svd !== undefined && !analysis.recipe.centred;
  return (
    <aside className="inspector" aria-label="Results in numbers">
      {analysis.svd && (
        <Section title="Scree">
          <Scree analysis={analysis} components={components} />
          {analysis.rank && (
            <>
              <p className="reason">
                <b>{analysis.rank.suggested} suggested.</b> {analysis.rank.reason}
              </p>
              <ul className="votes">
                {Object.entries(analysis.rank.votes).map(([criterion, vote]) => (
                  <li key={criterion}>
                    <span>{criteria[criterion] ?? criterion}</span>
                    <b>{vote}</b>
                  </li>
                ))}
              </ul>
            </>
          )}
        </Section>
      )}
      <Section title="How many">
        <Slider
          label="Components"
          value={components}
          least={1}
          most={most}
          step={1}
          disabled={!slides}
          onChange={(value) => app.live.sliders.change({ components: value })}
        />
        <Slider
          label="Clusters"
          value={clusters}
          least={1}
          most={most}
          step={1}
          disabled={!slides}
          onChange={(value) => app.live.sliders.change({ clusters: value })}
        />
        <Slider
          label="Fuzzifier m"
          value={choices.fuzzifier}
          least={1.1}
          most={4}
          step={0.1}
          shown={choices.fuzzifier.toFixed(1)}
          disabled={!slides}
          onChange={(value) => app.live.sliders.change({ fuzzifier: value })}
        />
        {preview && settling && (
          <p className="hint">A preview, from the singular values alone; the exact result follows.</p>
        )}
        {preview && !settling && (
          <div className="preview-note">
            <p className="hint">A preview, from the singular values alone. Learn with these numbers to keep it.</p>
            <button type="button" className="primary wide" disabled={busy} onClick={() => void learn(app)}>
              <Icon name="play" /> Learn with these numbers
            </button>
          </div>
        )}
      </Section>
      <Section title={result.title}>
        <p className="about">{result.about}</p>
        <dl className="facts">
          {result.facts.map(([name, value]) => (
            <div key={name}>
              <dt>{name}</dt>
              <dd>{factText(value)}</dd>
            </div>
          ))}
        </dl>
      </Section>
    </aside>
  );
}

function Scree({ analysis: { svd, recipe }, components }: { analysis: Analysis; components: number }) {
  const theme = useTheme();
  const explained = svd?.explained;
  // biome-ignore lint/correctness/useExhaustiveDependencies: colours change with the theme
  const lines = useMemo(
    () => [{ label: "share", colour: cssColour("--accent"), values: explained ?? [], points: true }],
    [explained, theme],
  );
  const x = useMemo(() => Array.from(explained ?? [], (_, i) => i + 1), [explained]);
  const mark = useMemo(() => ({ x: components + 0.5, label: `${components}` }), [components]);
  return (
    <div className="scree">
      <LinePlot
        x={x}
        lines={lines}
        xLabel="component"
        yLabel={recipe.centred ? "share of the variance" : "share of ‖X‖²"}
        logarithmic
        whole
        mark={mark}
        label={`Scree plot: share of the data that each of ${x.length} components explains`}
      />
    </div>
  );
}
