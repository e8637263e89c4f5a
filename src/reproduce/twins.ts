import type { Unmixing } from "../learn/unmix.ts";
import { item } from "../scan/scan.ts";
import type { WireScan } from "./wire-scans.ts";
import { backgroundOf } from "./wire-spots.ts";

/** Maps of the two twins of a wire: their parts of each position. */
export interface Twins {
  readonly first: Float32Array;
  readonly second: Float32Array;
  /** (first − second) ÷ both on the wire; NaN off it. */
  readonly contrast: Float32Array;
}

/** From the truth where it is known, else from unmixing into three. */
export function twinsOf({ truth, centre, radius }: WireScan, unmixed: Unmixing): Twins {
  const background = backgroundOf(unmixed.factors, { centre, radius });
  const others = [0, 1, 2].filter((k) => k !== background);
  const [first, second] = truth
    ? [item(truth.abundances, 0), item(truth.abundances, 1)]
    : [item(unmixed.loadings, others[0]!), item(unmixed.loadings, others[1]!)];
  const contrast = first.map((a, i) => (a + second[i]! > 0.5 ? (a - second[i]!) / (a + second[i]!) : Number.NaN));
  return { first, second, contrast };
}
