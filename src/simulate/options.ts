import { ShapeError } from "../scan/errors.ts";

/** Refuses an option outside its range. @throws ShapeError that names the option, the range and the value */
export function within(name: string, value: number, least: number, most: number): void {
  if (value >= least && value <= most) return;
  throw new ShapeError(`${name}: expected ${least} … ${most}, found ${value}`, { expected: [least, most], got: value });
}

/** The same for rows and columns, which must be whole numbers. */
export function wholeWithin(name: string, size: readonly number[], least: number, most: number): void {
  for (const length of size) {
    within(name, length, least, most);
    if (Number.isInteger(length)) continue;
    throw new ShapeError(`${name}: expected whole numbers, found ${length}`, { expected: "integers", got: length });
  }
}

/** Refuses pixels that are not on the detector. */
export function onDetector(name: string, indices: readonly number[], pixels: readonly [number, number]): void {
  wholeWithin(name, indices, 0, pixels[0] * pixels[1] - 1);
}

/** Options over their defaults; an option that is there but undefined counts as absent. */
export const overDefaults = <Options extends object>(
  defaults: Required<Options>,
  options: Options,
): Required<Options> => ({
  ...defaults,
  ...Object.fromEntries(Object.entries(options).filter(([, value]) => value !== undefined)),
});
