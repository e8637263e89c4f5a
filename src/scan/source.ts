import type { Size } from "./scan.ts";

/** The element types that patterns are held and read in. Everything else is converted by the format that reads it. */
export type DType = "u8" | "i8" | "u16" | "i16" | "u32" | "i32" | "f32" | "f64";

/** One calibrated axis: value of index i = origin + i · step, in `unit`. */
export interface Axis {
  readonly name: string;
  readonly step: number;
  /** "nm" for scan axes, "1/Å" or "mrad" for detector axes; "px" where the file does not say; other units as the file writes them. */
  readonly unit: string;
  readonly origin: number;
}

/** Calibration of a scan: [rows, columns] of the scan and of the detector. */
export interface Axes {
  readonly positions: readonly [Axis, Axis];
  readonly pixels: readonly [Axis, Axis];
}

/**
 * Everything needed to open the same source elsewhere (a worker, a job, another machine): plain data that survives
 * structured cloning. `kind` names who opens it: "file", "recentred", "simulated", "array".
 */
export interface SourceDescriptor {
  readonly kind: string;
  readonly [field: string]: unknown;
}

/** Where patterns come from: a file, a wrapper around another source, a simulation. Patterns are numbered along the scan, rows first. */
export interface PatternSource {
  /** What messages and reports call it: the file's name. */
  readonly name: string;
  /** Which format or wrapper it is: "blo", "hdf5", "npy", "recentred" … */
  readonly format: string;
  readonly positions: Size;
  readonly pixels: Size;
  readonly dtype: DType;
  readonly axes: Axes;
  /** What the file says besides: beam energy, camera length, note … shown by `endmember info`. */
  readonly metadata: Readonly<Record<string, string | number>>;
  readonly descriptor: SourceDescriptor;
  /**
   * Reads patterns first … first+count−1 into `into`, row-major, in `dtype`, in this machine's byte order.
   * `into` holds exactly count · pixels · bytes; the caller keeps the range inside the scan.
   *
   * @throws FormatError the bytes are not there or cannot be decoded
   */
  read(first: number, count: number, into: Uint8Array): Promise<void>;
  /** Frees what the source holds open. Reading afterwards is an error. */
  close(): void;
}

/** Bytes per element. */
export const bytesPer: Readonly<Record<DType, number>> = {
  u8: 1,
  i8: 1,
  u16: 2,
  i16: 2,
  u32: 4,
  i32: 4,
  f32: 4,
  f64: 8,
};

/** An array of the element type over existing bytes (offset must be a multiple of the element size). */
export function typedArray(dtype: DType, buffer: ArrayBufferLike, offset = 0, length?: number): NumericArray {
  switch (dtype) {
    case "u8":
      return new Uint8Array(buffer, offset, length);
    case "i8":
      return new Int8Array(buffer, offset, length);
    case "u16":
      return new Uint16Array(buffer, offset, length);
    case "i16":
      return new Int16Array(buffer, offset, length);
    case "u32":
      return new Uint32Array(buffer, offset, length);
    case "i32":
      return new Int32Array(buffer, offset, length);
    case "f32":
      return new Float32Array(buffer, offset, length);
    case "f64":
      return new Float64Array(buffer, offset, length);
    default:
      return dtype satisfies never;
  }
}

export type NumericArray =
  | Uint8Array
  | Int8Array
  | Uint16Array
  | Int16Array
  | Uint32Array
  | Int32Array
  | Float32Array
  | Float64Array;

/** An axis without calibration: counted in pixels from 0. */
export const uncalibrated = (name: string): Axis => ({ name, step: 1, unit: "px", origin: 0 });

/** Axes of a scan about which the file says nothing. */
export const uncalibratedAxes: Axes = {
  positions: [uncalibrated("y"), uncalibrated("x")],
  pixels: [uncalibrated("ky"), uncalibrated("kx")],
};

/** Bytes of one pattern. */
export const patternBytes = (source: Pick<PatternSource, "pixels" | "dtype">): number =>
  source.pixels[0] * source.pixels[1] * bytesPer[source.dtype];

/** Reads patterns as typed numbers: {@link PatternSource.read} into a fresh array. */
export async function readPatterns(source: PatternSource, first: number, count: number): Promise<NumericArray> {
  const bytes = new Uint8Array(count * patternBytes(source));
  await source.read(first, count, bytes);
  return typedArray(source.dtype, bytes.buffer);
}

/** How long work reports on itself and is told to stop. Shared by everything that takes long. */
export interface Watch {
  /** Stops the work: its promise rejects with the signal's reason and nothing is returned. */
  readonly signal?: AbortSignal;
  /** Called now and then with what is being done and the fraction done, 0 … 1. */
  readonly onProgress?: (stage: string, fraction: number) => void;
}
