import type { Images, Patterns, Scan, Size } from "../../src/scan/scan.ts";
import { type DType, type NumericArray, typedArray } from "../../src/scan/source.ts";

/** A seeded generator for tests, independent of the library's. */
export function lcg(seed: number): () => number {
  let state = (seed ^ 0x9e3779b9) >>> 0;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}

/** Seeded values of an element type: whole numbers over its range (or ±8000), with some zeros. */
export function someValues(dtype: DType, length: number, seed: number): NumericArray {
  const random = lcg(seed);
  const values = typedArray(dtype, new ArrayBuffer((length * Number(dtype.slice(1))) / 8));
  const unsigned = dtype.startsWith("u");
  const top = Math.min(8000, 2 ** (Number(dtype.slice(1)) - (unsigned ? 0 : 1)) - 1);
  for (let i = 0; i < length; i++) {
    const value = random() < 0.1 ? 0 : random() * top * (unsigned || random() < 0.5 ? 1 : -1);
    values[i] = dtype.startsWith("f") ? value / 7 : Math.trunc(value);
  }
  return values;
}

export function somePatterns(count: number, size: Size, seed: number): Patterns {
  const random = lcg(seed);
  return {
    kind: "patterns",
    count,
    size,
    values: Float32Array.from({ length: count * size[0] * size[1] }, () => random() - 0.3),
  };
}

export function someImages(count: number, size: Size, seed: number): Images {
  const random = lcg(seed);
  return {
    kind: "images",
    count,
    size,
    values: Float32Array.from({ length: count * size[0] * size[1] }, () => random() - 0.3),
  };
}

/** X·B, element by element, from the definition. */
export function naiveImages(x: Float64Array, positions: number, pixels: number, b: Patterns): Float64Array {
  const result = new Float64Array(b.count * positions);
  for (let k = 0; k < b.count; k++)
    for (let i = 0; i < positions; i++)
      for (let j = 0; j < pixels; j++) result[k * positions + i] += x[i * pixels + j] * b.values[k * pixels + j];
  return result;
}

/** Xᵀ·A, element by element, from the definition. */
export function naivePatterns(x: Float64Array, positions: number, pixels: number, a: Images): Float64Array {
  const result = new Float64Array(a.count * pixels);
  for (let k = 0; k < a.count; k++)
    for (let i = 0; i < positions; i++)
      for (let j = 0; j < pixels; j++) result[k * pixels + j] += x[i * pixels + j] * a.values[k * positions + i];
  return result;
}

/** Multiplicative updates of A, then Qᵀ·A and the divergence, from the definition; elements without a model are left out. */
export function naiveRatioSweep(
  x: Float64Array,
  positions: number,
  pixels: number,
  { count, values: before }: Images,
  { values: b }: Patterns,
  rounds: number,
) {
  const a = Float64Array.from(before);
  const model = (i: number, j: number): number => {
    let sum = 0;
    for (let k = 0; k < count; k++) sum += a[k * positions + i] * b[k * pixels + j];
    return sum;
  };
  const quotients = (): Float64Array =>
    x.map((value, at) => {
      const m = model(Math.floor(at / pixels), at % pixels);
      return m > 0 ? Math.max(0, value) / m : 0;
    });
  for (let round = 0; round < rounds; round++) {
    const q = quotients();
    for (let k = 0; k < count; k++) {
      const all = b.slice(k * pixels, (k + 1) * pixels).reduce((sum, value) => sum + value, 0);
      for (let i = 0; i < positions; i++) {
        let seen = 0;
        for (let j = 0; j < pixels; j++) seen += q[i * pixels + j] * b[k * pixels + j];
        a[k * positions + i] *= seen / all;
      }
    }
  }
  const q = quotients();
  const patterns = new Float64Array(count * pixels);
  const divergence = new Float64Array(positions);
  for (let i = 0; i < positions; i++) {
    for (let j = 0; j < pixels; j++) {
      for (let k = 0; k < count; k++) patterns[k * pixels + j] += q[i * pixels + j] * a[k * positions + i];
      const [value, m] = [Math.max(0, x[i * pixels + j]), model(i, j)];
      if (m > 0) divergence[i] += m - value + (value > 0 ? value * Math.log(value / m) : 0);
    }
  }
  return { images: a, patterns, divergence };
}

export function inner(a: ArrayLike<number>, b: ArrayLike<number>): number {
  let sum = 0;
  for (let i = 0; i < a.length; i++) sum += a[i] * b[i];
  return sum;
}

/** Largest difference, relative to the largest value. */
export function difference(found: ArrayLike<number>, expected: ArrayLike<number>): number {
  let most = 0;
  let largest = 1e-30;
  for (let i = 0; i < expected.length; i++) {
    largest = Math.max(largest, Math.abs(expected[i]));
    most = Math.max(most, Math.abs(found[i] - expected[i]));
  }
  return found.length === expected.length ? most / largest : Number.POSITIVE_INFINITY;
}

/** ⟨toImages(B), A⟩ and ⟨B, toPatterns(A)⟩ relative to ‖toImages(B)‖·‖A‖: 0 but for rounding. */
export async function adjointError(scan: Scan, count: number, seed: number): Promise<number> {
  const b = somePatterns(count, scan.pixels, seed);
  const a = someImages(count, scan.positions, seed + 1);
  const forward = await scan.toImages(b);
  const backward = await scan.toPatterns(a);
  const norm = Math.sqrt(inner(forward.values, forward.values) * inner(a.values, a.values)) || 1;
  return Math.abs(inner(forward.values, a.values) - inner(b.values, backward.values)) / norm;
}
