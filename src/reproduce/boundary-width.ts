/**
 * Width of a boundary in a profile that rises from near 0 to near 1: distance between the last crossing of 0.1 and the first crossing of 0.9
 * after it, linearly interpolated, in samples. NaN where the profile does not rise so far.
 */
export function boundaryWidth(profile: ArrayLike<number>, lower = 0.1, upper = 0.9): number {
  const end = crossing(profile, upper, 0);
  if (Number.isNaN(end)) return Number.NaN;
  let start = Number.NaN;
  for (let at = crossing(profile, lower, 0); at <= end; at = crossing(profile, lower, Math.floor(at) + 1)) start = at;
  return end - start;
}

/** Where the profile first rises through a level, from index `from` on. */
function crossing(profile: ArrayLike<number>, level: number, from: number): number {
  for (let i = from; i + 1 < profile.length; i++) {
    const [a, b] = [profile[i]!, profile[i + 1]!];
    if (a < level && b >= level) return i + (level - a) / (b - a);
  }
  return Number.NaN;
}
