import { type Axis, grouped, printedUnit, significant } from "../../../src/index.ts";
import type { OpenedScan } from "../../session/session.ts";
import { bytesInWords } from "../bytes-in-words.ts";
import { useApp } from "../state/app.ts";

/** What is known of the open scan. */
export function OpenedSummary({ scan }: { scan: OpenedScan }) {
  const { store } = useApp();
  const facts: readonly (readonly [string, string])[] = [
    ["Format", scan.format],
    ["Scan", `${scan.positions.map(grouped).join(" × ")} positions, ${stepsOf(scan.axes.positions)}`],
    ["Patterns", `${scan.pixels.map(grouped).join(" × ")} px of ${scan.dtype}, ${stepsOf(scan.axes.pixels)}`],
    ["Size", bytesInWords(scan.bytes)],
    ...Object.entries(scan.metadata)
      .filter(([, value]) => String(value).length < 120)
      .map(([name, value]) => [name, String(value)] as const),
  ];
  return (
    <aside className="opened" aria-label="The open scan">
      <h2>{scan.name}</h2>
      <dl className="facts">
        {facts.map(([name, value]) => (
          <div key={name}>
            <dt>{name}</dt>
            <dd>{value}</dd>
          </div>
        ))}
      </dl>
      <button type="button" className="primary" onClick={() => store.set({ step: "look" })}>
        Look at it
      </button>
    </aside>
  );
}

function stepsOf([rows, columns]: readonly [Axis, Axis]): string {
  if (rows.unit === "px" && columns.unit === "px") return "not calibrated";
  const [row, column] = [rows, columns].map(({ step, unit }) => `${significant(step, 4)} ${printedUnit(unit)}`);
  return row === column ? `${row} a step` : `${row} a row, ${column} a column`;
}
