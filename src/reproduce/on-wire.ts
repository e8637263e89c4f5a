import { type Images, images } from "../scan/scan.ts";
import type { WireScan } from "./wire-scans.ts";
import { quantile } from "./wire-spots.ts";

/** 1 where the bright field is dark: on the wire. */
export function onWire({ brightField, scan }: Pick<WireScan, "brightField" | "scan">): Images {
  const [low, high] = [quantile(brightField.values, 0.02), quantile(brightField.values, 0.98)];
  const wanted = brightField.values.map((value) => (value < (low + high) / 2 ? 1 : 0));
  return images(scan.positions, wanted.some((value) => value > 0) ? wanted : wanted.fill(1));
}

/** The wire cut across its length: for every place along it the positions inside, in order. */
export interface Sections {
  /** Whether it runs along the columns. */
  readonly lengthwise: boolean;
  readonly sections: readonly (readonly number[])[];
}

/**
 * The wire runs along the columns where it spreads over them more than over the rows. Where it scatters too little to be seen it is taken to lie as
 * far across as where it is seen next.
 */
export function acrossWire(wire: Pick<WireScan, "brightField" | "scan">): Sections {
  const [rows, columns] = wire.scan.positions;
  const inside = onWire(wire).values;
  const places = [...inside.keys()].filter((i) => inside[i] === 1);
  const [row, column] = [(i: number) => Math.floor(i / columns), (i: number) => i % columns];
  const spread = (of: (i: number) => number): number => {
    const mean = places.reduce((sum, i) => sum + of(i), 0) / places.length;
    return places.reduce((sum, i) => sum + (of(i) - mean) ** 2, 0);
  };
  const lengthwise = spread(column) >= spread(row);
  const [along, across] = lengthwise ? [column, row] : [row, column];
  const seen = new Map<number, number[]>();
  for (const i of places) seen.set(along(i), [...(seen.get(along(i)) ?? []), across(i)]);
  const sections = Array.from({ length: lengthwise ? columns : rows }, (_, at) => {
    const next = [...seen.keys()].reduce((best, k) => (Math.abs(k - at) < Math.abs(best - at) ? k : best));
    return seen.get(next)!.map((place) => (lengthwise ? place * columns + at : at * columns + place));
  });
  return { lengthwise, sections };
}
