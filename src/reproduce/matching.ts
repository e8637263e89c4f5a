import { area, type Images, item, type Patterns } from "../scan/scan.ts";

/** Σ a b ÷ (‖a‖ ‖b‖); 0 where either is zero. */
export function cosine(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let i = 0; i < a.length; i++) {
    ab += a[i]! * b[i]!;
    aa += a[i]! * a[i]!;
    bb += b[i]! * b[i]!;
  }
  return aa > 0 && bb > 0 ? ab / Math.sqrt(aa * bb) : 0;
}

/** Angle between two patterns [°]: 0 for the same up to a factor. */
export const angle = (a: ArrayLike<number>, b: ArrayLike<number>): number =>
  (Math.acos(Math.min(1, Math.max(-1, cosine(a, b)))) * 180) / Math.PI;

/** √(Σ (a − b)² ÷ n). */
export function rmsDifference(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += (a[i]! - b[i]!) ** 2;
  return Math.sqrt(sum / a.length);
}

/**
 * Which found item goes with each true one: the assignment with the largest sum of cosines. Found items may be more than true ones.
 *
 * @returns for each item of `truth` the index of its match in `found`
 */
export function matched(truth: Patterns | Images, found: Patterns | Images): number[] {
  const table = Array.from({ length: truth.count }, (_, t) =>
    Array.from({ length: found.count }, (_, f) => cosine(item(truth, t), item(found, f))),
  );
  let best: number[] = [];
  let most = Number.NEGATIVE_INFINITY;
  const assign = (taken: readonly number[], sum: number): void => {
    if (taken.length === truth.count) {
      if (sum > most) [best, most] = [[...taken], sum];
      return;
    }
    for (let f = 0; f < found.count; f++) {
      if (!taken.includes(f)) assign([...taken, f], sum + table[taken.length]![f]!);
    }
  };
  assign([], 0);
  return best;
}

/** The items of a stack in another order. */
export function reordered<Stack extends Patterns | Images>(stack: Stack, order: readonly number[]): Stack {
  const length = area(stack.size);
  const values = new Float32Array(order.length * length);
  for (const [to, from] of order.entries()) values.set(item(stack, from), to * length);
  return { ...stack, count: order.length, values };
}
