import { ShapeError } from "../scan/errors.ts";
import {
  type Axis,
  bytesPer,
  type DType,
  type PatternSource,
  patternBytes,
  type SourceDescriptor,
  typedArray,
} from "../scan/source.ts";

/**
 * The source with every `factor` × `factor` pixels summed into one; rows and columns that do not fill a bin are left out.
 *
 * The element type is the smallest in which no sum can overflow: u8 becomes u16 up to factor 16, u16 becomes u32, i8 i16;
 * beyond 32-bit integers sums are f64, of f32 f32.
 *
 * @param factor  whole, 1 … the shorter side of the detector
 * @throws ShapeError  another factor
 * @example
 * const halved = binned(source, 2);
 */
export function binned(source: PatternSource, factor: number): PatternSource {
  const [height, width] = source.pixels;
  if (!Number.isInteger(factor) || factor < 1 || factor > Math.min(height, width)) {
    throw new ShapeError(`factor: expected a whole number, 1 … ${Math.min(height, width)}, found ${factor}`, {
      expected: [1, Math.min(height, width)],
      got: factor,
    });
  }
  const rows = Math.floor(height / factor);
  const columns = Math.floor(width / factor);
  const dtype = wideEnough(source.dtype, factor * factor);
  const inner = patternBytes(source);
  // The first bin's middle is (factor − 1)/2 pixels beyond the first pixel's.
  const axis = (fine: Axis): Axis => ({
    ...fine,
    step: fine.step * factor,
    origin: fine.origin + ((factor - 1) / 2) * fine.step,
  });
  return {
    ...source,
    format: "binned",
    pixels: [rows, columns],
    dtype,
    axes: { positions: source.axes.positions, pixels: [axis(source.axes.pixels[0]), axis(source.axes.pixels[1])] },
    descriptor: { kind: "binned", of: source.descriptor, factor },
    async read(first, count, into) {
      const recorded = new Uint8Array(count * inner);
      await source.read(first, count, recorded);
      const fine = typedArray(source.dtype, recorded.buffer);
      const sums = new Float64Array(columns);
      const line = typedArray(dtype, new ArrayBuffer(columns * bytesPer[dtype]));
      const lineBytes = new Uint8Array(line.buffer);
      for (let i = 0; i < count; i++) {
        for (let r = 0; r < rows; r++) {
          sums.fill(0);
          for (let dr = 0; dr < factor; dr++) {
            let at = (i * height + r * factor + dr) * width;
            for (let c = 0; c < columns; c++) {
              for (let dc = 0; dc < factor; dc++) sums[c]! += fine[at++]!;
            }
          }
          line.set(sums);
          into.set(lineBytes, (i * rows + r) * lineBytes.length);
        }
      }
    },
    close: () => source.close(),
  };
}

/** Opens what {@link binned} described, once its inner source is open. */
export async function openBinned(
  descriptor: SourceDescriptor,
  openInner: (inner: SourceDescriptor) => Promise<PatternSource>,
): Promise<PatternSource> {
  const { of, factor } = descriptor as unknown as { of: SourceDescriptor; factor: number };
  return binned(await openInner(of), factor);
}

function wideEnough(dtype: DType, terms: number): DType {
  if (terms === 1) return dtype;
  switch (dtype) {
    case "u8":
      return terms <= 257 ? "u16" : "u32";
    case "i8":
      return terms <= 256 ? "i16" : "i32";
    case "u16":
      return terms <= 65537 ? "u32" : "f64";
    case "i16":
      return terms <= 65536 ? "i32" : "f64";
    case "f32":
      return "f32";
    case "u32":
    case "i32":
    case "f64":
      return "f64";
    default:
      return dtype satisfies never;
  }
}
