import { ShapeError } from "../scan/errors.ts";

/**
 * A mask as lengths of runs, used and unused in turn, used first: short enough to stand in a recipe, so that the recipe alone
 * repeats the run.
 *
 * @param mask  1 = used, 0 = not
 * @example
 * const runs = maskRuns(Uint8Array.of(0, 0, 1, 1, 1, 0)); // 0 used, 2 not, 3 used, 1 not
 */
export function maskRuns(mask: Uint8Array): number[] {
  const runs: number[] = [];
  let used = 1;
  let length = 0;
  for (const value of mask) {
    if ((value === 0 ? 0 : 1) !== used) {
      runs.push(length);
      used = 1 - used;
      length = 0;
    }
    length++;
  }
  runs.push(length);
  return runs;
}

/**
 * The mask of {@link maskRuns}.
 *
 * @throws ShapeError the runs do not add up to `length`
 */
export function maskFromRuns(runs: readonly number[], length: number): Uint8Array {
  const total = runs.reduce((sum, run) => sum + run, 0);
  if (total !== length) {
    throw new ShapeError(`recipe: expected a mask of ${length} values, found ${total}; it was made for another size`, {
      expected: length,
      got: total,
    });
  }
  const mask = new Uint8Array(length);
  let at = 0;
  for (const [i, run] of runs.entries()) {
    if (i % 2 === 0) mask.fill(1, at, at + run);
    at += run;
  }
  return mask;
}
