import { type ColourMap, colourTable, type DisplayScale, significant } from "../../../src/index.ts";

/** The brightness of a picture with its ticks, beside it; as high as the picture. */
export function ColourBar({ scale, map, height }: { scale: DisplayScale; map: ColourMap; height: number }) {
  const table = colourTable(map);
  const stops = [0, 32, 64, 96, 128, 160, 192, 224, 255].map(
    (i) => `rgb(${table[i * 3]} ${table[i * 3 + 1]} ${table[i * 3 + 2]})`,
  );
  const ticks = scale.ticks(Math.min(0.5, 26 / height));
  return (
    <div className="colour-bar" style={{ height }} aria-hidden="true">
      <div className="colour-bar-ramp" style={{ background: `linear-gradient(to top, ${stops.join(", ")})` }} />
      {ticks.map((tick) => (
        <span key={tick} style={{ bottom: `${100 * scale.toUnit(tick)}%` }}>
          {shortened(tick)}
        </span>
      ))}
    </div>
  );
}

/** At most five characters: 12 000 is 12k. */
function shortened(value: number): string {
  const magnitude = Math.abs(value);
  if (magnitude >= 1e6) return `${significant(value / 1e6, 3)}M`;
  if (magnitude >= 1e4) return `${significant(value / 1e3, 3)}k`;
  return magnitude !== 0 && magnitude < 1e-3 ? value.toExponential(0).replace("-", "−") : significant(value, 3);
}
