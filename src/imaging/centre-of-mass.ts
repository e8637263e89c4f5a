import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, item, type Patterns, patterns, type Scan } from "../scan/scan.ts";
import type { Point } from "./apertures.ts";

export interface CentreOfMassOptions {
  /** Only what falls into this aperture counts (one pattern of weights); default: the whole detector. */
  readonly aperture?: Patterns;
  /** A place near the expected result, px; default: the middle of the detector. */
  readonly origin?: Point;
}

/**
 * Centre of mass of every pattern: Σ x·row ÷ Σ x and Σ x·column ÷ Σ x.
 *
 * Moments are taken about `origin` and not about the corner of the detector: a displacement of a fraction of a pixel would
 * otherwise be the small difference of large numbers. One read of the scan.
 *
 * @param scan  X: positions × pixels
 * @returns two images, row and column [px]; NaN where a pattern is empty
 * @throws ShapeError  an aperture of another size, or not exactly one
 * @example
 * const shifts = await centreOfMass(scan, { aperture: disk(scan.pixels, [10, 12], 6), origin: [10, 12] });
 */
export async function centreOfMass(scan: Scan, options: CentreOfMassOptions = {}): Promise<Images> {
  const [rows, columns] = scan.pixels;
  const { aperture, origin = [(rows - 1) / 2, (columns - 1) / 2] } = options;
  if (aperture && (aperture.count !== 1 || aperture.size[0] !== rows || aperture.size[1] !== columns)) {
    throw new ShapeError(
      `centreOfMass: expected one aperture of ${rows}×${columns} pixels, found ${aperture.count} of ${aperture.size.join("×")}`,
      { expected: scan.pixels, got: aperture.size },
    );
  }
  const pixels = area(scan.pixels);
  const moments = new Float32Array(3 * pixels);
  for (let pixel = 0; pixel < pixels; pixel++) {
    const weight = aperture ? aperture.values[pixel] : 1;
    moments[pixel] = weight;
    moments[pixels + pixel] = weight * (Math.floor(pixel / columns) - origin[0]);
    moments[2 * pixels + pixel] = weight * ((pixel % columns) - origin[1]);
  }
  const found = await scan.toImages(patterns(scan.pixels, moments));
  const sum = item(found, 0);
  const positions = area(scan.positions);
  const values = new Float32Array(2 * positions);
  for (const direction of [0, 1]) {
    const moment = item(found, direction + 1);
    for (let position = 0; position < positions; position++) {
      values[direction * positions + position] =
        sum[position] === 0 ? Number.NaN : origin[direction] + moment[position] / sum[position];
    }
  }
  return images(scan.positions, values);
}
