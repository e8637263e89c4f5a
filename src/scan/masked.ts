import type { Scan } from "./scan.ts";
import { weighted } from "./weighted.ts";

/** Which positions and which pixels count: 1 = used, 0 = not. What is left out is used throughout. */
export interface Masks {
  readonly positions?: Uint8Array;
  readonly pixels?: Uint8Array;
}

/**
 * The scan with masked positions and pixels set to zero: beam stop, dead pixels, vacuum.
 *
 * Masked positions have zero images and weigh nothing in patterns; masked pixels are zero in every pattern.
 * Nothing is copied. 1 = used, everywhere (the reverse of HyperSpy).
 *
 * @param scan   X: positions × pixels
 * @param masks  positions and pixels that count
 * @throws ShapeError a mask does not have one value per position or pixel
 * @example
 * const used = new Uint8Array(scan.pixels[0] * scan.pixels[1]).fill(1);
 * const withoutBeamStop = masked(scan, { pixels: used });
 */
export function masked(scan: Scan, masks: Masks): Scan {
  return weighted(scan, masks.positions && weights(masks.positions), masks.pixels && weights(masks.pixels));
}

const weights = (mask: Uint8Array): Float32Array => Float32Array.from(mask, (used) => (used ? 1 : 0));
