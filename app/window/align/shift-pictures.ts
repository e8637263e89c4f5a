import { type Alignment, area, item, type Size, significant } from "../../../src/index.ts";

export interface ShiftPicture {
  readonly title: string;
  readonly note: string;
  readonly values: Float32Array;
  readonly size: Size;
  readonly range: readonly [number, number];
  readonly signed?: boolean;
  /** The plane fitted to it. */
  readonly plane?: Float32Array;
}

/** Measured place of the beam with the plane fitted to it, and the residual, for rows and for columns. */
export function shiftPictures({ measured, fitted, plane, repaired }: Alignment): ShiftPicture[] {
  const { size } = measured;
  return [0, 1].flatMap((axis): ShiftPicture[] => {
    const name = axis === 0 ? "Row" : "Column";
    const there = item(measured, axis);
    const on = item(fitted, axis);
    const residual = there.map((value, i) => value - on[i]);
    const kept = Array.from({ length: area(size) }, (_, i) => i).filter(
      (i) => repaired[i] === 0 && Number.isFinite(there[i]),
    );
    // Outliers are what the plane is there to repair: contrast is for the positions kept.
    const values = kept.flatMap((i) => [there[i], on[i]]);
    const range = [least(values), most(values)] as const;
    const limit = Math.max(most(kept.map((i) => Math.abs(residual[i]))), 0) || 0.5;
    return [
      {
        title: `${name} of the beam`,
        note: "px, with the fitted plane",
        values: there,
        size,
        range,
        plane: on,
      },
      {
        title: `${name}: what the plane leaves`,
        note: `rms ${significant(plane[axis].rms, 2)} px`,
        values: residual,
        size,
        range: [-limit, limit],
        signed: true,
      },
    ];
  });
}

const least = (values: readonly number[]): number => values.reduce((a, b) => Math.min(a, b), Number.POSITIVE_INFINITY);
const most = (values: readonly number[]): number => values.reduce((a, b) => Math.max(a, b), Number.NEGATIVE_INFINITY);
