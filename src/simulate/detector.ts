import type { Random } from "../algebra/random.ts";

/** A camera that films a fluorescent screen: counts of 0 … 255. */
export interface CcdDetector {
  readonly kind: "ccd";
  /** Counts per electron. */
  readonly gain: number;
  /** Standard deviation of the readout noise, counts. */
  readonly readNoise: number;
  /** Counts without any light. */
  readonly offset: number;
}

/** A detector that counts electrons one by one, up to what its counter holds. */
export interface CountingDetector {
  readonly kind: "counting";
  /** Largest count, 1 … 65 535. */
  readonly saturation: number;
}

export type Detector = CcdDetector | CountingDetector;

/** The element type that a detector's numbers are held in. */
export const detectorType = (detector: Detector): "u8" | "u16" =>
  detector.kind === "ccd" || detector.saturation < 256 ? "u8" : "u16";

/**
 * What a pixel records where so many electrons are expected: Poisson counts, cut off at the largest; for a camera the gain, the offset and
 * normally distributed readout noise over these, rounded and cut off at 0 and 255.
 */
export function recordedBy(detector: Detector, { poisson, normal }: Random): (electrons: number) => number {
  if (detector.kind === "counting") return (electrons) => Math.min(detector.saturation, poisson(electrons));
  const { gain, readNoise, offset } = detector;
  return (electrons) => {
    const counts = offset + gain * poisson(electrons) + (readNoise > 0 ? readNoise * normal() : 0);
    return Math.min(255, Math.max(0, Math.round(counts)));
  };
}
