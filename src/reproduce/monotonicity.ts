/** The deepest fall of a profile that should only rise. */
export interface Drop {
  /** From the highest value before to the lowest after, as a part of the profile's range; 0 where it never falls. */
  readonly depth: number;
  /** Index of the low end. */
  readonly at: number;
}

export function deepestDrop(profile: ArrayLike<number>): Drop {
  const values = Array.from(profile);
  const range = Math.max(...values) - Math.min(...values);
  let [highest, depth, at] = [Number.NEGATIVE_INFINITY, 0, 0];
  for (const [i, value] of values.entries()) {
    highest = Math.max(highest, value);
    if (highest - value > depth) [depth, at] = [highest - value, i];
  }
  return { depth: range > 0 ? depth / range : 0, at };
}
