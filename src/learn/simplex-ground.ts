import type { Stack } from "../algebra/gram.ts";
import { random } from "../algebra/random.ts";
import type { Scan } from "../scan/scan.ts";
import { weighted } from "../scan/weighted.ts";
import type { Fits } from "./alternating-fits.ts";
import { constrainedNmf } from "./constrained-nmf.ts";
import { countSpace } from "./count-space.ts";
import type { Sum } from "./fully-constrained-least-squares.ts";
import { type NmfOptions, type NmfSpace, nmfSpace, requireComponents } from "./nmf-space.ts";
import { purePatterns } from "./nmf-starts.ts";
import type { Nmf } from "./results.ts";
import { onlyPicked, type Vertices } from "./vertices.ts";

export interface SimplexNmfOptions extends Omit<NmfOptions, "svd" | "starts"> {
  /** What the loadings of a position sum to, default "one". */
  readonly sum?: Exclude<Sum, "free">;
}

/**
 * What factorisations whose loadings sum to 1 start from. Pixels are weighted by 1 ÷ √(their mean counts), which evens out counting noise
 * where every position holds about as many counts, and leaves sums of loadings as they are.
 */
export interface SimplexGround extends NmfSpace {
  /** X with its pixels weighted. */
  readonly scan: Scan;
  /** Whole patterns, weighted as X is, k × pixels: corners picked by successive projection, averaged over neighbours. */
  readonly factors: Stack;
  /** The same corners among the positions; undefined where they span fewer than k dimensions. */
  readonly picked: Vertices | undefined;
  /** Patterns in counts from weighted ones. */
  readonly counts: (weighted: Float32Array) => Float32Array;
}

export async function simplexGround(method: string, scan: Scan, options: SimplexNmfOptions): Promise<SimplexGround> {
  const { components: k, seed, sum = "one", signal, onProgress } = options;
  requireComponents(method, scan, k);
  const space = await countSpace(scan, k, seed, { ...(signal && { signal }) });
  onProgress?.(method, 0.3);
  const roots = space.weights.map(Math.sqrt);
  const even = weighted(scan, undefined, roots);
  const ground = await nmfSpace(method, even, { components: k, seed, ...(signal && { signal }) });
  onProgress?.(method, 0.6);
  const found = onlyPicked(space, "successive-projection", seed);
  const brightest =
    !found || found.plane.conserved || sum === "one" ? 1 : found.plane.intensity.reduce((a, b) => Math.max(a, b), 0);
  const factors = found
    ? space
        .patternsOf(found.vertices)
        .values.map((value, at) => Math.max(0, brightest * value * roots[at % roots.length]))
    : purePatterns(ground.space, k, random(seed));
  return {
    ...ground,
    scan: even,
    factors,
    picked: found,
    counts: (values) =>
      values.map((value, at) => (roots[at % roots.length] > 0 ? value / roots[at % roots.length] : 0)),
  };
}

/** The factorisation from there to the end, its patterns in counts, its loadings as they are. */
export async function simplexNmf(
  method: string,
  ground: SimplexGround,
  start: { readonly factors: Stack; readonly loadings?: Stack },
  fits: Fits,
  options: SimplexNmfOptions,
): Promise<Nmf> {
  const { counts, scan } = ground;
  return constrainedNmf(scan, ground, { method, start, fits, ordering: { scale: "kept" }, counts }, options);
}
