import { coarseWasm, divergenceWasm, passesWasm } from "../kernels/kernels.wasm.ts";
import { hasSimd, kernelMemory, load } from "../kernels/simd.ts";
import { EngineError } from "../scan/errors.ts";
import type { DType } from "../scan/source.ts";
import { plainKernels } from "./kernels.plain.ts";

/** Columns of a panel, as in `kernels/passes.as.ts`. */
export const window = 256;

/** Widens rows × columns stored elements, `rowBytes` apart, into a float32 panel of `window` columns, padded to 4 with 0. */
export type Widen = (from: number, rowBytes: number, rows: number, columns: number, panel: number) => void;

/** The kernels of `kernels/passes.as.ts`, by address in one memory that belongs to one thread. */
export interface Kernels extends RatioKernels {
  readonly name: "simd" | "plain";
  /** The memory as it is now: changes when it grows, so never keep it. */
  readonly buffer: () => ArrayBuffer;
  /** Makes the memory at least so many bytes long. @throws EngineError the memory cannot be had */
  readonly grow: (bytes: number) => void;
  readonly widen: Readonly<Record<DType, Widen>>;
  readonly minus: (panel: number, rows: number, columns: number, origin: number) => void;
  readonly square: (panel: number, rows: number, columns: number) => void;
  /** totals += panel · patternsᵀ over the window that begins at column `offset`; patterns packed by {@link packPatterns}. */
  readonly dots: (
    panel: number,
    rows: number,
    columns: number,
    patterns: number,
    patternStride: number,
    offset: number,
    count: number,
    totals: number,
  ) => void;
  /** totals += stored u8 rows · one pattern (float32, padded), with no panel in between; the same bits as widen and dots. */
  readonly dotU8: (
    from: number,
    rowBytes: number,
    rows: number,
    columns: number,
    pattern: number,
    totals: number,
  ) => void;
  /** sums += weightsᵀ · panel. */
  readonly outer: (
    panel: number,
    rows: number,
    columns: number,
    weights: number,
    count: number,
    sums: number,
    sumStride: number,
  ) => void;
  /** sums ← max(sums, every row of the panel); what is no number is passed over. */
  readonly raise: (panel: number, rows: number, columns: number, sums: number) => void;
  /** wide += narrow; narrow ← 0. */
  readonly flush: (narrow: number, wide: number, length: number) => void;
  /** The products in whole numbers; only where there is SIMD. */
  readonly whole?: WholeKernels;
}

/** The kernels of `kernels/divergence.as.ts`; patterns packed by {@link packPatterns}. */
export interface RatioKernels {
  /** panel ← max(0, panel) ⊘ (weights · patterns), 0 where that is 0. */
  readonly divide: (
    panel: number,
    rows: number,
    columns: number,
    weights: number,
    patterns: number,
    patternStride: number,
    offset: number,
    count: number,
  ) => void;
  /** totals += Σ x ln(x/m) − x + m of every row of the window, x the panel, m = weights · patterns. */
  readonly divergence: (
    panel: number,
    rows: number,
    columns: number,
    weights: number,
    patterns: number,
    patternStride: number,
    offset: number,
    count: number,
    totals: number,
  ) => void;
}

/** The kernels of `kernels/coarse.as.ts`. */
export interface WholeKernels {
  readonly largestU16: (from: number, length: number) => number;
  readonly pairs: Readonly<Record<"u8" | "u16", Widen>>;
  /** totals += stored rows, `rowBytes` apart, · patternsᵀ. */
  readonly dots: Readonly<
    Record<
      "u8" | "u16",
      (
        from: number,
        rowBytes: number,
        rows: number,
        columns: number,
        patterns: number,
        patternStride: number,
        offset: number,
        count: number,
        totals: number,
      ) => void
    >
  >;
  /** sums += scales ∘ (weightsᵀ · panel). */
  readonly outer: (
    panel: number,
    rows: number,
    columns: number,
    weights: number,
    count: number,
    scales: number,
    sums: number,
    sumStride: number,
  ) => void;
}

/** Most bytes that one thread's memory can have: 4 GiB less one page. */
export const largestMemory = 2 ** 32 - 2 ** 16;
const page = 2 ** 16;

/** The kernels for this thread, with a memory of their own. */
export function loadKernels(simd: boolean = hasSimd()): Kernels {
  if (!simd) return plainKernels();
  const memory = kernelMemory();
  const found = load(passesWasm, memory) as unknown as Omit<
    Kernels,
    "name" | "buffer" | "grow" | "widen" | keyof RatioKernels
  > &
    Record<`widen${string}`, Widen>;
  const { divide, divergence } = load(divergenceWasm, memory) as unknown as RatioKernels;
  const coarse = load(coarseWasm, memory) as unknown as Record<string, never>;
  return {
    name: "simd",
    buffer: () => memory.buffer,
    grow(bytes) {
      const pages = Math.ceil((bytes - memory.buffer.byteLength) / page);
      if (pages <= 0) return;
      try {
        memory.grow(pages);
      } catch (cause) {
        throw outOfMemory(bytes, cause);
      }
    },
    widen: {
      u8: found.widenU8,
      i8: found.widenI8,
      u16: found.widenU16,
      i16: found.widenI16,
      u32: found.widenU32,
      i32: found.widenI32,
      f32: found.widenF32,
      f64: found.widenF64,
    },
    minus: found.minus,
    square: found.square,
    dots: found.dots,
    dotU8: found.dotU8,
    outer: found.outer,
    raise: found.raise,
    flush: found.flush,
    divide,
    divergence,
    whole: {
      largestU16: coarse.largestU16,
      pairs: { u8: coarse.pairsU8, u16: coarse.pairsU16 },
      dots: { u8: coarse.wholeDotsU8, u16: coarse.wholeDotsU16 },
      outer: coarse.wholeOuter,
    },
  };
}

/** The error when a thread's memory cannot grow. */
export function outOfMemory(bytes: number, cause: unknown): EngineError {
  const mebibytes = Math.ceil(bytes / 2 ** 20);
  return new EngineError(
    `threads: expected ${mebibytes} MiB of memory for one thread, the system refused; set --memory lower or learn fewer components`,
    { engine: "threads" },
    cause,
  );
}

/**
 * Lays patterns out as {@link Kernels.dots} reads them: in fours, 4 columns of each in turn; the count % 4 left over one after
 * the other. `to` holds width × stride elements and stride is a multiple of 4; patterns from `count` to `width` are 0.
 */
export function packPatterns(
  values: Float32Array,
  count: number,
  stride: number,
  to: Float32Array,
  width: number = count,
): void {
  const columns = values.length / count;
  to.fill(0);
  for (let k = 0; k < count; k++) {
    const four = k - (k % 4);
    if (four + 4 > width) {
      to.set(values.subarray(k * columns, (k + 1) * columns), k * stride);
      continue;
    }
    const start = four * stride + (k % 4) * 4;
    for (let i = 0; i < columns; i++) to[start + (i >> 2) * 16 + (i & 3)] = values[k * columns + i];
  }
}
