/** How well points in a plane lie about a triangle. */
export interface Triangle {
  /** Indices of the three points with the largest triangle between them, of those looked at. */
  readonly corners: readonly [number, number, number];
  /** Part of the points in the triangle or within 5 % of its height of it. */
  readonly inside: number;
  /** Part of the points that lie about it: within a quarter of the way from a corner, or within 10 % of its height of a side. */
  readonly edges: number;
}

/** The largest triangle between points, found by moving one corner at a time to the point that enlarges it most. */
export function onTriangle(x: Float32Array, y: Float32Array): Triangle {
  const area = (a: number, b: number, c: number): number =>
    Math.abs((x[b]! - x[a]!) * (y[c]! - y[a]!) - (x[c]! - x[a]!) * (y[b]! - y[a]!));
  let corners: [number, number, number] = [
    x.indexOf(Math.min(...x)),
    x.indexOf(Math.max(...x)),
    y.indexOf(Math.max(...y)),
  ];
  for (let moved = true; moved; ) {
    moved = false;
    for (const k of [0, 1, 2] as const) {
      const others = corners.filter((_, i) => i !== k) as [number, number];
      let best = corners[k];
      for (let i = 0; i < x.length; i++) if (area(i, ...others) > area(best, ...others) * (1 + 1e-9)) best = i;
      if (best !== corners[k]) {
        corners = corners.map((corner, i) => (i === k ? best : corner)) as [number, number, number];
        moved = true;
      }
    }
  }
  const [a, b, c] = corners;
  const whole = (x[b]! - x[a]!) * (y[c]! - y[a]!) - (x[c]! - x[a]!) * (y[b]! - y[a]!);
  let [inside, edges] = [0, 0];
  for (let i = 0; i < x.length; i++) {
    // Barycentric coordinates: 0 on the side opposite to a corner, 1 in it.
    const v = ((x[i]! - x[a]!) * (y[c]! - y[a]!) - (x[c]! - x[a]!) * (y[i]! - y[a]!)) / whole;
    const w = ((x[b]! - x[a]!) * (y[i]! - y[a]!) - (x[i]! - x[a]!) * (y[b]! - y[a]!)) / whole;
    const parts = [1 - v - w, v, w];
    const least = Math.min(...parts);
    if (least >= -0.05) inside++;
    if (Math.max(...parts) >= 0.75 || (least <= 0.1 && least >= -0.1)) edges++;
  }
  return { corners, inside: inside / x.length, edges: edges / x.length };
}
