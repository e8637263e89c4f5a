import { area, printedUnit, significant } from "../../../src/index.ts";
import { Icon } from "../controls/icon.tsx";
import { Panel } from "../controls/panel.tsx";
import { Section } from "../controls/section.tsx";
import { Picture } from "../picture/picture.tsx";
import { useApp, useWindow } from "../state/app.ts";
import { alignScan } from "../state/learning.ts";
import type { DisplaySettings } from "../state/window-state.ts";
import { PlaneLines } from "./plane-lines.tsx";
import { RepairedMarks } from "./repaired-marks.tsx";
import { shiftPictures } from "./shift-pictures.ts";

const linear: DisplaySettings = { kind: "linear", gamma: 1, percentiles: [0, 100], map: "viridis" };

/** Where the direct beam wanders over the scan, the plane through it, what is left; and the mean pattern before and after. */
export function AlignView() {
  const app = useApp();
  const look = useWindow((state) => state.look);
  const alignment = useWindow((state) => state.alignment);
  const alignedMean = useWindow((state) => state.alignedMean);
  const axes = useWindow((state) => state.axes);
  const settings = useWindow((state) => state.displays.pattern);
  const wanted = useWindow((state) => state.choices.align);
  const busy = useWindow((state) => state.task !== undefined);
  if (!look) return null;
  const shifts = alignment && shiftPictures(alignment);
  const repaired = alignment?.repaired.reduce((sum, mark) => sum + mark, 0) ?? 0;
  const moved = alignment ? largest(alignment.shifts.values) : 0;
  return (
    <div className="align-view">
      <div className="shift-maps">
        {shifts ? (
          shifts.map(({ title, note, values, size, range, signed, plane }) => (
            <Panel key={title} title={title} note={note}>
              <Picture
                values={values}
                size={size}
                axes={axes.positions}
                settings={linear}
                signed={signed}
                range={range}
                label={title}
              >
                {plane && <PlaneLines values={plane} size={size} />}
                <RepairedMarks repaired={alignment.repaired} columns={size[1]} />
              </Picture>
            </Panel>
          ))
        ) : (
          <div className="empty">
            <p>
              Descan is never perfect: the direct beam wanders by some pixels over a scan. It is found in every pattern,
              and patterns are moved by whole pixels so that it stays in one place. Counts stay counts.
            </p>
            <button type="button" className="primary" disabled={busy} onClick={() => void alignScan(app)}>
              <Icon name="play" /> Find the direct beam
            </button>
          </div>
        )}
      </div>
      <Panel className="before" title="Mean pattern before" note="as recorded">
        <Picture
          values={look.meanPattern.values}
          size={look.meanPattern.size}
          axes={axes.pixels}
          settings={settings}
          label="Mean pattern before alignment"
        />
      </Panel>
      <Panel
        className="after"
        title="Mean pattern after"
        note={alignedMean ? "moved by whole pixels" : "not measured yet"}
      >
        <Picture
          values={alignedMean}
          size={look.meanPattern.size}
          axes={axes.pixels}
          settings={settings}
          label="Mean pattern after alignment"
        />
      </Panel>
      <aside className="inspector" aria-label="Alignment in numbers">
        <Section title="Alignment">
          <label className="check">
            <input
              type="checkbox"
              checked={wanted === "whole-pixel"}
              onChange={(event) =>
                app.store.set((state) => ({
                  choices: { ...state.choices, align: event.target.checked ? "whole-pixel" : "none" },
                }))
              }
            />
            Align before learning
          </label>
          {alignment && (
            <button type="button" className="wide" disabled={busy} onClick={() => void alignScan(app)}>
              Measure again
            </button>
          )}
        </Section>
        {alignment && (
          <Section title="Found">
            <dl className="facts">
              <Fact name="Direct beam" value={`radius ${significant(alignment.radius, 3)} px`} />
              <Fact name="Largest shift" value={`${moved} px`} />
              {(["Rows", "Columns"] as const).map((name, axis) => {
                const plane = alignment.plane[axis];
                const per = printedUnit("px");
                return (
                  <Fact
                    key={name}
                    name={`${name}, plane`}
                    value={`${significant(100 * plane.perRow, 2)} ${per} per 100 rows, ${significant(100 * plane.perColumn, 2)} per 100 columns; rms ${significant(plane.rms, 2)} px`}
                  />
                );
              })}
              <Fact
                name="Outliers"
                value={
                  repaired === 0 ? "none" : `${repaired} of ${area(alignment.shifts.size)}; the plane took their place`
                }
              />
            </dl>
          </Section>
        )}
      </aside>
    </div>
  );
}

function Fact({ name, value }: { name: string; value: string }) {
  return (
    <div>
      <dt>{name}</dt>
      <dd>{value}</dd>
    </div>
  );
}

const largest = (values: Float32Array): number => values.reduce((most, value) => Math.max(most, Math.abs(value)), 0);
