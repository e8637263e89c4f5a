import { type Analysis, item } from "../../../src/index.ts";
import { Panel } from "../controls/panel.tsx";
import { Picture } from "../picture/picture.tsx";
import { useWindow } from "../state/app.ts";
import { modelsOf } from "./models.ts";

const names = ["Data", "Model", "Residual"] as const;

/** What was recorded at a position, what the model says, and the difference. */
export function ResidualPatternsPanel({ analysis }: { analysis: Analysis }) {
  const residual = useWindow((state) => state.residual);
  const axes = useWindow((state) => state.axes.pixels);
  const settings = useWindow((state) => state.displays.pattern);
  const stack = residual?.stack;
  const model = modelsOf(analysis).find(({ name }) => name === residual?.method);
  return (
    <Panel
      className="residual-patterns-panel"
      title="Data, model, residual"
      note={
        residual
          ? `${model?.short ?? residual.method} at row ${residual.position[0]}, column ${residual.position[1]}`
          : "click a position in the residual"
      }
    >
      <div className="three">
        {names.map((name, i) => (
          <figure key={name}>
            <figcaption>{name}</figcaption>
            <Picture
              values={stack && item(stack, i)}
              size={stack?.size ?? analysis.scan.analysedPixels}
              axes={axes}
              settings={settings}
              signed={i === 2}
              range={i === 1 && stack ? rangeOf(item(stack, 0)) : undefined}
              label={`${name}${residual ? ` at row ${residual.position[0]}, column ${residual.position[1]}` : ""}`}
            />
          </figure>
        ))}
      </div>
    </Panel>
  );
}

/** Data and model share their brightness, or they could not be compared. */
function rangeOf(values: Float32Array): [number, number] {
  return [0, values.reduce((most, value) => Math.max(most, value), 0) || 1];
}
