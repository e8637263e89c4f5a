import { area } from "../scan/scan.ts";
import type { DType, PatternSource } from "../scan/source.ts";
import { type Kernels, type WholeKernels, window } from "./kernels.ts";

/** Element types that a coarse pass multiplies as whole numbers, with the largest count, operands and columns at once that fit (see `kernels/coarse.as.ts`). */
const limits: Readonly<Partial<Record<DType, { count: number; pattern: number; weight: number; columns: number }>>> = {
  u8: { count: 255, pattern: 32767, weight: 32767, columns: 1024 },
  u16: { count: 4095, pattern: 8191, weight: 16383, columns: 256 },
};

/** Bytes that the kernels may read beyond the last pattern. */
export const overrun = 16;

/** The products of one coarse pass on one thread, block by block. */
export interface WholeProducts {
  /** Whether the counts of this block fit; where they do not, it is multiplied in float32. */
  fits(address: number, rows: number): boolean;
  /** totals[r · count + k] ← Σ x · pattern k. */
  dots(address: number, rows: number, totals: Float64Array): void;
  /** sums += weightsᵀ · x, into float32 sums `stride` elements apart; weights rows × count. */
  outer(address: number, rows: number, offsets: readonly number[], weights: Float32Array, sums: number): void;
}

/** Where the operands lie: addresses of areas of {@link wholeRoom}. */
export interface WholeRoom {
  readonly patterns: number;
  readonly totals: number;
  readonly weights: number;
  readonly scales: number;
}

/** Bytes of the areas for `count` operands, blocks of `rows` rows, patterns `stride` elements apart. */
export function wholeRoom(count: number, stride: number, rows: number): Readonly<Record<keyof WholeRoom, number>> {
  const fours = multiple(count, 4);
  return {
    patterns: fours * stride * 2,
    totals: rows * fours * 8,
    weights: multiple(rows, 2) * fours * 2,
    scales: fours * 4,
  };
}

/** Whether patterns of this type can be multiplied as whole numbers by these kernels. */
export const takesWholeNumbers = (kernels: Kernels, dtype: DType): boolean =>
  kernels.whole !== undefined && limits[dtype] !== undefined;

/**
 * Rounds the operands of a coarse pass: each pattern to at most 16 bits of its own largest entry, each block's weights likewise.
 *
 * @param patterns  B, count × pixels, or undefined where the pass has none
 */
export function wholeProducts(
  source: PatternSource,
  kernels: Kernels,
  count: number,
  patterns: Float32Array | undefined,
  stride: number,
  panel: number,
  at: WholeRoom,
): WholeProducts {
  const whole = kernels.whole as WholeKernels;
  const pixels = area(source.pixels);
  const dtype = source.dtype as "u8" | "u16";
  const size = dtype === "u8" ? 1 : 2;
  const limit = limits[dtype]!;
  const fours = multiple(count, 4);
  const patternScales = patterns && roundPatterns(patterns);

  function roundPatterns(values: Float32Array): Float64Array {
    const to = new Int16Array(kernels.buffer(), at.patterns, fours * stride).fill(0);
    return Float64Array.from({ length: count }, (_, k) => {
      const row = values.subarray(k * pixels, (k + 1) * pixels);
      const scale = largest(row) / limit.pattern;
      const inverse = scale > 0 ? 1 / scale : 0;
      // In fours, 8 columns of each in turn.
      const start = (k - (k % 4)) * stride + (k % 4) * 8;
      for (let i = 0; i < pixels; i++) to[start + (i >> 3) * 32 + (i & 7)] = Math.round(row[i] * inverse);
      return scale;
    });
  }

  /** Rounds the weights of a block, two rows side by side, and returns nothing: they lie at `at.weights`, their scales at `at.scales`. */
  function roundWeights(weights: Float32Array, rows: number): void {
    const to = new Int16Array(kernels.buffer(), at.weights, multiple(rows, 2) * fours).fill(0);
    const scales = new Float32Array(kernels.buffer(), at.scales, fours).fill(0);
    for (let k = 0; k < count; k++) {
      let most = 0;
      for (let r = 0; r < rows; r++) most = Math.max(most, Math.abs(weights[r * count + k]));
      scales[k] = most / limit.weight;
      const inverse = scales[k] > 0 ? 1 / scales[k] : 0;
      for (let r = 0; r < rows; r++) {
        // The scale is rounded to float32, so its inverse may lead just beyond the limit.
        const rounded = Math.round(weights[r * count + k] * inverse);
        to[(r >> 1) * 2 * fours + k * 2 + (r & 1)] = Math.max(-limit.weight, Math.min(limit.weight, rounded));
      }
    }
  }

  return {
    fits: (address, rows) => dtype === "u8" || whole.largestU16(address, rows * pixels) <= limit.count,
    dots(address, rows, totals) {
      const sums = new Float64Array(kernels.buffer(), at.totals, rows * fours).fill(0);
      for (let offset = 0; offset < pixels; offset += limit.columns) {
        const columns = Math.min(limit.columns, pixels - offset);
        const from = address + offset * size;
        whole.dots[dtype](from, pixels * size, rows, columns, at.patterns, stride, offset, fours, at.totals);
      }
      for (let r = 0; r < rows; r++) {
        for (let k = 0; k < count; k++) totals[r * count + k] = sums[r * fours + k] * patternScales![k];
      }
    },
    outer(address, rows, offsets, weights, sums) {
      roundWeights(weights, rows);
      for (const offset of offsets) {
        const columns = Math.min(window, pixels - offset);
        whole.pairs[dtype](address + offset * size, pixels * size, rows, columns, panel);
        whole.outer(panel, rows, columns, at.weights, fours, at.scales, sums + offset * 4, stride);
      }
    },
  };
}

function largest(values: Float32Array): number {
  let most = 0;
  for (const value of values) most = Math.max(most, Math.abs(value));
  return most;
}

/** The least multiple of `of` that is not below `value`. */
export const multiple = (value: number, of: number): number => Math.ceil(value / of) * of;
