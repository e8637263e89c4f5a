import { item, type Method, type MethodResult } from "../../../src/index.ts";
import { Choice } from "../controls/choice.tsx";
import { Panel } from "../controls/panel.tsx";
import { Picture } from "../picture/picture.tsx";
import { useApp, useWindow } from "../state/app.ts";
import type { DisplaySettings } from "../state/window-state.ts";
import { LineLayer } from "./line-layer.tsx";

const settings: DisplaySettings = { kind: "linear", gamma: 1, percentiles: [0, 100], map: "viridis" };

interface LinePanelProps {
  readonly results: readonly MethodResult[];
  readonly result: MethodResult;
  readonly component: number;
  readonly onMethod: (method: Method) => void;
  readonly onComponent: (index: number) => void;
}

/** A component's map, with the line that profiles are taken along. */
export function LinePanel({ results, result, component, onMethod, onComponent }: LinePanelProps) {
  const { store } = useApp();
  const axes = useWindow((state) => state.axes.positions);
  const line = useWindow((state) => state.line);
  const width = useWindow((state) => state.lineWidth);
  const shown = Math.min(result.images.count, result.most ?? result.images.count);
  return (
    <Panel
      className="line-panel"
      title="Line"
      tools={
        <>
          <Choice
            quiet
            label="Method"
            value={result.name as Method}
            options={results.map(({ name, short }) => ({ value: name as Method, label: short }))}
            onChange={onMethod}
          />
          <Choice
            quiet
            label="Component"
            value={String(component)}
            options={Array.from({ length: shown }, (_, i) => ({ value: String(i), label: String(i + 1) }))}
            onChange={(index) => onComponent(Number(index))}
          />
        </>
      }
    >
      <Picture
        values={item(result.images, component)}
        size={result.images.size}
        axes={axes}
        settings={settings}
        signed={result.signed}
        range={result.imageRange}
        label={`${result.title}: ${result.names.image} ${component + 1}, with the line of the profile`}
      >
        {line && <LineLayer line={line} width={width} onChange={(next) => store.set({ line: next })} />}
      </Picture>
    </Panel>
  );
}
