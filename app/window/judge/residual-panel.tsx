import { useEffect, useMemo, useState } from "react";
import { type Analysis, item, type Method, significant } from "../../../src/index.ts";
import { Choice } from "../controls/choice.tsx";
import { Icon } from "../controls/icon.tsx";
import { Panel } from "../controls/panel.tsx";
import { Cross } from "../picture/cross.tsx";
import { Picture } from "../picture/picture.tsx";
import { useApp, useWindow } from "../state/app.ts";
import { forOneScan } from "../state/for-one-scan.ts";
import { isAbort, messageOf } from "../state/latest.ts";
import { runTask } from "../state/run-task.ts";
import type { Point } from "../state/shapes.ts";
import type { DisplaySettings } from "../state/window-state.ts";
import { modelsOf } from "./models.ts";

const settings: DisplaySettings = { kind: "linear", gamma: 1, percentiles: [0, 99.5], map: "inferno" };

/** ‖data − model‖² per counted electron: 1 is counting noise alone. A click shows the patterns there. */
export function ResidualPanel({ analysis }: { analysis: Analysis }) {
  const app = useApp();
  const { session, store } = app;
  const axes = useWindow((state) => state.axes.positions);
  const models = useMemo(() => modelsOf(analysis), [analysis]);
  const chosen = useWindow((state) => state.model);
  const model = (models.find(({ name }) => name === chosen) ?? models.find(({ name }) => name === "nmf") ?? models[0])
    ?.name as Method | undefined;
  const map = useWindow((state) => (model ? state.residualMaps[model] : undefined));
  const residual = useWindow((state) => state.residual);
  const busy = useWindow((state) => state.task !== undefined);
  const preview = useWindow((state) => state.preview);

  const measure = (): void => {
    if (!model) return;
    void runTask(app, "Measuring the residual", async (progress) => {
      const found = await forOneScan(store, session.residualMap(model, progress));
      if (found) store.set((state) => ({ residualMaps: { ...state.residualMaps, [model]: found } }));
    });
  };
  const [cursor, setCursor] = useState<Point>();
  const position = residual?.position ?? store.get().position;
  const pick = (at: readonly [number, number]): void => {
    if (!model || preview) return;
    session.residualAt(model, at).then(
      (stack) => store.set({ residual: { method: model, position: at, stack } }),
      (error: unknown) => {
        if (!isAbort(error)) store.set({ trouble: { message: messageOf(error) } });
      },
    );
  };
  // biome-ignore lint/correctness/useExhaustiveDependencies: asked once for each model of each analysis
  useEffect(() => pick(position), [analysis, model, preview]);

  return (
    <Panel
      className="residual-panel"
      title="Residual"
      note="1 is counting noise"
      tools={
        model && (
          <Choice
            quiet
            label="Model"
            value={model}
            options={models.map(({ name, short }) => ({ value: name as Method, label: short }))}
            onChange={(name: Method) => store.set({ model: name })}
          />
        )
      }
    >
      {map ? (
        <Picture
          values={item(map, 0)}
          size={map.size}
          axes={axes}
          settings={settings}
          label={`Residual of ${model}: click or press Enter for the patterns there. Median ${significant(median(item(map, 0)), 3)}`}
          cursor={cursor ?? position}
          onPick={pick}
          onPoint={setCursor}
          pointer="crosshair"
        >
          <Cross at={position} />
        </Picture>
      ) : (
        <div className="empty">
          <p>
            {preview
              ? "The residual is of exact results: it can be measured when the preview has become one."
              : "Where does the model not describe the data? One more read of the scan."}
          </p>
          <button type="button" className="primary" disabled={busy || preview || !model} onClick={measure}>
            <Icon name="play" /> Measure the residual
          </button>
        </div>
      )}
    </Panel>
  );
}

function median(values: Float32Array): number {
  const sorted = values.filter(Number.isFinite).sort();
  return sorted[sorted.length >> 1] ?? Number.NaN;
}
