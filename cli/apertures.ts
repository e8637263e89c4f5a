import { existsSync, readFileSync } from "node:fs";
import type { Command } from "commander";
import type { PatternSource, Patterns } from "../src/index.ts";
import { corners, numbers, repeated, spots } from "./arguments.ts";

type Spot = readonly [row: number, column: number, radius: number];
type Corner = readonly [row: number, column: number];

export interface ApertureOptions {
  readonly disk?: readonly (readonly number[])[];
  readonly annulus?: readonly (readonly number[])[];
  readonly polygon?: readonly (readonly Corner[])[];
  readonly reflections?: readonly (readonly Spot[])[];
}

/** Adds the options that describe apertures. */
export function withApertures(command: Command): Command {
  return command
    .option("--disk <R,C,RADIUS>", "round aperture, px; may be repeated", repeated(numbers("R,C,RADIUS")))
    .option("--annulus <R,C,INNER,OUTER>", "ring, px; may be repeated", repeated(numbers("R,C,INNER,OUTER")))
    .option("--polygon <R,C,R,C,…>", "aperture with corners, px; may be repeated", repeated(corners))
    .option(
      "--reflections <R,C,RADIUS;…>",
      "one aperture of several disks, or a file with R,C,RADIUS in each line; may be repeated",
      repeated((text: string) => spots(existsSync(text) ? readFileSync(text, "utf8") : text)),
    );
}

export const apertureCount = ({ disk = [], annulus = [], polygon = [], reflections = [] }: ApertureOptions): number =>
  disk.length + annulus.length + polygon.length + reflections.length;

/** A title and the weights of each aperture: disks first, then rings, polygons and reflections. */
export async function apertures(
  { disk = [], annulus = [], polygon = [], reflections = [] }: ApertureOptions,
  { pixels }: PatternSource,
): Promise<readonly (readonly [title: string, aperture: Patterns])[]> {
  const lib = await import("../src/imaging.ts");
  const found: [string, Patterns][] = [];
  for (const [row, column, radius] of disk) {
    found.push([`Disk ${row}, ${column}, ${radius}`, lib.disk(pixels, [row, column], radius)]);
  }
  for (const [row, column, inner, outer] of annulus) {
    found.push([`Annulus ${row}, ${column}, ${inner}–${outer}`, lib.annulus(pixels, [row, column], inner, outer)]);
  }
  for (const [i, vertices] of polygon.entries()) found.push([`Polygon ${i + 1}`, lib.polygon(pixels, vertices)]);
  for (const [i, disks] of reflections.entries()) found.push([`Reflections ${i + 1}`, lib.reflections(pixels, disks)]);
  return found;
}
