import type { Axis } from "../scan/source.ts";

/** An axis as a file records it; anything may be absent. */
export interface RecordedAxis {
  readonly name?: string | undefined;
  readonly step?: number | undefined;
  readonly unit?: string | undefined;
  readonly origin?: number | undefined;
}

const inNanometres: Readonly<Record<string, number>> = {
  nm: 1,
  nanometer: 1,
  nanometre: 1,
  nanometers: 1,
  nanometres: 1,
  Å: 0.1,
  A: 0.1,
  angstrom: 0.1,
  angstroms: 0.1,
  ångström: 0.1,
  ang: 0.1,
  pm: 1e-3,
  picometer: 1e-3,
  picometre: 1e-3,
  um: 1e3,
  µm: 1e3,
  micron: 1e3,
  microns: 1e3,
  micrometer: 1e3,
  micrometre: 1e3,
  mm: 1e6,
  cm: 1e7,
  m: 1e9,
  meter: 1e9,
  metre: 1e9,
}; // prettier

const inMilliradians: Readonly<Record<string, number>> = {
  mrad: 1,
  mrads: 1,
  milliradian: 1,
  milliradians: 1,
  rad: 1e3,
  radian: 1e3,
  radians: 1e3,
  urad: 1e-3,
  µrad: 1e-3,
  deg: Math.PI / 0.18,
  "°": Math.PI / 0.18,
  degree: Math.PI / 0.18,
  degrees: Math.PI / 0.18,
}; // prettier

const pixels = new Set(["px", "pixel", "pixels"]);
const unknown = new Set(["", "undefined", "none", "unknown", "arb.", "."]);

/**
 * A scan axis in nm where the file says a length; as written where it says something else; in px where it says nothing.
 *
 * @example
 * scanAxis({ name: "x", step: 20, unit: "Å", origin: 0 }, "x"); // { name: "x", step: 2, unit: "nm", origin: 0 }
 */
export const scanAxis = (recorded: RecordedAxis, name: string): Axis =>
  converted(recorded, name, (unit) => named("nm", lookUp(inNanometres, unit)));

/** A detector axis in 1/Å or mrad where the file says a reciprocal length or an angle; otherwise as {@link scanAxis} does. */
export const detectorAxis = (recorded: RecordedAxis, name: string): Axis =>
  converted(recorded, name, (unit) => {
    const length = lookUp(inNanometres, reciprocalOf(unit));
    // 1/unit = 1/(length · 10 Å)
    return length === undefined ? named("mrad", lookUp(inMilliradians, unit)) : { unit: "1/Å", factor: 0.1 / length };
  });

/** What the file recorded, for every axis whose step or unit was changed: entries for the metadata. */
export function recordedSteps(recorded: readonly RecordedAxis[], axes: readonly Axis[]): Record<string, string> {
  const notes: Record<string, string> = {};
  for (const [index, { step, unit, origin = 0 }] of recorded.entries()) {
    const axis = axes[index];
    if (axis === undefined || step === undefined || (axis.step === step && axis.unit === unit)) continue;
    if (axis.step === step && unknown.has(plain(unit))) continue;
    notes[`recorded ${axis.name}`] = `step ${step} ${plain(unit) || "without unit"}, origin ${origin}`;
  }
  return notes;
}

interface Conversion {
  readonly unit: string;
  readonly factor: number;
}

function converted(recorded: RecordedAxis, name: string, convert: (unit: string) => Conversion | undefined): Axis {
  const given = recorded.name?.trim();
  const axis = { name: given && plain(given) !== "undefined" ? given : name };
  const { step, origin = 0 } = recorded;
  const unit = plain(recorded.unit);
  if (step === undefined || !Number.isFinite(step) || step === 0 || unknown.has(unit)) {
    return { ...axis, step: 1, unit: "px", origin: 0 };
  }
  const start = Number.isFinite(origin) ? origin : 0;
  if (pixels.has(unit)) return { ...axis, step, unit: "px", origin: start };
  const { unit: written, factor } = convert(unit) ?? { unit, factor: 1 };
  return { ...axis, step: step * factor, unit: written, origin: start * factor };
}

const named = (unit: string, factor: number | undefined): Conversion | undefined =>
  factor === undefined ? undefined : { unit, factor };

/** Without the decoration of TeX ("$A^{-1}$"), of EMD ("[n_m]") and of HyperSpy ("<undefined>"); one µ, one Å. */
const plain = (unit: string | undefined): string =>
  (unit ?? "")
    .replace(/\\AA|\u212b/g, "Å")
    .replace(/[$[\]{}<>_\\]/g, "")
    .replace(/\u03bc/g, "µ")
    .trim();

/** "1/nm", "1 / nm", "nm^-1", "nm-1", "nm**-1", "nm⁻¹", "1/(nm)" → "nm"; anything else → "". */
function reciprocalOf(unit: string): string {
  const match = /^(?:1\s*\/\s*\(?\s*([^\s()]+?)\s*\)?|([^\s^*⁻-]+)\s*(?:\^|\*\*)?\s*(?:\(-1\)|-\s*1|⁻¹))$/u.exec(unit);
  return match?.[1] ?? match?.[2] ?? "";
}

/** Symbols as they are, since "Mm" is not "mm"; spelled-out names in any case. */
const lookUp = (table: Readonly<Record<string, number>>, unit: string): number | undefined =>
  Object.hasOwn(table, unit) ? table[unit] : unit.length > 4 ? table[unit.toLowerCase()] : undefined;
