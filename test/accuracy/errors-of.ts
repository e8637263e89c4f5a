import { solve } from "../../src/algebra/least-squares.ts";
import { area, type Images, item, type Patterns } from "../../src/scan/scan.ts";

/** Angle between two patterns, whatever their signs [°]. */
export function angle(a: Float32Array, b: Float32Array): number {
  let [ab, aa, bb] = [0, 0, 0];
  for (let j = 0; j < a.length; j++) {
    ab += a[j] * b[j];
    aa += a[j] * a[j];
    bb += b[j] * b[j];
  }
  return (Math.acos(Math.min(1, Math.abs(ab) / Math.sqrt(aa * bb))) * 180) / Math.PI;
}

export const rootMeanSquare = (a: Float32Array, b: Float32Array): number =>
  Math.sqrt(a.reduce((sum, value, i) => sum + (value - b[i]) ** 2, 0) / a.length);

/** Which found pattern belongs to which true one: the assignment with the smallest sum of angles, by trying all of them. */
export function matched(found: Patterns, truth: Patterns): number[] {
  const k = truth.count;
  const angles = Array.from({ length: k }, (_, t) =>
    Array.from({ length: k }, (_, f) => angle(item(found, f), item(truth, t))),
  );
  let best: number[] = [];
  let least = Infinity;
  const search = (chosen: number[], sum: number): void => {
    if (sum >= least) return;
    if (chosen.length === k) {
      best = chosen;
      least = sum;
      return;
    }
    for (let f = 0; f < k; f++) if (!chosen.includes(f)) search([...chosen, f], sum + angles[chosen.length][f]);
  };
  search([], 0);
  return best;
}

/** Angles and map errors of a result, in the order of the truth. */
export interface Errors {
  readonly angles: readonly number[];
  readonly maps: readonly number[];
}

/**
 * @param scaled  bring each map to the truth's scale first, where the scale of a component cannot be known
 */
export function errorsOf(
  found: { readonly factors: Patterns; readonly loadings: Images },
  truth: { readonly factors: Patterns; readonly loadings: Images },
  scaled = false,
): Errors {
  const order = matched(found.factors, truth.factors);
  return {
    angles: order.map((f, t) => angle(item(found.factors, f), item(truth.factors, t))),
    maps: order.map((f, t) => {
      const [map, known] = [item(found.loadings, f), item(truth.loadings, t)];
      return rootMeanSquare(scaled ? onScaleOf(map, known) : map, known);
    }),
  };
}

function onScaleOf(map: Float32Array, known: Float32Array): Float32Array {
  let [cross, own] = [0, 0];
  map.forEach((value, i) => {
    cross += value * known[i];
    own += value * value;
  });
  return map.map((value) => (own > 0 ? (value * cross) / own : 0));
}

/**
 * What no method without the truth can be asked to beat: patterns fitted with the true maps by least squares, and maps fitted with the true
 * patterns by unconstrained least squares weighted by 1 ÷ (mean pattern).
 *
 * @param x  positions × pixels
 */
export function limitsOf(x: Float64Array, truth: { readonly factors: Patterns; readonly loadings: Images }): Errors {
  const { factors, loadings } = truth;
  const [k, positions, pixels] = [factors.count, area(loadings.size), area(factors.size)];
  const mean = new Float64Array(pixels);
  const sums = new Float64Array(k * pixels);
  for (let i = 0; i < positions; i++) {
    for (let j = 0; j < pixels; j++) mean[j] += x[i * pixels + j];
    for (let t = 0; t < k; t++) {
      const part = loadings.values[t * positions + i];
      if (part !== 0) for (let j = 0; j < pixels; j++) sums[t * pixels + j] += part * x[i * pixels + j];
    }
  }
  const mapGram = products(loadings.values, k, positions);
  const fitted = new Float32Array(k * pixels);
  for (let j = 0; j < pixels; j++) {
    const values = solve(
      mapGram,
      Float64Array.from({ length: k }, (_, t) => sums[t * pixels + j]),
    );
    for (let t = 0; t < k; t++) fitted[t * pixels + j] = values[t];
  }
  const weights = mean.map((value) => (value > 0 ? 1 / value : 0));
  const patternGram = products(factors.values, k, pixels, weights);
  const maps = new Float32Array(k * positions);
  for (let i = 0; i < positions; i++) {
    const right = new Float64Array(k);
    for (let t = 0; t < k; t++) {
      for (let j = 0; j < pixels; j++) right[t] += factors.values[t * pixels + j] * weights[j] * x[i * pixels + j];
    }
    solve(patternGram, right).forEach((value, t) => {
      maps[t * positions + i] = value;
    });
  }
  return {
    angles: Array.from({ length: k }, (_, t) => angle(fitted.subarray(t * pixels, (t + 1) * pixels), item(factors, t))),
    maps: Array.from({ length: k }, (_, t) =>
      rootMeanSquare(maps.subarray(t * positions, (t + 1) * positions), item(loadings, t)),
    ),
  };
}

function products(rows: Float32Array, k: number, length: number, weights?: Float64Array): Float64Array {
  const result = new Float64Array(k * k);
  for (let t = 0; t < k; t++) {
    for (let s = 0; s < k; s++) {
      for (let x = 0; x < length; x++)
        result[t * k + s] += rows[t * length + x] * rows[s * length + x] * (weights?.[x] ?? 1);
    }
  }
  return result;
}
