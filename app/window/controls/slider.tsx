import { useId } from "react";

interface SliderProps {
  readonly label: string;
  readonly value: number;
  readonly least: number;
  readonly most: number;
  readonly step: number;
  readonly shown?: string;
  readonly disabled?: boolean;
  readonly onChange: (value: number) => void;
}

/** A number on a line, with its value in words. */
export function Slider({ label, value, least, most, step, shown, disabled, onChange }: SliderProps) {
  const id = useId();
  const share = (value - least) / (most - least || 1);
  return (
    <div className="slider">
      <label htmlFor={id}>{label}</label>
      <output htmlFor={id}>{shown ?? value}</output>
      <input
        id={id}
        type="range"
        min={least}
        max={most}
        step={step}
        value={value}
        disabled={disabled}
        style={{ "--share": `${100 * Math.min(1, Math.max(0, share))}%` } as Record<string, string>}
        aria-valuetext={shown}
        onChange={(event) => onChange(event.target.valueAsNumber)}
      />
    </div>
  );
}
