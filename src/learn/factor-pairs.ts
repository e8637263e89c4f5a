import { area, images, patterns, type Scan } from "../scan/scan.ts";
import type { Decomposition } from "./results.ts";

/** How components are told apart once they are found. */
export interface Ordering {
  /** "maximum": each loading has maximum 1, its factor is in counts (default). "kept": as they are, where their scale means something. */
  readonly scale?: "maximum" | "kept";
  /** So many components come first and stay as they are: what was given is given back bit for bit. */
  readonly held?: number;
}

/** Loadings (k × positions) and factors (k × pixels) as components: ordered by contribution ‖loading‖·‖factor‖, and scaled. */
export function orderedPairs(
  scan: Pick<Scan, "positions" | "pixels">,
  loadings: Float32Array,
  factors: Float32Array,
  { scale = "maximum", held = 0 }: Ordering = {},
): Decomposition {
  const [positions, pixels] = [area(scan.positions), area(scan.pixels)];
  const k = factors.length / pixels;
  const all = Array.from({ length: k }, (_, t) => {
    const loading = loadings.subarray(t * positions, (t + 1) * positions);
    const factor = factors.subarray(t * pixels, (t + 1) * pixels);
    return { loading, factor, contribution: norm(loading) * norm(factor) };
  });
  const learned = all.slice(held).sort((a, b) => b.contribution - a.contribution);
  const orderedLoadings = new Float32Array(k * positions);
  const orderedFactors = new Float32Array(k * pixels);
  [...all.slice(0, held), ...learned].forEach(({ loading, factor, contribution }, t) => {
    if (t < held) {
      orderedLoadings.set(loading, t * positions);
      orderedFactors.set(factor, t * pixels);
      return;
    }
    // A component with a zero half describes nothing, whatever stands in its other half.
    if (!(contribution > 0)) return;
    const largest = scale === "kept" ? 1 : loading.reduce((a, b) => Math.max(a, b), 0);
    for (let i = 0; i < positions; i++) orderedLoadings[t * positions + i] = loading[i] / largest;
    for (let j = 0; j < pixels; j++) orderedFactors[t * pixels + j] = factor[j] * largest;
  });
  return { loadings: images(scan.positions, orderedLoadings), factors: patterns(scan.pixels, orderedFactors) };
}

function norm(values: Float32Array): number {
  let sum = 0;
  for (const value of values) sum += value * value;
  return Math.sqrt(sum);
}
