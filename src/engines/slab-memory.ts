import { type Kernels, largestMemory } from "./kernels.ts";
import type { Pass } from "./pass.ts";
import { multiple, type WholeRoom, wholeRoom } from "./whole-numbers.ts";

/** Where the operands and sums of a pass lie in a thread's memory. */
export interface Addresses {
  readonly patterns: number;
  readonly minus: number;
  readonly weights: number;
  readonly totals: number;
  readonly sums: number;
  readonly wide: number;
  readonly whole: WholeRoom;
}

/** Where a pass's operands and sums lie, relative to the address of one block of `bytes` bytes. */
export function layoutOf(
  pass: Pass,
  stride: number,
  rows: number,
): { bytes: number; at: (address: number) => Addresses } {
  let bytes = 0;
  const reserve = (length: number): number => {
    const offset = bytes;
    bytes += aligned(length);
    return offset;
  };
  const patterns = reserve(pass.patterns ? pass.count * stride * 4 : 0);
  const minus = reserve(pass.minus ? stride * 4 : 0);
  const weights = reserve(rows * pass.count * 4);
  const totals = reserve(rows * pass.count * 8);
  // Whole numbers are summed four patterns at a time.
  const sums = reserve(pass.product === "toImages" ? 0 : multiple(pass.count, 4) * stride * 4);
  const wide = reserve(pass.product === "toImages" ? 0 : pass.count * stride * 8);
  const rounded = wholeRoom(pass.coarse ? pass.count : 0, stride, rows);
  const whole = {
    patterns: reserve(rounded.patterns),
    totals: reserve(rounded.totals),
    weights: reserve(rounded.weights),
    scales: reserve(rounded.scales),
  };
  return {
    bytes,
    at: (address) => ({
      patterns: address + patterns,
      minus: address + minus,
      weights: address + weights,
      totals: address + totals,
      sums: address + sums,
      wide: address + wide,
      whole: {
        patterns: address + whole.patterns,
        totals: address + whole.totals,
        weights: address + whole.weights,
        scales: address + whole.scales,
      },
    }),
  };
}

const aligned = (bytes: number): number => Math.ceil(bytes / 64) * 64;

export interface Arena {
  /** Address of so many bytes. */
  take(bytes: number): number;
  has(bytes: number): boolean;
  /** Address of more bytes in place of some that were taken; the same where nothing was taken since. */
  grown(address: number, bytes: number, to: number): number;
}

/** Hands out a thread's memory from low to high addresses; nothing is given back while the thread lives. */
export function arenaOf(kernels: Kernels): Arena {
  // A thread's kernels leave the first page to themselves.
  let next = 2 ** 16;
  const take = (bytes: number): number => {
    const address = next;
    kernels.grow(address + aligned(bytes));
    next += aligned(bytes);
    return address;
  };
  return {
    take,
    has: (bytes) => next + aligned(bytes) <= largestMemory,
    grown(address, bytes, to) {
      if (address + aligned(bytes) === next) next = address;
      return take(to);
    },
  };
}
