import { identity } from "./small-matrix.ts";

/** A function to be minimised: its value at x, and its gradient written into `gradient`. Infinite where it is not defined. */
export type Differentiable = (x: Float64Array, gradient: Float64Array) => number;

export interface Minimum {
  readonly x: Float64Array;
  readonly value: number;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * A local minimum of a smooth function of a few dozen unknowns, by the quasi-Newton method of Broyden, Fletcher, Goldfarb and Shanno.
 *
 * Steps are halved, or lengthened where the function still falls steeply, until both Wolfe conditions hold; points where the function is
 * infinite are never accepted, so it may carry a barrier. Deterministic. About n² multiplications an iteration beside the function itself.
 *
 * @param start              n unknowns, not changed; the function is finite there
 * @param tolerance          converged where no gradient entry exceeds it, default 10⁻⁶; the function should be scaled to about 1
 * @param maximumIterations  default 200
 * @see Nocedal & Wright, Numerical Optimization (2006), algorithm 6.1
 * @example
 * minimise((x, g) => { g[0] = 2 * (x[0] - 3); return (x[0] - 3) ** 2; }, Float64Array.of(0)).x; // [3]
 */
export function minimise(
  f: Differentiable,
  start: Float64Array,
  { tolerance = 1e-6, maximumIterations = 200 }: { tolerance?: number; maximumIterations?: number } = {},
): Minimum {
  const n = start.length;
  let x: Float64Array = start.slice();
  let gradient: Float64Array = new Float64Array(n);
  let value = f(x, gradient);
  let inverse = identity(n);
  let fresh = true;
  let iterations = 0;
  for (; iterations < maximumIterations; iterations++) {
    if (largest(gradient) <= tolerance) return { x, value, iterations, converged: true };
    let direction = times(inverse, gradient, -1);
    let slope = dot(direction, gradient);
    if (!(slope < 0)) {
      inverse = identity(n);
      direction = gradient.map((entry) => -entry);
      slope = -dot(gradient, gradient);
      fresh = true;
    }
    const found = lineSearch(f, x, value, direction, slope, fresh ? Math.min(1, 0.1 / largest(gradient)) : 1);
    if (!found) {
      if (fresh) break;
      // A direction that leads nowhere comes from a worn-out curvature: once more along the gradient.
      inverse = identity(n);
      fresh = true;
      continue;
    }
    const step = found.x.map((entry, i) => entry - x[i]);
    const change = found.gradient.map((entry, i) => entry - gradient[i]);
    if (fresh) inverse = identity(n, dot(step, change) / dot(change, change));
    update(inverse, step, change);
    fresh = false;
    const gained = value - found.value;
    ({ x, value, gradient } = found);
    if (gained <= 1e-13 * Math.max(1, Math.abs(value))) return { x, value, iterations, converged: true };
  }
  return { x, value, iterations, converged: largest(gradient) <= tolerance };
}

/** A step that satisfies both Wolfe conditions (10⁻⁴ and 0.9), by bisection; undefined where none is found. */
function lineSearch(
  f: Differentiable,
  x: Float64Array,
  value: number,
  direction: Float64Array,
  slope: number,
  first: number,
): { x: Float64Array; gradient: Float64Array; value: number } | undefined {
  let [low, high, step] = [0, Infinity, first];
  let best: { x: Float64Array; gradient: Float64Array; value: number } | undefined;
  for (let trial = 0; trial < 40; trial++) {
    const there = x.map((entry, i) => entry + step * direction[i]);
    const gradient = new Float64Array(x.length);
    const reached = f(there, gradient);
    if (!(reached <= value + 1e-4 * step * slope)) high = step;
    else {
      best = { x: there, gradient, value: reached };
      if (dot(gradient, direction) >= 0.9 * slope) return best;
      low = step;
    }
    step = high < Infinity ? (low + high) / 2 : 2 * low;
  }
  return best;
}

/** H ← (1 − ρ s yᵀ) H (1 − ρ y sᵀ) + ρ s sᵀ, ρ = 1/yᵀs. */
function update(inverse: Float64Array, step: Float64Array, change: Float64Array): void {
  const n = step.length;
  const along = dot(step, change);
  if (!(along > 1e-14 * Math.sqrt(dot(step, step) * dot(change, change)))) return;
  const turned = times(inverse, change, 1);
  const scale = (1 + dot(change, turned) / along) / along;
  for (let i = 0; i < n; i++) {
    for (let j = 0; j < n; j++) {
      inverse[i * n + j] += scale * step[i] * step[j] - (turned[i] * step[j] + step[i] * turned[j]) / along;
    }
  }
}

function times(matrix: Float64Array, x: Float64Array, sign: number): Float64Array {
  const n = x.length;
  const result = new Float64Array(n);
  for (let i = 0; i < n; i++) {
    let sum = 0;
    for (let j = 0; j < n; j++) sum += matrix[i * n + j] * x[j];
    result[i] = sign * sum;
  }
  return result;
}

function dot(a: Float64Array, b: Float64Array): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

const largest = (x: Float64Array): number => x.reduce((most, entry) => Math.max(most, Math.abs(entry)), 0);
