import { atan2, cos, sin } from "../algebra/elementary.ts";
import { median } from "../algebra/median.ts";
import { area, images, item } from "../scan/scan.ts";
import type { PatternSource } from "../scan/source.ts";
import type { Alignment } from "./alignment.ts";
import { type DirectBeamOptions, findDirectBeam } from "./direct-beam.ts";

export interface AlignOptions extends DirectBeamOptions {
  /** What becomes of the detector's edge, default "crop"; see `recentred`. Only the stated centre depends on it. */
  readonly edge?: "crop" | "fill";
}

/**
 * Finds the direct beam of every pattern, and the whole-pixel shifts that bring it to one place.
 *
 * shift = round(place − common place). The common place lies near the median of all places; its fraction of a pixel is the
 * circular mean of theirs, arg Σ exp(2πi · place), so that beams displaced by whole pixels round to exactly those,
 * wherever in the pixel the beam lies. Shifts of a scan without descan are 0.
 *
 * @throws DataError  no direct beam was found
 * @see {@link findDirectBeam} for how, and what it costs
 * @example
 * const { shifts } = await align(source);
 * const aligned = recentred(source, shifts);
 */
export async function align(source: PatternSource, options: AlignOptions = {}): Promise<Alignment> {
  const { edge = "crop" } = options;
  const { places, measured, fitted, plane, repaired, radius } = await findDirectBeam(source, options);
  const count = area(source.positions);
  const shifts = new Float32Array(2 * count);
  const centre = [0, 1].map((axis) => {
    const along = item(places, axis);
    const common = commonPlace(along, repaired);
    for (let i = 0; i < count; i++) shifts[axis * count + i] = Math.round(along[i]! - common) + 0; // + 0: no −0
    const least = shifts.subarray(axis * count, (axis + 1) * count).reduce((low, shift) => Math.min(low, shift), 0);
    return edge === "crop" ? common + least : common;
  });
  return {
    measured,
    fitted,
    shifts: images(source.positions, shifts),
    centre: centre as unknown as readonly [number, number],
    plane,
    repaired,
    radius,
  };
}

function commonPlace(places: Float32Array, repaired: Uint8Array): number {
  let cosine = 0;
  let sine = 0;
  const kept = new Float64Array(places.length);
  let count = 0;
  for (let i = 0; i < places.length; i++) {
    if (repaired[i] === 1) continue;
    kept[count++] = places[i]!;
    cosine += cos(2 * Math.PI * places[i]!);
    sine += sin(2 * Math.PI * places[i]!);
  }
  const fraction = atan2(sine, cosine) / (2 * Math.PI);
  const middle = median(count > 0 ? kept.subarray(0, count) : Float64Array.from(places));
  return fraction + Math.round(middle - fraction);
}
