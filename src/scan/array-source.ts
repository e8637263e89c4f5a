import { FormatError, ShapeError } from "./errors.ts";
import { area, type Size } from "./scan.ts";
import {
  type Axes,
  bytesPer,
  type DType,
  type NumericArray,
  type PatternSource,
  patternBytes,
  type SourceDescriptor,
  uncalibratedAxes,
} from "./source.ts";

export interface ArrayContents {
  readonly positions: Size;
  readonly pixels: Size;
  readonly dtype: DType;
  /** Positions × pixels, row-major, of the element type that dtype names; on a SharedArrayBuffer workers share it. */
  readonly values: NumericArray;
  readonly axes?: Axes;
  readonly name?: string;
}

/**
 * A scan whose patterns are already in memory. The values are used as they are, not copied.
 *
 * @throws ShapeError  the number of values or their type is not what the sizes and dtype say
 * @example
 * const source = arraySource({ positions: [3, 4], pixels: [5, 6], dtype: "u8", values: new Uint8Array(360) });
 */
export function arraySource(contents: ArrayContents): PatternSource {
  const { positions, pixels, dtype, values, axes = uncalibratedAxes, name = "array" } = contents;
  const expected = area(positions) * area(pixels);
  if (values.length !== expected || values.BYTES_PER_ELEMENT !== bytesPer[dtype]) {
    throw new ShapeError(
      `${name}: expected ${expected} values of ${dtype} (${positions.join("×")} positions of ${pixels.join("×")} px), found ${values.length} of ${values.BYTES_PER_ELEMENT} bytes`,
      { expected, got: values.length },
    );
  }
  const bytes = new Uint8Array(values.buffer, values.byteOffset, values.byteLength);
  const size = patternBytes({ pixels, dtype });
  let open = true;
  return {
    name,
    format: "array",
    positions,
    pixels,
    dtype,
    axes,
    metadata: {},
    descriptor: { kind: "array", positions, pixels, dtype, values, axes, name },
    async read(first, count, into) {
      if (!open) throw new FormatError(`${name}: read after it was closed`, { file: name });
      into.set(bytes.subarray(first * size, (first + count) * size));
    },
    close() {
      open = false;
    },
  };
}

/** Opens what {@link arraySource} described, for instance in a worker. */
export function openArray(descriptor: SourceDescriptor): PatternSource {
  return arraySource(descriptor as unknown as ArrayContents);
}
