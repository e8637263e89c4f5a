import { useEffect, useMemo } from "react";
import { item, lineProfile, type Method, methodResults } from "../../../src/index.ts";
import { useApp, useWindow } from "../state/app.ts";
import { alikeMaps } from "./alike-maps.ts";
import { firstLine } from "./first-line.ts";
import { JudgeInspector } from "./judge-inspector.tsx";
import { LinePanel } from "./line-panel.tsx";
import { ProfilePanel } from "./profile-panel.tsx";
import { ResidualPanel } from "./residual-panel.tsx";
import { ResidualPatternsPanel } from "./residual-patterns-panel.tsx";

/** A line across a boundary in all methods at once; what the model leaves, position by position; and the warnings. */
export function JudgeView() {
  const { store } = useApp();
  const analysis = useWindow((state) => state.analysis);
  const method = useWindow((state) => state.method);
  const component = useWindow((state) => state.component);
  const line = useWindow((state) => state.line);
  const lineWidth = useWindow((state) => state.lineWidth);
  const axes = useWindow((state) => state.axes.positions);
  const darkFields = useWindow((state) => state.darkFields);
  const results = useMemo(() => (analysis ? methodResults(analysis) : []), [analysis]);
  const result = results.find(({ name }) => name === method) ?? results[0];
  const shown = Math.min(component, (result?.images.count ?? 1) - 1);

  // A first line, so that there is something to pull on.
  useEffect(() => {
    if (line || !analysis) return;
    store.set({ line: firstLine(result ? item(result.images, 0) : undefined, analysis.scan.positions) });
  }, [line, analysis, result, store]);

  const maps = useMemo(
    () => (analysis && result ? alikeMaps(analysis, results, result, shown, darkFields) : undefined),
    [analysis, results, result, shown, darkFields],
  );
  const profile = useMemo(() => {
    if (!maps || !line || Math.hypot(line[0][0] - line[1][0], line[0][1] - line[1][1]) < 1) return undefined;
    const sameUnit = axes[0].unit === axes[1].unit;
    return lineProfile(maps.stack, line[0], line[1], { width: lineWidth, ...(sameUnit && { axes }) });
  }, [maps, line, lineWidth, axes]);

  if (!analysis || !result || !maps) return null;
  return (
    <div className="judge-view">
      <LinePanel
        results={results}
        result={result}
        component={shown}
        onMethod={(name: Method) => store.set({ method: name })}
        onComponent={(index) => store.set({ component: index })}
      />
      <ProfilePanel profile={profile} maps={maps} result={result} component={shown} />
      <ResidualPanel analysis={analysis} />
      <ResidualPatternsPanel analysis={analysis} />
      <JudgeInspector analysis={analysis} />
    </div>
  );
}
