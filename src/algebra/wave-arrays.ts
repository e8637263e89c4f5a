import { fftWasm } from "../kernels/kernels.wasm.ts";
import { hasSimd, kernelMemory, load } from "../kernels/simd.ts";
import { cos, sin } from "./elementary.ts";
import { plainWaveArrays } from "./wave-arrays.plain.ts";

/** Factors that lie in the kernels' memory, ready to be multiplied. */
export interface Factors {
  readonly address: number;
  /** One for all lanes, or every lane its own. */
  readonly own: boolean;
}

/**
 * Complex arrays of one size, as many as there are lanes, on which everything is done at once.
 *
 * Element e holds 2 · lanes numbers: real parts of all lanes, then imaginary parts.
 */
export interface WaveArrays {
  readonly rows: number;
  readonly columns: number;
  readonly lanes: number;
  /** The numbers as they are now, 2 · lanes · rows · columns; not to be kept across other calls. */
  values(): Float32Array | Float64Array;
  /** Unscaled discrete Fourier transform of all arrays, exp(−2πi …); in rows and columns. */
  forward(): void;
  /** The same with exp(+2πi …): inverse after forward gives rows · columns times the arrays. */
  inverse(): void;
  /** Lays down factors: 2 numbers per element (real, imaginary) for all lanes, or with `own` 2 · lanes laid out like the values. */
  factors(values: Float64Array, own?: boolean): Factors;
  /** Lays down other values where factors lie. */
  rewrite(factors: Factors, values: Float64Array): void;
  multiply(factors: Factors): void;
}

/** How numbers are held: 4 lanes of 32 bits, or 2 of 64. */
export type Bits = 32 | 64;

/** Arrays on the SIMD kernels of `kernels/fft.as.ts`, or plain ones (a single lane, 64 bits) where there is no SIMD. */
export function waveArrays(rows: number, columns: number, bits: Bits = 64): WaveArrays {
  return hasSimd() ? simdWaveArrays(rows, columns, bits) : plainWaveArrays(rows, columns);
}

/** The smallest product of 2, 3 and 5 that is at least n: lengths whose transforms are fast. */
export function fastLength(n: number): number {
  for (let length = Math.max(1, Math.ceil(n)); ; length++) {
    let left = length;
    for (const prime of [2, 3, 5]) while (left % prime === 0) left /= prime;
    if (left === 1) return length;
  }
}

type Transform = (
  x: number,
  y: number,
  rows: number,
  columns: number,
  rowTable: number,
  columnTable: number,
  re: number,
  im: number,
) => number;
type Multiply = (x: number, factors: number, count: number) => void;

const page = 2 ** 16;
/** Bytes of one element: two vectors. */
const element = 32;

export function simdWaveArrays(rows: number, columns: number, bits: Bits): WaveArrays {
  const memory = kernelMemory();
  const exported = load(fftWasm, memory) as unknown as Record<string, unknown>;
  const transform = exported[`transform${bits}`] as Transform;
  const multiplyAll = exported[`multiplyAll${bits}`] as Multiply;
  const multiplyEach = exported[`multiplyEach${bits}`] as Multiply;
  const count = rows * columns;
  const lanes = 128 / bits;
  const bytes = bits / 8;
  // The kernels leave the first page to themselves.
  let end = page;
  const room = (size: number): number => {
    const address = end;
    end += Math.ceil(size / 64) * 64;
    const missing = Math.ceil((end - memory.buffer.byteLength) / page);
    if (missing > 0) memory.grow(missing);
    return address;
  };
  const numbers = (address: number, length: number): Float32Array | Float64Array =>
    bits === 32 ? new Float32Array(memory.buffer, address, length) : new Float64Array(memory.buffer, address, length);
  const laid = (values: Float64Array): number => {
    const address = room(values.length * bytes);
    numbers(address, values.length).set(values);
    return address;
  };
  const both = [room(count * element), room(count * element)] as const;
  const tables = [laid(turns(rows)), laid(turns(columns))] as const;
  let at: number = both[0];
  const transformed = (re: number, im: number) => {
    at = transform(at, both[0] + both[1] - at, rows, columns, tables[0], tables[1], re, im);
  };
  return {
    rows,
    columns,
    lanes,
    values: () => numbers(at, 2 * lanes * count),
    forward: () => transformed(0, 16),
    inverse: () => transformed(16, 0),
    factors: (values, own = false) => ({ address: laid(values), own }),
    rewrite: ({ address }, values) => numbers(address, values.length).set(values),
    multiply: ({ address, own }) => (own ? multiplyEach : multiplyAll)(at, address, count),
  };
}

/** cos and −sin of 2πi/n, interleaved. */
export function turns(n: number): Float64Array {
  const table = new Float64Array(2 * n);
  for (let i = 0; i < n; i++) {
    table[2 * i] = cos((2 * Math.PI * i) / n);
    table[2 * i + 1] = -sin((2 * Math.PI * i) / n);
  }
  return table;
}
