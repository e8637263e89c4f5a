// Timing in pairs: ours and the peer's in turn, so that a ratio holds while the machine's speed drifts.

/** Milliseconds that some work takes. */
export async function timed(work) {
  const start = performance.now();
  await work();
  return performance.now() - start;
}

/**
 * Both once to warm up, then `repeats` pairs.
 *
 * @param ours    takes ms
 * @param theirs  takes ms, or undefined where there is no peer
 * @returns       { ours, theirs, ratio } as medians with their spread; ratio is theirs over ours: how many times as fast
 */
export async function inPairs(repeats, ours, theirs, { warm = true } = {}) {
  if (warm) {
    await ours();
    await theirs?.();
  }
  const pairs = [];
  for (let i = 0; i < repeats; i++) pairs.push([await ours(), await theirs?.()]);
  return {
    ours: spread(pairs.map(([a]) => a)),
    theirs: theirs && spread(pairs.map(([, b]) => b)),
    ratio: theirs && spread(pairs.map(([a, b]) => b / a)),
  };
}

/** Median, least and most. */
export function spread(values) {
  const sorted = [...values].sort((x, y) => x - y);
  return { median: sorted[sorted.length >> 1], min: sorted[0], max: sorted.at(-1) };
}

/** A spread in other units. */
export const times = (found, factor) =>
  found && { median: found.median * factor, min: found.min * factor, max: found.max * factor };
