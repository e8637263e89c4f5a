import type { Size } from "../../../src/index.ts";
import { uncalibratedAxes } from "../../../src/index.ts";
import { Picture } from "../picture/picture.tsx";
import type { DisplaySettings } from "../state/window-state.ts";

export interface Thumb<Id> {
  readonly id: Id;
  readonly name: string;
  readonly colour?: string;
  readonly values: Float32Array | undefined;
  readonly size: Size;
}

interface ThumbsProps<Id> {
  readonly label: string;
  readonly thumbs: readonly Thumb<Id>[];
  readonly shown: Id;
  readonly onShow: (id: Id) => void;
  readonly settings: DisplaySettings;
  /** What to do to see more here. */
  readonly empty: string;
}

/** Small pictures to choose from. */
export function Thumbs<Id extends number | string>({ label, thumbs, shown, onShow, settings, empty }: ThumbsProps<Id>) {
  return (
    <div className="thumbs" role="toolbar" aria-label={label}>
      {thumbs.map(({ id, name, colour, values, size }) => (
        <button key={id} type="button" className="thumb" aria-pressed={id === shown} onClick={() => onShow(id)}>
          <Picture bare values={values} size={size} axes={uncalibratedAxes.pixels} settings={settings} label={name} />
          <span>
            {colour && <i style={{ background: colour }} />}
            {name}
          </span>
        </button>
      ))}
      {!thumbs.some(({ colour }) => colour) && <p className="hint">{empty}</p>}
    </div>
  );
}
