import { type Stack, WINDOW } from "../algebra/gram.ts";
import { type StackKernels, stackKernels } from "../algebra/stack-kernels.ts";
import type { FactorSpace } from "./factor-space.ts";

/** Factors k × pixels, and how the descent to them ended. */
export interface DescendedFactors {
  readonly factors: Float64Array;
  /** ‖X − Lᵀ·F‖ as the factor space knows it: what lies outside it is counted in full. */
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/** With the loadings that belong to them, k × positions. */
export interface Factorisation extends DescendedFactors {
  readonly loadings: Float64Array;
}

export interface DescentOptions {
  /** Stop when the squared objective falls by less than this part of itself in one iteration. */
  readonly tolerance: number;
  readonly maximumIterations: number;
  readonly signal?: AbortSignal | undefined;
}

/** Most rounds over the components of a row before the other side's turn: they cost little beside the products that they need. */
const INNER_ROUNDS = 8;
/** From zeros more rounds are needed than by rows that continue. */
const FIRST_ROUNDS = 40;
/** Rows end where a round moves them by less than this part of what the first did (Gillis & Glineur). */
const STILL = 0.001;

/**
 * Non-negative factorisation of Aᵀ·V from given factors: block coordinate descent (HALS) with extrapolated factors,
 * all of it in r dimensions.
 *
 * The loadings of the start follow from its factors. An extrapolation that raises the objective is taken back, so the
 * result is never worse than any iterate. About 4·(positions + pixels)·r·k operations for each iteration.
 *
 * @param start factors, k × pixels, ≥ 0; not changed
 * @see Cichocki & Phan, IEICE Trans. Fundam. E92-A (2009) 708 (HALS); Gillis & Glineur, Neural Comput. 24 (2012) 1085
 *      (inner sweeps); Ang & Gillis, Neural Comput. 31 (2019) 417, algorithm 3 (extrapolation and its steps)
 */
export function descend(
  space: FactorSpace,
  start: Stack,
  k: number,
  options: DescentOptions,
  kernels: StackKernels = stackKernels(),
): Factorisation {
  const { found, loadings } = descended(space, start, k, options, kernels);
  return { ...found, loadings: loadings() };
}

/** The same where nobody needs the loadings, which are long where there are many positions. */
export function descendFactors(space: FactorSpace, start: Stack, k: number, options: DescentOptions): DescendedFactors {
  return descended(space, start, k, options, stackKernels()).found;
}

/** The loadings can be had until the kernels are asked for other rooms. */
function descended(
  space: FactorSpace,
  start: Stack,
  k: number,
  options: DescentOptions,
  kernels: StackKernels,
): { readonly found: DescendedFactors; readonly loadings: () => Float64Array } {
  const { tolerance, maximumIterations, signal } = options;
  const work = workspace(kernels, space.rank, k, [space.a, space.v], [1, 3]);
  const [positions, pixels] = work.sides;
  const [loadings] = positions.values;
  let [kept, ahead, spare] = pixels.values;
  work.put(pixels, kept, start);
  work.put(pixels, ahead, start);
  work.clear(positions, loadings);
  work.tell(pixels, ahead);
  let least = Infinity;
  let [reach, most, safe] = [0.5, 1, 0.5];
  let iterations = 0;
  let converged = false;
  let small = 0;
  while (iterations < maximumIterations && !converged) {
    signal?.throwIfAborted();
    work.fit(positions, loadings, pixels, iterations === 0 ? FIRST_ROUNDS : INNER_ROUNDS);
    // `kept` is where the last accepted step ended: `spare` becomes now + reach·(now − kept).
    const now = ahead;
    const extrapolated = { before: kept, reach: iterations === 0 ? 0 : reach, ahead: spare };
    const gained = work.fit(pixels, now, positions, INNER_ROUNDS, extrapolated);
    const objective = Math.max(0, space.squaredNorm - gained);
    iterations++;
    if (objective > least) {
      [most, reach] = [safe, reach / 1.5];
      work.copy(pixels, kept, ahead);
      work.tell(pixels, ahead);
      continue;
    }
    // One small step may only mean that the extrapolation has just been taken back.
    small = least - objective <= tolerance * (objective + space.outside) ? small + 1 : 0;
    // Below 10⁻¹⁵ of the norm only rounding is left.
    converged = small === 3 || objective <= 1e-15 * space.squaredNorm;
    least = objective;
    safe = reach;
    most = Math.min(1, most * 1.01);
    reach = Math.min(most, reach * 1.05);
    [kept, ahead, spare] = [now, spare, kept];
  }
  // The loadings belong to the extrapolated factors: fit them once more to those that are kept.
  work.tell(pixels, kept);
  const rounds = iterations === 0 ? FIRST_ROUNDS : 2 * INNER_ROUNDS;
  least = Math.max(0, space.squaredNorm - work.fit(positions, loadings, pixels, rounds));
  const factors = work.get(pixels, kept);
  return {
    found: { factors, objective: Math.sqrt(least + space.outside), iterations, converged },
    loadings: () => work.get(positions, loadings),
  };
}

/** Factors that fit given loadings over all pixels of a space; the loadings may cover other positions (a part of the scan). */
export function factorsFor(space: FactorSpace, loadings: Stack, of: FactorSpace, k: number): Float64Array {
  const work = workspace(stackKernels(), space.rank, k, [of.a, space.v], [1, 1]);
  const [positions, pixels] = work.sides;
  work.put(positions, positions.values[0], loadings);
  work.tell(positions, positions.values[0]);
  work.clear(pixels, pixels.values[0]);
  work.fit(pixels, pixels.values[0], positions, FIRST_ROUNDS);
  return work.get(pixels, pixels.values[0]);
}

/** One side of the factorisation: positions or pixels. Addresses in the kernels' memory; strides in elements. */
interface Side {
  readonly length: number;
  readonly stride: number;
  /** r × length, float32. */
  readonly points: number;
  /** Stacks of k × length, float64. */
  readonly values: readonly number[];
  /** What this side's values Y tell the other: Y·pointsᵀ (k × r), YYᵀ and the inverse of its diagonal. */
  readonly projected: number;
  readonly gram: number;
  readonly inverse: number;
}

interface Extrapolation {
  readonly before: number;
  readonly reach: number;
  readonly ahead: number;
}

/** Both sides laid out for the kernels, each with so many stacks of values, and what is done with them. */
function workspace(
  kernels: StackKernels,
  rank: number,
  k: number,
  points: readonly [Float32Array, Float32Array],
  stacks: readonly [number, number],
) {
  const lengths = points.map((values) => values.length / rank);
  // An odd multiple of 8: rows below one another do not compete for the same cache lines.
  const strides = lengths.map((length) => 8 * (Math.ceil(length / 8) | 1));
  const sizes = strides.map((stride, s) => [
    ...[rank * stride * 4, rank * k * 8, k * k * 8, k * 8],
    ...new Array<number>(stacks[s]).fill(k * stride * 8),
  ]);
  const [panel, target, ...rooms] = kernels.rooms(rank * WINDOW * 8, k * WINDOW * 8, ...sizes.flat());
  const sides = points.map((values, s): Side => {
    const [at, projected, gram, inverse, ...stack] = rooms.splice(0, sizes[s].length);
    const placed = kernels.floats(at, rank * strides[s]).fill(0);
    for (let c = 0; c < rank; c++) placed.set(values.subarray(c * lengths[s], (c + 1) * lengths[s]), c * strides[s]);
    return { length: lengths[s], stride: strides[s], points: at, values: stack, projected, gram, inverse };
  });
  const all = (side: Side, stack: number) => kernels.doubles(stack, k * side.stride);

  /** What `stack` tells the other side, window by window, after `change` has had its way with each. */
  function tell(side: Side, stack: number, change?: (offset: number, columns: number) => void): void {
    const { stride, projected, gram, inverse } = side;
    kernels.doubles(projected, k * rank).fill(0);
    const products = kernels.doubles(gram, k * k).fill(0);
    for (let start = 0; start < stride; start += WINDOW) {
      const columns = Math.min(WINDOW, stride - start);
      const at = stack + start * 8;
      kernels.widen(side.points + start * 4, stride, rank, columns, panel, WINDOW);
      change?.(start * 8, columns);
      kernels.gram(at, stride, k, panel, WINDOW, rank, columns, projected, rank);
      kernels.gram(at, stride, k, at, stride, k, columns, gram, k);
    }
    const inverses = kernels.doubles(inverse, k);
    for (let t = 0; t < k; t++) inverses[t] = products[t * k + t] > 0 ? 1 / products[t * k + t] : 0;
  }

  return {
    sides,
    tell,
    /**
     * Improves `stack` for the other side held fixed, and tells the other side the result, or the extrapolation where one is asked.
     * Returns by how much that lowers the squared norm.
     */
    fit(side: Side, stack: number, other: Side, rounds: number, further?: Extrapolation): number {
      let gained = 0;
      tell(side, further?.ahead ?? stack, (offset, columns) => {
        const y = stack + offset;
        kernels.combine(other.projected, k, rank, panel, WINDOW, columns, target, WINDOW);
        gained += kernels.improve(
          ...([y, side.stride, target, WINDOW] as const),
          ...([other.gram, other.inverse, k, columns, rounds, STILL] as const),
        );
        if (!further) return;
        const { before, ahead, reach } = further;
        kernels.extrapolate(y, before + offset, ahead + offset, side.stride, k, columns, reach);
      });
      return gained;
    },
    put(side: Side, stack: number, values: Stack): void {
      const to = all(side, stack).fill(0);
      const { length, stride } = side;
      for (let t = 0; t < k; t++) to.set(values.subarray(t * length, (t + 1) * length), t * stride);
    },
    get(side: Side, stack: number): Float64Array {
      const from = all(side, stack);
      const { length, stride } = side;
      const values = new Float64Array(k * length);
      for (let t = 0; t < k; t++) values.set(from.subarray(t * stride, t * stride + length), t * length);
      return values;
    },
    copy: (side: Side, from: number, to: number): void => all(side, to).set(all(side, from)),
    clear: (side: Side, stack: number): void => void all(side, stack).fill(0),
  };
}
