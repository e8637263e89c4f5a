import { random } from "../algebra/random.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { expanded, followed, refined } from "./coarse-to-fine.ts";
import type { DescendedFactors, Factorisation } from "./coordinate-descent.ts";
import { orderedPairs } from "./factor-pairs.ts";
import { type FactorSpace, factorSpace, thinned } from "./factor-space.ts";
import { nmfStarts } from "./nmf-starts.ts";
import type { Nmf, Svd } from "./results.ts";
import { type SvdOptions, svd } from "./svd.ts";

/** What every factorisation of the NMF family is told. */
export interface NmfOptions extends Watch {
  /** 1 … min(positions, pixels). */
  readonly components: number;
  /** Integer for the starts drawn at random. */
  readonly seed: number;
  /** Uncentred SVD of the same scan, with more than `components` components where there are more; computed where absent. */
  readonly svd?: Svd | undefined;
  /** How many starts, default 6: NNDSVD, NNDSVDa, successive projection, the rest drawn. */
  readonly starts?: number;
  /** Most exact sweeps over X at the end, each one read, default 4. */
  readonly sweeps?: number;
  /** Converged when the squared objective falls by less than this part of itself, default 10⁻⁶. */
  readonly tolerance?: number;
}

/** Singular components used beyond the wanted ones: they hold what the non-negative factors can reach besides. */
export const MARGIN = 4;
/** Starts are told apart on this much of the scan. */
const [START_POSITIONS, START_PIXELS] = [2000, 3000];

/** An SVD of the scan that is large enough, and the space that it spans. */
export interface NmfSpace {
  readonly found: Svd;
  readonly space: FactorSpace;
}

/**
 * The space that a factorisation into k components descends in.
 *
 * @param method  for messages
 * @throws ShapeError components outside 1 … min(positions, pixels), or more than the given SVD has
 */
export async function nmfSpace(method: string, scan: Scan, options: NmfOptions): Promise<NmfSpace> {
  const { components: k } = options;
  requireComponents(method, scan, k);
  const found = options.svd ?? (await spanningSvd(scan, options));
  if (found.singularValues.length < k) {
    throw new ShapeError(
      `${method}: expected an SVD of at least ${k} components, found ${found.singularValues.length}; ask svd for more`,
      { expected: k, got: found.singularValues.length },
    );
  }
  return { found, space: factorSpace(found, k + MARGIN) };
}

/** The SVD that factorisations into so many components descend in. */
export function spanningSvd(
  scan: Scan,
  { components, seed, signal }: Pick<NmfOptions, "components" | "seed" | "signal">,
  how: Pick<SvdOptions, "width" | "maximumReads"> = {},
): Promise<Svd> {
  const smaller = Math.min(area(scan.positions), area(scan.pixels));
  return svd(scan, { components: Math.min(smaller, components + MARGIN), seed, ...how, ...(signal && { signal }) });
}

export function requireComponents(method: string, scan: Scan, k: number): void {
  const smaller = Math.min(area(scan.positions), area(scan.pixels));
  if (Number.isInteger(k) && k >= 1 && k <= smaller) return;
  throw new ShapeError(
    `${method}: expected components from 1 to ${smaller} (the smaller of positions and pixels), found ${k}`,
    { expected: [1, smaller], got: k },
  );
}

/** Every start on a part of the space, compared on all of it; the best of them to the end. Best first. */
export function fromStarts({ found, space }: NmfSpace, options: NmfOptions): [Factorisation, ...DescendedFactors[]] {
  const { components: k, seed, starts: count = 6, tolerance = 1e-6, signal, onProgress } = options;
  const part = thinned(space, START_POSITIONS, START_PIXELS);
  const ended = nmfStarts(found, space, k, count, random(seed)).map((start, i) => {
    const onPart = followed(space, part, start, k, { maximumIterations: 100, signal });
    onProgress?.("nmf", (0.5 * (i + 1)) / count);
    return { onPart, whole: expanded(space, part, onPart, k) };
  });
  ended.sort((a, b) => a.whole.objective - b.whole.objective);
  const descents = { tolerance: 0.1 * tolerance, maximumIterations: 300, signal };
  const best = refined(space, part, ended[0].onPart, k, descents);
  onProgress?.("nmf", 0.7);
  return [best, ...ended.slice(1).map(({ whole }) => whole)];
}

/** An X of zeros: every component is zero, and that is exact. */
export function nothing(scan: Scan, k: number): Nmf {
  const empty = [new Float32Array(k * area(scan.positions)), new Float32Array(k * area(scan.pixels))] as const;
  return Object.freeze({
    ...orderedPairs(scan, ...empty),
    components: k,
    objective: 0,
    iterations: 0,
    converged: true,
    starts: Object.freeze([0]),
  });
}
