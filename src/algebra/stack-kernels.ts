import { clustersWasm, descentWasm, facetsWasm, stacksWasm } from "../kernels/kernels.wasm.ts";
import { hasSimd, kernelMemory, load } from "../kernels/simd.ts";
import { plainStackKernels } from "./stack-kernels.plain.ts";

/**
 * The kernels of `kernels/stacks.as.ts`, `descent.as.ts`, `clusters.as.ts` and `facets.as.ts`, by address in one memory that belongs to one thread.
 * Strides and columns count elements; columns are a multiple of 8.
 */
export interface StackKernels {
  readonly name: "simd" | "plain";
  /** Addresses of rooms of so many bytes. What was in rooms given out before is lost: one operation asks once. */
  readonly rooms: (...bytes: number[]) => number[];
  /** Float32 numbers at an address. */
  readonly floats: (address: number, length: number) => Float32Array;
  /** Float64 numbers at an address. */
  readonly doubles: (address: number, length: number) => Float64Array;
  /** Bytes held. */
  readonly held: () => number;
  readonly widen: (
    from: number,
    fromStride: number,
    rows: number,
    columns: number,
    to: number,
    toStride: number,
  ) => void;
  /** out += A·Bᵀ. */
  readonly gram: (
    a: number,
    aStride: number,
    m: number,
    b: number,
    bStride: number,
    n: number,
    columns: number,
    out: number,
    outStride: number,
  ) => void;
  /** to ← C·A, C: m × k. */
  readonly combine: (
    c: number,
    m: number,
    k: number,
    a: number,
    aStride: number,
    columns: number,
    to: number,
    toStride: number,
  ) => void;
  /** Coordinate descent on y ≥ 0 in every column; returns Σ 2tᵀy − yᵀGy. */
  readonly improve: (
    y: number,
    yStride: number,
    target: number,
    targetStride: number,
    gram: number,
    inverse: number,
    k: number,
    columns: number,
    sweeps: number,
    still: number,
  ) => number;
  /** ahead ← max(0, y + reach·(y − before)). */
  readonly extrapolate: (
    y: number,
    before: number,
    ahead: number,
    stride: number,
    k: number,
    columns: number,
    reach: number,
  ) => void;
  /** to ← from less its centre, n rows. */
  readonly differences: (
    from: number,
    fromStride: number,
    n: number,
    columns: number,
    centre: number,
    to: number,
    toStride: number,
  ) => void;
  /** to ← |d|² of every column d, or |Rᵀd|² with the lower triangle R at `root`; 0: none. */
  readonly squaredLengths: (d: number, stride: number, n: number, columns: number, root: number, to: number) => void;
  /** Shares u ∝ 1 ÷ max(squared, least) of every column, k rows, and in one row more their cost Σ u² squared; w ← u². */
  readonly inverseShares: (
    squared: number,
    stride: number,
    k: number,
    columns: number,
    least: number,
    u: number,
    w: number,
  ) => void;
  /** All of a column to its nearest: u and w are 1 there, else 0, k rows; the least is one row of u more. */
  readonly nearestShares: (squared: number, stride: number, k: number, columns: number, u: number, w: number) => void;
  /** to ← every row of `from` times the weights. */
  readonly weigh: (
    from: number,
    fromStride: number,
    rows: number,
    columns: number,
    weights: number,
    to: number,
    toStride: number,
  ) => void;
  /**
   * Of k rows of coordinates a: Σ ln [e^(odds − t²/2) + Φ(t)], t = a · precision, over all whose odds are finite; a ← the slope of that in a;
   * sums[row] += how likely the coordinate is 0, in all. `table`: that of ln Φ; `scratch`: room for four rows of `columns`.
   */
  readonly facetDensities: (
    a: number,
    stride: number,
    k: number,
    columns: number,
    precision: number,
    odds: number,
    noiseStride: number,
    table: number,
    scratch: number,
    sums: number,
  ) => number;
}

/** A memory that an unusually large scan left behind is let go at the next use. */
const KEPT = 2 ** 26;
const page = 2 ** 16;
let own: StackKernels | undefined;

/** The kernels of this thread. */
export function stackKernels(): StackKernels {
  if (!own || own.held() > KEPT) own = hasSimd() ? simdStackKernels() : plainStackKernels();
  return own;
}

export function simdStackKernels(): StackKernels {
  const memory = kernelMemory();
  const exported = [stacksWasm, descentWasm, clustersWasm, facetsWasm].map((wasm) => load(wasm, memory));
  return {
    name: "simd",
    rooms(...bytes) {
      // The kernels leave the first page to themselves.
      const { addresses, end } = placed(bytes, page);
      const missing = Math.ceil((end - memory.buffer.byteLength) / page);
      if (missing > 0) memory.grow(missing);
      return addresses;
    },
    floats: (address, length) => new Float32Array(memory.buffer, address, length),
    doubles: (address, length) => new Float64Array(memory.buffer, address, length),
    held: () => memory.buffer.byteLength,
    ...(Object.assign({}, ...exported) as Omit<StackKernels, "name" | "rooms" | "floats" | "doubles" | "held">),
  };
}

/** Rooms one after another, each at a multiple of 64. */
export function placed(bytes: readonly number[], start: number): { addresses: number[]; end: number } {
  let end = start;
  const addresses = bytes.map((size) => {
    const address = end;
    end += Math.ceil(size / 64) * 64;
    return address;
  });
  return { addresses, end };
}
