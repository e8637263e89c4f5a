import { useEffect, useState } from "react";
import { Segmented } from "../controls/segmented.tsx";
import { useWindow } from "../state/app.ts";
import { ComponentsView } from "./components-view.tsx";
import { ScatterView } from "./scatter-view.tsx";
import { SetUpView } from "./set-up-view.tsx";

type Part = "set-up" | "components" | "scatter";

/** Setting up, and what was learned: components beside their maps, loadings against each other. */
export function LearnView() {
  const analysis = useWindow((state) => state.analysis);
  const [part, setPart] = useState<Part>(analysis ? "components" : "set-up");
  const last = useWindow((state) => state.learntAt);
  // A result is shown as soon as it is there.
  useEffect(() => {
    if (last !== undefined) setPart((now) => (now === "set-up" ? "components" : now));
  }, [last]);
  const tabs = analysis && (
    <Segmented
      label="Part of learning"
      value={part}
      onChange={setPart}
      options={[
        { value: "set-up", label: "Set up" },
        { value: "components", label: "Components" },
        ...(analysis.svd && analysis.fcm ? ([{ value: "scatter", label: "Scatter" }] as const) : []),
      ]}
    />
  );
  if (part === "components" && analysis) return <ComponentsView analysis={analysis} tabs={tabs} />;
  if (part === "scatter" && analysis) return <ScatterView analysis={analysis} tabs={tabs} />;
  return <SetUpView tabs={tabs} />;
}
