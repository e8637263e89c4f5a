import { area } from "../scan/scan.ts";
import { type PatternSource, patternBytes } from "../scan/source.ts";

const mebibyte = 2 ** 20;

/** Bytes that analysing a scan takes, told before it starts. */
export interface MemoryForecast {
  /** The patterns, where they are all kept between passes. */
  readonly scan: number;
  /** A copy of the brightest pixels beside them, for a while. */
  readonly copy: number;
  /** Everything else: the program, its threads, what is learned. The least with which a run can do. */
  readonly working: number;
}

/**
 * How much memory `analyse` will take: scan + copy + working where the scan is kept, working + `--memory` where it is not.
 *
 * @param source   what is to be analysed
 * @param threads  default 2
 * @returns        bytes
 * @example
 * const { scan: kept, copy, working } = memoryForecast(source);
 */
export function memoryForecast(source: PatternSource, threads = 2): MemoryForecast {
  const pixels = area(source.pixels);
  const positions = area(source.positions);
  // The SVD's block is 30 wide; up to 6 blocks are remembered on either side, and each thread has room for one of its own.
  // The constants are measured: the program with its HDF5 and PNG libraries, and what clusterings keep of a position.
  const width = Math.min(30, pixels, positions);
  const learned = 6 * width * (pixels + positions) * 4 + 700 * positions;
  const perThread = 24 * mebibyte + Math.min(32 * patternBytes(source), 8 * mebibyte) + width * pixels * 16;
  const scan = positions * patternBytes(source);
  return { scan, copy: Math.ceil(scan / 8), working: 260 * mebibyte + learned + threads * perThread };
}
