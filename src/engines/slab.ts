import { area } from "../scan/scan.ts";
import { type PatternSource, patternBytes } from "../scan/source.ts";
import { rowRunner } from "../scan/sweep.ts";
import { type Kernels, packPatterns, window } from "./kernels.ts";
import { imagesLeft, leavesImages, type Pass } from "./pass.ts";
import { type RatioRounds, ratioRounds } from "./ratio-rounds.ts";
import { type Addresses, arenaOf, layoutOf } from "./slab-memory.ts";
import { multiple, overrun, takesWholeNumbers, type WholeProducts, wholeProducts } from "./whole-numbers.ts";

/** Patterns read and multiplied together: a panel and its operands stay in the first cache, the patterns as stored in the second. */
const mostRows = 18;
/** Patterns whose weighted sum is kept in float32 before it is added up in float64. */
const flushEvery = 256;
const largestBlock = 2 ** 23;

/** What one slab adds to a pass: its part of T (count × its positions), its part of Xᵀ·T (count × pixels). */
export interface SlabResult {
  readonly images?: Float32Array;
  readonly patterns?: Float32Array;
}

/** A slab to be computed: positions first … first+count−1. */
export interface Slab {
  readonly slab: number;
  readonly first: number;
  readonly count: number;
  /** Whether its patterns may be kept for later passes: no slab is kept by two threads. */
  readonly keep: boolean;
  /** Where the parts of the result go: buffers at least as large as these. */
  readonly rooms: { readonly [Part in keyof SlabResult]?: ArrayBuffer };
}

/** One thread's side of an engine. */
export interface SlabPasses {
  /** Makes a pass ready: its operands are laid out once for all slabs. */
  begin(pass: Pass): void;
  /** Computes a slab's part of the pass. */
  run(slab: Slab): Promise<SlabResult>;
}

/** It reads slabs of the source, keeps what it may, and computes their part of a pass. */
export interface SlabRunner extends SlabPasses {
  /** These patterns where they are kept, in the source's element type. */
  kept(first: number, count: number): Uint8Array | undefined;
  /** Bytes of patterns kept. */
  keptBytes(): number;
}

/** Patterns read and multiplied together: fixed by the scan. */
const blockRows = (source: PatternSource): number =>
  Math.max(1, Math.min(mostRows, Math.floor(largestBlock / patternBytes(source))));

/**
 * @param source   where patterns come from
 * @param kernels  with their memory
 * @param budget   bytes of patterns that may be kept between passes; a slab is kept whole or not at all
 */
export function slabRunner(source: PatternSource, kernels: Kernels, budget: number): SlabRunner {
  const pixels = area(source.pixels);
  const bytes = patternBytes(source);
  const rows = blockRows(source);
  const stride = multiple(pixels, 8);
  const arena = arenaOf(kernels);
  const scratch = arena.take(rows * bytes + overrun);
  const panel = arena.take((rows + 2) * window * 4);
  const held = new Map<number, { readonly address: number; readonly first: number; readonly count: number }>();
  let heldBytes = 0;
  let operands = { address: 0, bytes: 0 };
  let current:
    | {
        readonly pass: Pass;
        readonly at: Addresses;
        readonly lit: readonly number[];
        readonly width: number;
        readonly whole?: WholeProducts;
        readonly ratio?: RatioRounds;
      }
    | undefined;
  const everywhere = Array.from({ length: Math.ceil(pixels / window) }, (_, i) => i * window);

  function begin(pass: Pass): void {
    const inWholeNumbers = pass.coarse && !pass.minus && !pass.squared && takesWholeNumbers(kernels, source.dtype);
    const width = pass.product === "ratioSweep" || inWholeNumbers ? pass.count : widthFor(pass.count);
    const layout = layoutOf({ ...pass, count: width }, stride, rows);
    if (operands.bytes < layout.bytes)
      operands = { address: arena.grown(operands.address, operands.bytes, layout.bytes), bytes: layout.bytes };
    const at = layout.at(operands.address);
    const place = (address: number, count: number) => new Float32Array(kernels.buffer(), address, count * stride);
    if (pass.patterns) packPatterns(pass.patterns, pass.count, stride, place(at.patterns, width), width);
    if (pass.minus) place(at.minus, 1).fill(0).set(pass.minus);
    // Apertures are sparse: windows where no pattern has a weight are neither widened nor multiplied.
    const lit = everywhere.filter((offset) => pass.patterns && !isDark(pass.patterns, pass.count, pixels, offset));
    current = {
      pass,
      at,
      lit,
      width,
      ...(pass.product === "ratioSweep" && { ratio: ratioRounds(kernels, pass, panel, stride, at) }),
      ...(inWholeNumbers && {
        whole: wholeProducts(source, kernels, pass.count, pass.patterns, stride, panel, at.whole),
      }),
    };
  }

  /** Address of a slab kept from an earlier pass, or of fresh room for it, or undefined where it may not be kept. */
  function room({ slab, count, keep }: Slab): { readonly address: number; readonly filled: boolean } | undefined {
    const kept = held.get(slab);
    if (kept) return { address: kept.address, filled: true };
    const needed = count * bytes + overrun;
    if (!keep || heldBytes + needed > budget || !arena.has(needed)) return undefined;
    heldBytes += needed;
    return { address: arena.take(needed), filled: false };
  }

  async function run(slab: Slab): Promise<SlabResult> {
    const { first, count, rooms } = slab;
    const { pass, at, lit, width, whole, ratio } = current!;
    const positions = pass.images ? pass.images.length / pass.count : 0;
    const kept = room(slab);
    const found = leavesImages(pass) ? new Float32Array(rooms.images!, 0, imagesLeft(pass) * count) : undefined;
    const step = rowRunner(pass.steps, pass.count);
    const most = pass.product === "maximum";
    const sums =
      pass.product === "toImages"
        ? undefined
        : new Float32Array(kernels.buffer(), at.sums, width * stride).fill(most ? -Infinity : 0);
    // A slab of few patterns is summed in float32 as a whole.
    const wide =
      sums && !most && count > flushEvery
        ? new Float64Array(kernels.buffer(), at.wide, width * stride).fill(0)
        : undefined;
    // Bytes against one pattern: widening them into a panel first would take longer than multiplying.
    const direct = source.dtype === "u8" && pass.count === 1 && !pass.minus && !pass.squared;
    let unflushed = 0;
    for (let done = 0; done < count; done += rows) {
      const here = Math.min(rows, count - done);
      const address = kept ? kept.address + done * bytes : scratch;
      if (!kept?.filled) await source.read(first + done, here, new Uint8Array(kernels.buffer(), address, here * bytes));
      if (most) {
        overPanels(address, here, everywhere, (offset, columns) =>
          kernels.raise(panel, here, columns, at.sums + offset * 4),
        );
        continue;
      }
      const weights = new Float32Array(kernels.buffer(), at.weights, here * width);
      const rounded = whole?.fits(address, here) ? whole : undefined;
      if (pass.patterns && !pass.images) {
        const totals = new Float64Array(kernels.buffer(), at.totals, here * width).fill(0);
        if (rounded) {
          rounded.dots(address, here, totals);
        } else if (direct) {
          for (const offset of lit) {
            const columns = Math.min(window, pixels - offset);
            kernels.dotU8(address + offset, bytes, here, columns, at.patterns + offset * 4, at.totals);
          }
        } else {
          overPanels(address, here, lit, (offset, columns) =>
            kernels.dots(panel, here, columns, at.patterns, stride, offset, width, at.totals),
          );
        }
        if (pass.steps.length > 0) {
          for (let r = 0; r < here; r++) step(totals.subarray(r * width, r * width + pass.count), first + done + r);
        }
        weights.set(totals);
      } else {
        weights.fill(0);
        for (let r = 0; r < here; r++) {
          for (let k = 0; k < pass.count; k++) {
            weights[r * width + k] = pass.images![k * positions + first + done + r];
          }
        }
      }
      if (ratio) {
        ratio.improve(here, (use) => overPanels(address, here, lit, use), found!.subarray(pass.count * count + done));
      }
      if (found) {
        for (let r = 0; r < here; r++) {
          for (let k = 0; k < pass.count; k++) found[k * count + done + r] = weights[r * width + k];
        }
      }
      if (!sums) continue;
      if (rounded) {
        rounded.outer(address, here, everywhere, weights, at.sums);
      } else {
        overPanels(address, here, everywhere, (offset, columns) => {
          ratio?.divide(here, offset, columns);
          kernels.outer(panel, here, columns, at.weights, width, at.sums + offset * 4, stride);
        });
      }
      unflushed += here;
      if (wide && unflushed >= flushEvery) {
        kernels.flush(at.sums, at.wide, width * stride);
        unflushed = 0;
      }
    }
    if (kept && !kept.filled) held.set(slab.slab, { address: kept.address, first, count });
    if (wide) kernels.flush(at.sums, at.wide, width * stride);
    return {
      ...(found && { images: found }),
      ...(sums && { patterns: unpadded(wide ?? sums, pass.count, rooms.patterns!) }),
    };
  }

  /** Widens these windows of the block one by one, and lets `multiply` use each. */
  function overPanels(
    address: number,
    here: number,
    offsets: readonly number[],
    multiply: (offset: number, columns: number) => void,
  ): void {
    const { pass, at } = current!;
    const size = bytes / pixels;
    const widen = kernels.widen[source.dtype];
    for (const offset of offsets) {
      const columns = Math.min(window, pixels - offset);
      widen(address + offset * size, bytes, here, columns, panel);
      if (pass.minus) kernels.minus(panel, here, columns, at.minus + offset * 4);
      if (pass.squared) kernels.square(panel, here, columns);
      multiply(offset, columns);
    }
  }

  function unpadded(values: Float32Array | Float64Array, count: number, room: ArrayBuffer): Float32Array {
    const result = new Float32Array(room, 0, count * pixels);
    for (let k = 0; k < count; k++) result.set(values.subarray(k * stride, k * stride + pixels), k * pixels);
    return result;
  }

  function kept(first: number, count: number): Uint8Array | undefined {
    for (const slab of held.values()) {
      if (first < slab.first || first + count > slab.first + slab.count) continue;
      return new Uint8Array(kernels.buffer(), slab.address + (first - slab.first) * bytes, count * bytes);
    }
    return undefined;
  }

  return { begin, run, kept, keptBytes: () => heldBytes };
}

/** Four patterns at once take as long as one or two by themselves: three are multiplied as four, the last of which is 0. */
const widthFor = (count: number): number => (count > 2 && count % 4 >= 2 ? multiple(count, 4) : count);

/** Whether all `count` patterns are 0 in the window from `offset` on. */
function isDark(values: Float32Array, count: number, pixels: number, offset: number): boolean {
  for (let k = 0; k < count; k++) {
    for (let i = k * pixels + offset; i < k * pixels + Math.min(pixels, offset + window); i++) {
      if (values[i] !== 0) return false;
    }
  }
  return true;
}
