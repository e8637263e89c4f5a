import { interpolateInferno, interpolateMagma, interpolateRdBu, interpolateViridis } from "d3-scale-chromatic";

/** Perceptually uniform maps for unsigned values, one diverging map for signed values, and grey. */
export type ColourMap = "magma" | "inferno" | "viridis" | "grey" | "diverging";

const interpolators: Readonly<Record<ColourMap, (unit: number) => string>> = {
  magma: interpolateMagma,
  inferno: interpolateInferno,
  viridis: interpolateViridis,
  grey: (unit) => {
    const level = Math.round(unit * 255);
    return `rgb(${level}, ${level}, ${level})`;
  },
  // Red for positive, blue for negative, as physicists expect; white in the middle.
  diverging: (unit) => interpolateRdBu(1 - unit),
};

const tables = new Map<ColourMap, Uint8Array>();

/**
 * Look-up table of a colour map: 256 × (red, green, blue), 0 … 255. Computed once; do not write into it.
 * Entries 127 and 128 of the diverging map lie either side of zero and are both near white.
 *
 * @see Kovesi, arXiv:1509.03700, for why uniform maps
 */
export function colourTable(name: ColourMap): Uint8Array {
  const known = tables.get(name);
  if (known !== undefined) return known;
  const table = new Uint8Array(256 * 3);
  for (let i = 0; i < 256; i++) table.set(rgb(interpolators[name](i / 255)), i * 3);
  tables.set(name, table);
  return table;
}

/** "#rrggbb" or "rgb(r, g, b)" as three bytes. */
export function rgb(colour: string): [number, number, number] {
  const hex = /^#([0-9a-f]{6})$/i.exec(colour);
  if (hex !== null) {
    const value = Number.parseInt(hex[1]!, 16);
    return [value >> 16, (value >> 8) & 255, value & 255];
  }
  const [red = 0, green = 0, blue = 0] = (colour.match(/[\d.]+/g) ?? []).map(Number);
  return [Math.round(red), Math.round(green), Math.round(blue)];
}
