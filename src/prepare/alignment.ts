import type { Images } from "../scan/scan.ts";

/** Where the direct beam is in every pattern, and how the patterns are moved so that it lies in one place. */
export interface Alignment {
  /** Row and column of the direct beam as measured, px, sub-pixel (2 × positions). NaN where it could not be found. */
  readonly measured: Images;
  /** Row and column of the plane fitted over the scan, px (2 × positions). */
  readonly fitted: Images;
  /** Displacement of the direct beam from its common place, px (2 × positions): the content of a pattern is moved by minus this. */
  readonly shifts: Images;
  /** Where the direct beam lies after alignment, px in the aligned (cropped or filled) pattern. */
  readonly centre: readonly [row: number, column: number];
  /** Plane coefficients per direction: beam = constant + perRow · row + perColumn · column [px, px/position]. */
  readonly plane: readonly [PlaneFit, PlaneFit];
  /** 1 where the measured place was an outlier (or not found) and the plane's was taken. */
  readonly repaired: Uint8Array;
  /** Radius of the direct beam, px. */
  readonly radius: number;
}

export interface PlaneFit {
  readonly constant: number;
  readonly perRow: number;
  readonly perColumn: number;
  /** Root mean square of (measured − plane) over the positions kept, px. */
  readonly rms: number;
}
