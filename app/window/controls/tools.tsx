import { Icon, type IconName } from "./icon.tsx";

interface ToolsProps<Value extends string> {
  readonly label: string;
  readonly value: Value | undefined;
  readonly options: readonly { readonly value: Value; readonly icon: IconName; readonly name: string }[];
  readonly onChange: (value: Value) => void;
}

/** A bar of tools of which one is in hand. */
export function Tools<Value extends string>({ label, value, options, onChange }: ToolsProps<Value>) {
  return (
    <div className="tools" role="toolbar" aria-label={label}>
      {options.map((option) => (
        <button
          key={option.value}
          type="button"
          aria-pressed={option.value === value}
          aria-label={option.name}
          title={option.name}
          onClick={() => onChange(option.value)}
        >
          <Icon name={option.icon} />
        </button>
      ))}
    </div>
  );
}
