import { bytesPer, type DType, typedArray } from "../scan/source.ts";
import { type Kernels, outOfMemory, type Widen, window } from "./kernels.ts";

/**
 * The kernels as plain loops, for machines without WebAssembly SIMD: same names, same arguments, same layouts
 * (see `kernels/passes.as.ts`); sums in float64, so the last bits may differ from the SIMD kernels'.
 */
export function plainKernels(): Kernels {
  let buffer = new ArrayBuffer(2 ** 20);
  const floats = (address: number, length: number) => new Float32Array(buffer, address, length);
  /** Σ weights · patterns at every element of a window. */
  const eachModel = (
    rows: number,
    columns: number,
    weights: number,
    patterns: number,
    stride: number,
    offset: number,
    count: number,
    use: (row: number, column: number, model: number) => void,
  ): void => {
    const packed = floats(patterns, count * stride);
    const amounts = floats(weights, rows * count);
    const fours = count - (count % 4);
    for (let r = 0; r < rows; r++) {
      for (let i = 0; i < columns; i++) {
        let model = 0;
        for (let k = 0; k < count; k++) {
          const column = offset + i;
          const at =
            k < fours ? (k - (k % 4)) * stride + (column >> 2) * 16 + (k % 4) * 4 + (column & 3) : k * stride + column;
          model += amounts[r * count + k] * packed[at];
        }
        use(r, i, model);
      }
    }
  };
  const widen =
    (dtype: DType): Widen =>
    (from, rowBytes, rows, columns, panel) => {
      for (let r = 0; r < rows; r++) {
        const to = floats(panel + r * window * 4, window);
        to.set(alignedArray(dtype, buffer, from + r * rowBytes, columns));
        to.fill(0, columns, padded(columns));
      }
    };
  return {
    name: "plain",
    buffer: () => buffer,
    grow(bytes) {
      if (bytes <= buffer.byteLength) return;
      try {
        const larger = new ArrayBuffer(bytes);
        new Uint8Array(larger).set(new Uint8Array(buffer));
        buffer = larger;
      } catch (cause) {
        throw outOfMemory(bytes, cause);
      }
    },
    widen: {
      u8: widen("u8"),
      i8: widen("i8"),
      u16: widen("u16"),
      i16: widen("i16"),
      u32: widen("u32"),
      i32: widen("i32"),
      f32: widen("f32"),
      f64: widen("f64"),
    },
    minus(panel, rows, columns, origin) {
      const less = floats(origin, padded(columns));
      for (let r = 0; r < rows; r++) {
        const row = floats(panel + r * window * 4, padded(columns));
        for (let i = 0; i < row.length; i++) row[i] -= less[i];
      }
    },
    raise(panel, rows, columns, sums) {
      const most = floats(sums, columns);
      for (let r = 0; r < rows; r++) {
        const row = floats(panel + r * window * 4, columns);
        for (let i = 0; i < columns; i++) if (row[i] > most[i]) most[i] = row[i];
      }
    },
    square(panel, rows, columns) {
      for (let r = 0; r < rows; r++) {
        const row = floats(panel + r * window * 4, padded(columns));
        for (let i = 0; i < row.length; i++) row[i] *= row[i];
      }
    },
    dots(panel, rows, columns, patterns, patternStride, offset, count, totals) {
      const found = new Float64Array(buffer, totals, rows * count);
      for (let r = 0; r < rows; r++) {
        const row = floats(panel + r * window * 4, columns);
        for (let k = 0; k < count; k++) {
          const four = k - (k % 4);
          const packed = four + 4 <= count;
          const start = packed ? four * patternStride + offset * 4 + (k % 4) * 4 : k * patternStride + offset;
          const pattern = floats(patterns + start * 4, packed ? columns * 4 : columns);
          let sum = 0;
          for (let i = 0; i < columns; i++) sum += row[i] * pattern[packed ? (i >> 2) * 16 + (i & 3) : i];
          found[r * count + k] += sum;
        }
      }
    },
    dotU8(from, rowBytes, rows, columns, pattern, totals) {
      const found = new Float64Array(buffer, totals, rows);
      const weights = floats(pattern, columns);
      for (let r = 0; r < rows; r++) {
        const row = new Uint8Array(buffer, from + r * rowBytes, columns);
        let sum = 0;
        for (let i = 0; i < columns; i++) sum += row[i] * weights[i];
        found[r] += sum;
      }
    },
    outer(panel, rows, columns, weights, count, sums, sumStride) {
      for (let k = 0; k < count; k++) {
        const sum = floats(sums + k * sumStride * 4, columns);
        for (let r = 0; r < rows; r++) {
          const row = floats(panel + r * window * 4, columns);
          const weight = floats(weights + (r * count + k) * 4, 1)[0];
          for (let i = 0; i < columns; i++) sum[i] += weight * row[i];
        }
      }
    },
    divide(panel, rows, columns, weights, patterns, patternStride, offset, count) {
      eachModel(rows, columns, weights, patterns, patternStride, offset, count, (r, i, m) => {
        const at = floats(panel + (r * window + i) * 4, 1);
        at[0] = m > 1e-30 ? Math.max(0, at[0]) / m : 0;
      });
    },
    divergence(panel, rows, columns, weights, patterns, patternStride, offset, count, totals) {
      const found = new Float64Array(buffer, totals, rows);
      eachModel(rows, columns, weights, patterns, patternStride, offset, count, (r, i, m) => {
        if (!(m > 1e-30)) return;
        const x = Math.max(0, floats(panel + (r * window + i) * 4, 1)[0]);
        found[r] += m - x + (x > 0 ? x * Math.log(x / m) : 0);
      });
    },
    flush(narrow, wide, length) {
      const from = floats(narrow, length);
      const to = new Float64Array(buffer, wide, length);
      for (let i = 0; i < length; i++) to[i] += from[i];
      from.fill(0);
    },
  };
}

const padded = (columns: number): number => (columns + 3) & ~3;

/** A typed array at an address that need not be a multiple of the element size: patterns of odd length are packed. */
function alignedArray(dtype: DType, buffer: ArrayBuffer, address: number, length: number) {
  const size = bytesPer[dtype];
  if (address % size === 0) return typedArray(dtype, buffer, address, length);
  return typedArray(dtype, buffer.slice(address, address + length * size));
}
