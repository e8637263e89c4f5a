/** One hand for all figures: sizes in px of the drawing, colours legible on white paper and in grey print. */
export const fontFamily = "Inter,'Helvetica Neue',Helvetica,Arial,sans-serif";

export const fontSize = { title: 13, label: 12, tick: 11 } as const;

export const ink = { text: "#1c2430", soft: "#55606e", line: "#8b95a1", grid: "#e4e8ec", accent: "#b3261e" } as const;

/** Colours of curves and clusters, distinguishable without colour vision deficiency's help: Okabe & Ito 2008, darkened yellow, then repeats. */
export const categorical = [
  "#0072b2",
  "#d55e00",
  "#009e73",
  "#cc79a7",
  "#a67c00",
  "#56b4e9",
  "#7a5195",
  "#4d4d4d",
] as const;

export const colourOf = (index: number): string => categorical[index % categorical.length]!;

/**
 * Width of a line of text, px: an estimate from above, good for the fonts of {@link fontFamily}.
 * Layout must hold in whatever sans-serif the reader's machine has, so no font is measured.
 */
export function textWidth(content: string, size: number): number {
  let ems = 0;
  for (const character of content)
    ems += /[.,:;|ijlI' ]/.test(character) ? 0.32 : /[mwMW%@]/.test(character) ? 0.9 : 0.6;
  return ems * size;
}

const superscripts: Readonly<Record<string, string>> = {
  "-": "⁻",
  "0": "⁰",
  "1": "¹",
  "2": "²",
  "3": "³",
  "4": "⁴",
  "5": "⁵",
  "6": "⁶",
  "7": "⁷",
  "8": "⁸",
  "9": "⁹",
};

/** An integer as superscript: 10⁻³ is `10${superscript(-3)}`. */
export const superscript = (value: number): string =>
  [...String(value)].map((character) => superscripts[character] ?? character).join("");

/** A unit as printed: "1/Å" → "Å⁻¹", "1/nm" → "nm⁻¹", "um" → "µm"; others as they are. */
export function printedUnit(unit: string): string {
  const reciprocal = /^1\s*\/\s*(.+)$/.exec(unit);
  if (reciprocal !== null) return `${printedUnit(reciprocal[1]!)}⁻¹`;
  return unit === "um" ? "µm" : unit === "A" ? "Å" : unit;
}

/** An integer with thin spaces between thousands, as SI asks: 1 728. */
export const grouped = (value: number): string => String(Math.round(value)).replace(/\B(?=(\d{3})+$)/g, "\u202f");

/** A number with so many significant digits, a true minus sign, no trailing zeros. */
export function significant(value: number, digits = 3): string {
  if (!Number.isFinite(value)) return Number.isNaN(value) ? "–" : value > 0 ? "∞" : "−∞";
  const magnitude = Math.abs(value);
  if (magnitude !== 0 && (magnitude >= 1e6 || magnitude < 1e-4)) {
    const [mantissa, exponent] = value.toExponential(digits - 1).split("e");
    return `${Number(mantissa)}×10${superscript(Number(exponent))}`.replace("-", "−");
  }
  return String(Number(value.toPrecision(digits))).replace("-", "−");
}
