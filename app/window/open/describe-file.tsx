import { type FormEvent, useState } from "react";
import { type OpenOptions, parseRaw } from "../../../src/index.ts";
import { Icon } from "../controls/icon.tsx";
import { inTheWindow } from "../in-the-window.ts";
import { useApp } from "../state/app.ts";
import { messageOf } from "../state/latest.ts";
import { openScan } from "../state/open-scan.ts";
import type { Trouble } from "../state/window-state.ts";

/** Why a file did not open, and where the user can say what the file does not. */
export function DescribeFile({ trouble }: { trouble: Trouble }) {
  const app = useApp();
  const { opening, needs } = trouble;
  const [wrong, setWrong] = useState<string>();
  const submit = (event: FormEvent<HTMLFormElement>): void => {
    event.preventDefault();
    if (!opening || !needs) return;
    try {
      const options = optionsOf(needs, new FormData(event.currentTarget));
      setWrong(undefined);
      void openScan(app, opening, options);
    } catch (error) {
      setWrong(inTheWindow(messageOf(error)));
    }
  };
  return (
    <form className="trouble" role="alert" onSubmit={submit}>
      <p>
        <Icon name="warning" />
        <span>{inTheWindow(trouble.message)}</span>
      </p>
      {opening && needs && (
        <div className="describe">
          <Fields needs={needs} />
          <button type="submit" className="primary">
            Open
          </button>
        </div>
      )}
      {wrong && <p className="wrong">{wrong}</p>}
    </form>
  );
}

function Fields({ needs }: { needs: NonNullable<Trouble["needs"]> }) {
  switch (needs) {
    case "shape":
      return (
        <>
          <label>
            Scan rows
            <input name="rows" inputMode="numeric" required pattern="[0-9]+" size={6} autoComplete="off" />
          </label>
          <span className="times">×</span>
          <label>
            columns
            <input name="columns" inputMode="numeric" required pattern="[0-9]+" size={6} autoComplete="off" />
          </label>
        </>
      );
    case "dataset":
      return (
        <label className="wide">
          Dataset
          <input name="dataset" required placeholder="/path/in/the/file" autoComplete="off" />
        </label>
      );
    case "raw":
      return (
        <label className="wide">
          If these are plain numbers: type, scan rows × columns × pattern rows × columns, and the byte that they start
          at
          <input name="raw" required placeholder="u16:36x40x128x128:512" autoComplete="off" />
        </label>
      );
    case "incomplete":
      return (
        <label className="check">
          <input name="incomplete" type="checkbox" required defaultChecked /> Open what is there; missing patterns read
          as zeros
        </label>
      );
    default:
      return needs satisfies never;
  }
}

function optionsOf(needs: NonNullable<Trouble["needs"]>, form: FormData): OpenOptions {
  const text = (name: string): string => String(form.get(name) ?? "").trim();
  switch (needs) {
    case "shape":
      return { shape: [Number(text("rows")), Number(text("columns"))] };
    case "dataset":
      return { dataset: text("dataset") };
    case "raw":
      return { raw: parseRaw(text("raw")) };
    case "incomplete":
      return { allowIncomplete: true };
    default:
      return needs satisfies never;
  }
}
