import { grouped } from "../../src/index.ts";
import { Icon } from "./controls/icon.tsx";
import { useApp, useWindow } from "./state/app.ts";
import { type Step, steps } from "./state/window-state.ts";
import { ThemeSwitch } from "./theme-switch.tsx";

const names: Readonly<Record<Step, string>> = {
  open: "Open",
  look: "Look",
  align: "Align",
  learn: "Learn",
  judge: "Judge",
  keep: "Keep",
};

/** The name, the steps in their order, and which scan is open. */
export function TopBar({ step }: { step: Step }) {
  const { store } = useApp();
  const scan = useWindow((state) => state.scan);
  const open = useWindow((state) => state.scan !== undefined && state.look !== undefined);
  const learnt = useWindow((state) => state.analysis !== undefined);
  const warnings = useWindow((state) => state.analysis?.warnings.length ?? 0);
  const can = (name: Step): boolean =>
    name === "open" || (open && (name === "look" || name === "align" || name === "learn" || learnt));
  return (
    <header className="top-bar">
      <a className="skip" href="#view">
        Skip to the pictures
      </a>
      <div className="brand">
        <svg viewBox="0 0 20 20" aria-hidden="true">
          <circle cx="10" cy="10" r="2.6" />
          <circle cx="10" cy="2.6" r="1.4" />
          <circle cx="16.4" cy="6.3" r="1.4" />
          <circle cx="16.4" cy="13.7" r="1.4" />
          <circle cx="10" cy="17.4" r="1.4" />
          <circle cx="3.6" cy="13.7" r="1.4" />
          <circle cx="3.6" cy="6.3" r="1.4" />
        </svg>
        Endmember
      </div>
      <nav aria-label="Steps">
        <ol className="steps">
          {steps.map((name, i) => (
            <li key={name}>
              <button
                type="button"
                aria-current={name === step ? "step" : undefined}
                disabled={!can(name)}
                onClick={() => store.set({ step: name })}
              >
                <span className="step-number">{i + 1}</span>
                {names[name]}
                {name === "judge" && warnings > 0 && (
                  <span className="badge" title={`${warnings} warnings`}>
                    {warnings}
                  </span>
                )}
              </button>
            </li>
          ))}
        </ol>
      </nav>
      {scan && open && (
        <p className="scan-name" title={scan.name}>
          <Icon name="file" />
          <b>{scan.name}</b>
          <span>
            {scan.positions.map(grouped).join(" × ")} positions · {scan.pixels.map(grouped).join(" × ")} px ·{" "}
            {scan.dtype}
          </span>
        </p>
      )}
      <ThemeSwitch />
    </header>
  );
}
