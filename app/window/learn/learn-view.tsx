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
  const learnt = analysis !== undefined;
  // A result is shown as soon as it is there.
  useEffect(() => setPart(learnt ? "components" : "set-up"), [learnt]);
  return (
    <div className="learn-view">
      <div className="sub-bar">
        <Segmented
          label="Part of learning"
          value={part}
          onChange={setPart}
          options={[
            { value: "set-up", label: "Set up" },
            ...(learnt
              ? ([
                  { value: "components", label: "Components" },
                  ...(analysis.svd && analysis.fcm ? ([{ value: "scatter", label: "Scatter" }] as const) : []),
                ] as const)
              : []),
          ]}
        />
        <div className="sub-bar-room" id="sub-bar-room" />
      </div>
      {part === "set-up" && <SetUpView />}
      {part === "components" && analysis && <ComponentsView analysis={analysis} />}
      {part === "scatter" && analysis && <ScatterView analysis={analysis} />}
    </div>
  );
}
