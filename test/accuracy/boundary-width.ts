/** From here to there of its way a map is followed across a boundary. */
const [LOW, HIGH] = [0.1, 0.9];
const BINS = 10;
/** Positions that the mean of a level is taken over at least. */
const FEWEST = 8;

/**
 * How wide a map shows boundaries, as a part of their true width: 1 where it follows the truth, less where it is steeper.
 *
 * Positions are sorted by the true part u of the component, so all boundaries of the scan are averaged, whatever their shape. The mean of the map
 * rises over u from its level outside (u = 0) to that inside (u = 1); between the places where it has come 10 and 90 % of the way
 * a map that is linear in u has 0.8.
 *
 * @returns undefined where the component is hardly anywhere pure, or hardly anywhere absent, or there is no boundary
 */
export function boundaryWidth(map: Float32Array, truth: Float32Array): number | undefined {
  const sums = Array.from({ length: BINS + 2 }, () => ({ count: 0, u: 0, value: 0 }));
  truth.forEach((u, i) => {
    const bin = u < 0.005 ? 0 : u > 0.995 ? BINS + 1 : 1 + Math.min(BINS - 1, Math.floor(BINS * u));
    sums[bin].count++;
    sums[bin].u += u;
    sums[bin].value += map[i];
  });
  if (sums[0].count < FEWEST || sums[BINS + 1].count < FEWEST) return undefined;
  const level = (bin: { count: number; value: number }): number => bin.value / bin.count;
  const [outside, inside] = [level(sums[0]), level(sums[BINS + 1])];
  const rise = sums
    .filter(({ count }) => count >= FEWEST)
    .map((bin) => ({ u: bin.u / bin.count, height: (level(bin) - outside) / (inside - outside) }));
  if (rise.length < 6) return undefined;
  const crossing = (height: number): number => {
    const next = rise.findIndex((point, i) => i > 0 && point.height >= height);
    const [a, b] = [rise[next - 1], rise[next]];
    return a.u + ((height - a.height) / (b.height - a.height)) * (b.u - a.u);
  };
  return (crossing(HIGH) - crossing(LOW)) / (HIGH - LOW);
}
