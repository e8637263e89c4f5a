import { useEffect, useId, useState } from "react";

interface NumberFieldProps {
  readonly label: string;
  readonly value: number | undefined;
  readonly unit?: string;
  readonly least?: number;
  readonly most?: number;
  readonly step?: number;
  readonly placeholder?: string;
  /** The label is for screen readers only. */
  readonly quiet?: boolean;
  readonly onChange: (value: number) => void;
}

/** A typed number: taken over with Enter or when it is left, put back where it is no number. */
export function NumberField(props: NumberFieldProps) {
  const { label, value, unit, least, most, step = 1, placeholder, quiet, onChange } = props;
  const id = useId();
  const shown = value === undefined || !Number.isFinite(value) ? "" : String(Number(value.toPrecision(5)));
  const [text, setText] = useState(shown);
  useEffect(() => setText(shown), [shown]);
  const within = (number: number): boolean =>
    number >= (least ?? Number.NEGATIVE_INFINITY) && number <= (most ?? Number.POSITIVE_INFINITY);
  const take = (): void => {
    const typed = Number(text.replace(",", "."));
    if (text.trim() === "" || !Number.isFinite(typed) || !within(typed)) setText(shown);
    else if (typed !== value) onChange(typed);
  };
  return (
    <div className="number-field">
      <label htmlFor={id} className={quiet ? "unseen" : undefined}>
        {label}
      </label>
      <span className="number-input">
        <input
          id={id}
          inputMode="decimal"
          value={text}
          placeholder={placeholder}
          onChange={(event) => setText(event.target.value)}
          onBlur={take}
          onKeyDown={(event) => {
            if (event.key === "Enter") take();
            else if (event.key === "Escape") setText(shown);
            else if ((event.key === "ArrowUp" || event.key === "ArrowDown") && value !== undefined) {
              const next = value + (event.key === "ArrowUp" ? step : -step);
              event.preventDefault();
              if (within(next)) onChange(Number(next.toPrecision(9)));
            }
          }}
        />
        {unit && <span className="unit">{unit}</span>}
      </span>
    </div>
  );
}
