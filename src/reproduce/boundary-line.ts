import { area, type Images, item } from "../scan/scan.ts";

export type Place = readonly [row: number, column: number];

/**
 * A line across the boundary of two twins: through the position where both are mixed most, from the middle of the first twin near it to that of
 * the second.
 *
 * @param parts   maps of the first and the second twin, 0 … 1
 * @param half    half the line's length, positions
 */
export function boundaryLine(parts: Images, half: number): { readonly from: Place; readonly to: Place } {
  const [rows, columns] = parts.size;
  const [first, second] = [item(parts, 0), item(parts, 1)];
  const count = area(parts.size);
  let [middle, most] = [0, -1];
  for (let i = 0; i < count; i++) {
    const [r, c] = [Math.floor(i / columns), i % columns];
    // The mean over 5 × 5 positions: a noisy one alone does not count, nor one at the wire's edge.
    let mixed = 0;
    for (let y = Math.max(0, r - 2); y <= Math.min(rows - 1, r + 2); y++) {
      for (let x = Math.max(0, c - 2); x <= Math.min(columns - 1, c + 2); x++)
        mixed += Math.min(first[y * columns + x]!, second[y * columns + x]!);
    }
    if (mixed > most) [middle, most] = [i, mixed];
  }
  const at: Place = [Math.floor(middle / columns), middle % columns];
  const centroid = (map: Float32Array): Place => {
    let [sum, y, x] = [1e-12, 0, 0];
    for (let i = 0; i < count; i++) {
      const [r, c] = [Math.floor(i / columns) - at[0], (i % columns) - at[1]];
      if (Math.hypot(r, c) > half) continue;
      sum += map[i]!;
      y += map[i]! * r;
      x += map[i]! * c;
    }
    return [y / sum, x / sum];
  };
  const [a, b] = [centroid(first), centroid(second)];
  const length = Math.hypot(b[0] - a[0], b[1] - a[1]) || 1;
  const along = [(b[0] - a[0]) / length, (b[1] - a[1]) / length] as const;
  // As far as the scan goes on both sides.
  const limit = (position: number, step: number, size: number): number =>
    step === 0 ? half : step > 0 ? (size - 1 - position) / step : -position / step;
  const forth = Math.min(half, limit(at[0], along[0], rows), limit(at[1], along[1], columns));
  const back = Math.min(half, limit(at[0], -along[0], rows), limit(at[1], -along[1], columns));
  return {
    from: [at[0] - back * along[0], at[1] - back * along[1]],
    to: [at[0] + forth * along[0], at[1] + forth * along[1]],
  };
}
