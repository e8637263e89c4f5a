import { ShapeError } from "../scan/errors.ts";
import { area, type Images, type Patterns, patterns, type Scan } from "../scan/scan.ts";

/**
 * Virtual images: at each position, the counts that fall into each aperture. image = X · aperture
 *
 * All apertures are served by one read of the scan.
 *
 * @param scan       X: positions × pixels
 * @param apertures  stacks of weights over the detector: {@link disk}, {@link annulus} …, or learned patterns
 * @returns one image for each aperture, in the order given [counts]
 * @throws ShapeError  no aperture, or one made for another detector size (states both)
 * @example
 * const [rows, columns] = scan.pixels;
 * const centre = [(rows - 1) / 2, (columns - 1) / 2];
 * const both = await virtualImages(scan, [disk(scan.pixels, centre, 3), annulus(scan.pixels, centre, 3, 8)]);
 */
export async function virtualImages(scan: Scan, apertures: readonly Patterns[]): Promise<Images> {
  const count = apertures.reduce((sum, stack) => sum + stack.count, 0);
  if (count === 0) {
    throw new ShapeError("virtualImages: expected at least one aperture, found none", {
      expected: "at least 1",
      got: 0,
    });
  }
  const pixels = area(scan.pixels);
  const values = new Float32Array(count * pixels);
  let filled = 0;
  for (const stack of apertures) {
    if (stack.size[0] !== scan.pixels[0] || stack.size[1] !== scan.pixels[1]) {
      throw new ShapeError(
        `virtualImages: expected apertures of the detector's ${scan.pixels.join("×")} pixels, found ${stack.size.join("×")}`,
        { expected: scan.pixels, got: stack.size },
      );
    }
    values.set(stack.values, filled);
    filled += stack.values.length;
  }
  return scan.toImages(patterns(scan.pixels, values));
}
