import type { Analysis } from "../../../src/index.ts";
import { Icon } from "../controls/icon.tsx";
import { Section } from "../controls/section.tsx";
import { inTheWindow } from "../in-the-window.ts";

/** What to beware of, in plain words, each with its remedy. */
export function JudgeInspector({ analysis }: { analysis: Analysis }) {
  const { warnings, seconds } = analysis;
  return (
    <aside className="inspector" aria-label="Warnings">
      <Section title={warnings.length === 0 ? "Warnings" : `Warnings (${warnings.length})`}>
        {warnings.length === 0 ? (
          <p className="note">
            <Icon name="check" /> Nothing to warn of: none of the known artefacts was found.
          </p>
        ) : (
          <ul className="warnings">
            {warnings.map(({ code, message, remedy }) => (
              <li key={code}>
                <Icon name="warning" />
                <div>
                  <p>{inTheWindow(message)}</p>
                  <p className="remedy">{inTheWindow(remedy)}</p>
                </div>
              </li>
            ))}
          </ul>
        )}
      </Section>
      <Section title="Time">
        <dl className="facts">
          <div>
            <dt>Learning took</dt>
            <dd>{(seconds.total ?? 0).toFixed(1)} s</dd>
          </div>
        </dl>
      </Section>
    </aside>
  );
}
