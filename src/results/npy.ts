import { ShapeError } from "../scan/errors.ts";

/**
 * Float32 values as a NumPy file: version 1.0, C order, little-endian; the data begin at a multiple of 64 bytes.
 *
 * @param values  in C order, the last axis fastest
 * @param shape   its product is the number of values
 * @throws ShapeError  the shape does not hold that many values
 * @see https://numpy.org/doc/stable/reference/generated/numpy.lib.format.html
 * @example
 * const bytes = npy(loadings.values, [loadings.count, ...loadings.size]);
 */
export function npy(values: Float32Array, shape: readonly number[]): Uint8Array {
  const expected = shape.reduce((product, length) => product * length, 1);
  if (values.length !== expected) {
    throw new ShapeError(`npy: expected ${expected} values for shape ${shape.join("×")}, found ${values.length}`, {
      expected,
      got: values.length,
    });
  }
  const tuple = shape.length === 1 ? `(${shape[0]},)` : `(${shape.join(", ")})`;
  const dictionary = `{'descr': '<f4', 'fortran_order': False, 'shape': ${tuple}, }`;
  const length = Math.ceil((10 + dictionary.length + 1) / 64) * 64;
  const bytes = new Uint8Array(length + values.length * 4);
  const header = `\x93NUMPY\x01\x00${String.fromCharCode((length - 10) & 255, (length - 10) >> 8)}${dictionary.padEnd(length - 11)}\n`;
  for (let i = 0; i < length; i++) bytes[i] = header.charCodeAt(i);
  const view = new DataView(bytes.buffer, length);
  // Through a view, not a copy: the file is little-endian on every machine.
  for (let i = 0; i < values.length; i++) view.setFloat32(i * 4, values[i]!, true);
  return bytes;
}
