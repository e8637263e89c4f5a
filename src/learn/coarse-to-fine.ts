import type { Stack } from "../algebra/gram.ts";
import {
  type DescendedFactors,
  type DescentOptions,
  descend,
  descendFactors,
  type Factorisation,
  factorsFor,
} from "./coordinate-descent.ts";
import { type FactorSpace, type Part, taken } from "./factor-space.ts";

export interface Descents {
  /** Stop when the squared objective falls by less than this part of itself in one iteration. */
  readonly tolerance: number;
  /** Most iterations over the whole space; five times as many over a part of it. */
  readonly maximumIterations: number;
  readonly signal?: AbortSignal | undefined;
}

/** A start, k × pixels of the space, followed on a part of it far enough to be told from others. */
export function followed(
  space: FactorSpace,
  part: Part,
  start: Stack,
  k: number,
  options: Pick<DescentOptions, "maximumIterations" | "signal">,
): Factorisation {
  const own = part.chosen ? taken(start, space.pixels, part.chosen) : start;
  return descend(part, own, k, { tolerance: 1e-5, ...options });
}

/** What was found on a part, with the rest of the space fitted to it in a few iterations. */
export function expanded(space: FactorSpace, part: Part, found: Factorisation, k: number): DescendedFactors {
  if (!part.chosen) return found;
  const whole = descendFactors(space, factorsFor(space, found.loadings, part, k), k, {
    tolerance: 0,
    maximumIterations: 4,
  });
  return { ...whole, iterations: found.iterations };
}

/** From what was found on a part to the end: on the part first, so that few iterations are left for the whole space. */
export function refined(
  space: FactorSpace,
  part: Part,
  found: DescendedFactors,
  k: number,
  options: Descents,
): Factorisation {
  const { start, iterations } = refinedStart(space, part, found, k, options);
  const whole = descend(space, start, k, options);
  return { ...whole, iterations: iterations + whole.iterations };
}

/** Factors over the whole space that follow from the end of the descent over a part of it. */
export function refinedStart(
  space: FactorSpace,
  part: Part,
  found: DescendedFactors,
  k: number,
  { tolerance, maximumIterations, signal }: Descents,
): { readonly start: Float64Array; readonly iterations: number } {
  if (!part.chosen) return { start: found.factors, iterations: found.iterations };
  const fine = descend(part, found.factors, k, { tolerance, maximumIterations: 5 * maximumIterations, signal });
  return { start: factorsFor(space, fine.loadings, part, k), iterations: found.iterations + fine.iterations };
}
