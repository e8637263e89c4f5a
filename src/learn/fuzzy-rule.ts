import { pow } from "../algebra/elementary.ts";
import { ShapeError } from "../scan/errors.ts";
import type { MembershipRule } from "./membership-rule.ts";
import { ON_CENTRE } from "./point-blocks.ts";

/**
 * Fuzzy c-means: u_k ∝ d_k^(−2/(m−1)), w = u^m, objective Σ u^m d². A point on centres is shared evenly among these alone.
 *
 * @see Bezdek, Pattern Recognition with Fuzzy Objective Function Algorithms (1981), theorem 11.1
 */
export function fuzzyRule(fuzzifier: number): MembershipRule {
  const power = 1 / (fuzzifier - 1);
  const rule: MembershipRule = (squared, u, w) => {
    const clusters = squared.length;
    let nearest = squared[0];
    for (let k = 1; k < clusters; k++) if (squared[k] < nearest) nearest = squared[k];
    if (nearest <= ON_CENTRE) return onCentre(squared, fuzzifier, u, w);
    // Ratios to the nearest centre are at most 1, so that no power overflows.
    let sum = 0;
    for (let k = 0; k < clusters; k++) {
      const ratio = nearest / squared[k];
      w[k] = ratio;
      u[k] = power === 1 ? ratio : pow(ratio, power);
      sum += u[k];
    }
    const share = 1 / sum;
    // u^m = u · u^(m−1), and u^(m−1) = ratio · share^(m−1).
    const tightness = power === 1 ? share : pow(share, fuzzifier - 1);
    for (let k = 0; k < clusters; k++) {
      u[k] *= share;
      w[k] *= u[k] * tightness;
    }
    return nearest * tightness;
  };
  return Object.assign(rule, { kernel: power === 1 ? ("inverseShares" as const) : undefined });
}

function onCentre(squared: Float64Array, fuzzifier: number, u: Float64Array, w: Float64Array): number {
  let on = 0;
  for (const value of squared) if (value <= ON_CENTRE) on++;
  squared.forEach((value, k) => {
    u[k] = value <= ON_CENTRE ? 1 / on : 0;
    w[k] = pow(u[k], fuzzifier);
  });
  return 0;
}

export function requireFuzzifier(method: string, fuzzifier: number): void {
  if (fuzzifier > 1 && Number.isFinite(fuzzifier)) return;
  throw new ShapeError(`${method}: expected a fuzzifier above 1, found ${fuzzifier}`, {
    expected: "> 1",
    got: fuzzifier,
  });
}
