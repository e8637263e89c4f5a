import { item, type Patterns } from "../scan/scan.ts";

/** Counts of a pattern that may turn negative: noise makes as many. */
const LACKING = 0.01;

/**
 * How much of each pattern could be another one: the largest part κ of pattern t that pattern s may be before t − κs is negative by more than
 * 1 % of its own counts.
 *
 * Data that are non-negative mixtures of t are as well mixtures of (t − κs) ÷ (1 − κ) with more of s, for any κ up to this bound: the range of
 * solutions that non-negative patterns leave. Pure positions, where a scan has them, narrow it to 0. Totals are taken as equal.
 *
 * @param factors  k patterns, ≥ 0
 * @returns k rows of k parts, 0 … 1; row t is for pattern t, 0 for itself and for empty patterns
 * @see Lawton & Sylvestre, Technometrics 13 (1971) 617 (the range for two components)
 * @example
 * freedom(patterns([1, 3], Float32Array.of(4, 0, 4, 1, 0, 1))); // [[0, 0.9…], [0.9…, 0]]
 */
export function freedom(factors: Patterns): number[][] {
  const all = Array.from({ length: factors.count }, (_, t) => normed(item(factors, t)));
  return all.map((whole, t) => all.map((part, s) => (s === t || !whole || !part ? 0 : largestPart(whole, part))));
}

function largestPart(whole: Float64Array, part: Float64Array): number {
  let [low, high] = [0, 1];
  while (high - low > 1e-3) {
    const kappa = (low + high) / 2;
    let lacking = 0;
    for (let j = 0; j < whole.length; j++) lacking += Math.max(0, kappa * part[j] - whole[j]);
    if (lacking <= LACKING * (1 - kappa)) low = kappa;
    else high = kappa;
  }
  return low;
}

function normed(pattern: Float32Array): Float64Array | undefined {
  const total = pattern.reduce((sum, value) => sum + value, 0);
  return total > 0 ? Float64Array.from(pattern, (value) => value / total) : undefined;
}
