import { type CSSProperties, type ReactNode, useMemo, useState } from "react";
import { type Analysis, item, type Method, type MethodResult, methodResults, significant } from "../../../src/index.ts";
import { Choice } from "../controls/choice.tsx";
import { Segmented } from "../controls/segmented.tsx";
import { Picture } from "../picture/picture.tsx";
import { useApp, useWindow } from "../state/app.ts";
import type { DisplaySettings } from "../state/window-state.ts";
import { ComponentsInspector } from "./components-inspector.tsx";

const maps: DisplaySettings = { kind: "linear", gamma: 1, percentiles: [0, 100], map: "viridis" };

/** What one method found: each pattern above its map. */
export function ComponentsView({ analysis, tabs }: { analysis: Analysis; tabs: ReactNode }) {
  const { store } = useApp();
  const method = useWindow((state) => state.method);
  const axes = useWindow((state) => state.axes);
  const settings = useWindow((state) => state.displays.pattern);
  const preview = useWindow((state) => state.preview);
  const [barycentric, setBarycentric] = useState(false);
  const results = useMemo(() => methodResults(analysis), [analysis]);
  const result = results.find(({ name }) => name === method) ?? results[0];
  if (!result) return null;
  const shown = Math.min(result.patterns.count, result.most ?? Number.POSITIVE_INFINITY);
  const { pattern, image } = result.names;
  const mixtures = barycentric ? result.barycentric : undefined;
  /** What is under a pattern: its own map, or its part of the mixture; the noise has none. */
  const mapOf = (i: number): readonly [name: string, values: Float32Array] =>
    mixtures && i < mixtures.count ? ["barycentric map", item(mixtures, i)] : [image, item(result.images, i)];
  return (
    <div className="components-view">
      <div className="components">
        <div className="components-head">
          {tabs}
          <MethodChoice
            results={results}
            value={result.name as Method}
            onChange={(name) => store.set({ method: name })}
          />
          {result.barycentric && (
            <Segmented
              label={`What is below the ${pattern}s`}
              value={barycentric ? "barycentric" : "memberships"}
              onChange={(maps) => setBarycentric(maps === "barycentric")}
              options={[
                { value: "memberships", label: "Memberships", title: "How clearly a position belongs to each cluster" },
                { value: "barycentric", label: "Barycentric", title: "What part of a position is which centre" },
              ]}
            />
          )}
          <p className="panel-note">
            {!result.barycentric && `${pattern}s above their ${image} maps`}
            {shown < result.patterns.count && `, the first ${shown} of ${result.patterns.count}`}
            {preview && <b className="preview-mark">preview</b>}
          </p>
        </div>
        <ul className="component-grid" style={{ "--columns": columnsFor(shown) } as CSSProperties}>
          {Array.from({ length: shown }, (_, i) => {
            const [name, values] = mapOf(i);
            return (
              // biome-ignore lint/suspicious/noArrayIndexKey: a component is known by its number only
              <li key={i} aria-label={`Component ${i + 1}`}>
                <div className="component">
                  <header>
                    <b>{i + 1}</b>
                    {result.note && <span>{result.note(i)}</span>}
                  </header>
                  <Picture
                    values={item(result.patterns, i)}
                    size={result.patterns.size}
                    axes={axes.pixels}
                    settings={settings}
                    signed={result.signed}
                    label={`${result.title}: ${pattern} ${i + 1}`}
                  />
                  <Picture
                    values={values}
                    size={result.images.size}
                    axes={axes.positions}
                    settings={maps}
                    signed={result.signed}
                    range={result.imageRange}
                    label={`${result.title}: ${name} ${i + 1}, ${rangeOf(values)}`}
                  />
                </div>
              </li>
            );
          })}
        </ul>
      </div>
      <ComponentsInspector analysis={analysis} result={result} />
    </div>
  );
}

/** Beside each other while there is room for all of them. */
const mostInOneBar = 6;

interface MethodChoiceProps {
  readonly results: readonly MethodResult[];
  readonly value: Method;
  readonly onChange: (method: Method) => void;
}

function MethodChoice({ results, value, onChange }: MethodChoiceProps) {
  const options = results.map(({ name, short, title }) => ({ value: name as Method, label: short, title }));
  return results.length <= mostInOneBar ? (
    <Segmented label="Method" value={value} onChange={onChange} options={options} />
  ) : (
    <Choice
      quiet
      label="Method"
      value={value}
      onChange={onChange}
      options={options.map(({ value, title }) => ({ value, label: title }))}
    />
  );
}

/** Columns so that pictures are as large as the window allows: one row up to five, then two. */
const columnsFor = (count: number): number => (count <= 5 ? Math.max(2, count) : Math.ceil(count / 2));

function rangeOf(values: Float32Array): string {
  let [least, most] = [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY];
  for (const value of values) {
    if (value < least) least = value;
    if (value > most) most = value;
  }
  return `from ${significant(least, 3)} to ${significant(most, 3)}`;
}
