import type { Bytes } from "./bytes.ts";

const mostBytes = 64 * 2 ** 20;

/**
 * What the .emi beside a .ser says: it keeps the acquisition's description as XML among its binary parts.
 *
 * `scan_1.ser` belongs to `scan.emi`. The .emi is not needed, and where it has no readable description nothing is said.
 */
export function emiMetadata(ser: Bytes): Record<string, string | number> {
  const stem = /^(.*)_\d+\.ser$/i.exec(ser.name)?.[1];
  const beside = stem === undefined ? undefined : (ser.sibling(`${stem}.emi`) ?? ser.sibling(`${stem}.EMI`));
  if (beside === undefined) return {};
  try {
    if (beside.size > mostBytes) return {};
    const description = descriptionIn(new TextDecoder("latin1").decode(beside.read(0, beside.size)));
    const said = (label: string, units: Readonly<Record<string, number>>): number => {
      const [value, unit] = description.get(label) ?? [];
      return Number(value) * (units[unit ?? ""] ?? Number.NaN);
    };
    const energy = said("High tension", { kV: 1e3, V: 1 });
    const cameraLength = said("Camera length", { m: 1e3, mm: 1 });
    const mode = description.get("Mode")?.[0];
    const microscope = description.get("Microscope")?.[0];
    return {
      ...(energy > 0 ? { "energy [eV]": energy } : {}),
      ...(cameraLength > 0 ? { "camera length [mm]": cameraLength } : {}),
      ...(mode ? { mode } : {}),
      ...(microscope ? { microscope } : {}),
    };
  } finally {
    beside.close();
  }
}

/** Label → value and unit, of <Data><Label>…</Label><Value>…</Value><Unit>…</Unit></Data>. */
function descriptionIn(text: string): ReadonlyMap<string, readonly [string, string]> {
  const start = text.indexOf("<ExperimentalDescription>");
  const end = text.indexOf("</ExperimentalDescription>", start);
  if (start < 0 || end < 0) return new Map();
  const entries = text
    .slice(start, Math.min(end, start + 2 ** 20))
    .matchAll(/<Label>([^<]{0,200})<\/Label>\s*<Value>([^<]{0,200})<\/Value>\s*<Unit>([^<]{0,40})<\/Unit>/g);
  return new Map(
    Array.from(entries, ([, label, value, unit]) => [label!.trim(), [value!.trim(), unit!.trim()]] as const),
  );
}
