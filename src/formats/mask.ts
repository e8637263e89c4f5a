import { UnsupportedError } from "../scan/errors.ts";
import type { Size } from "../scan/scan.ts";
import type { Bytes } from "./bytes.ts";
import { readHeader } from "./npy-header.ts";

/** Which positions of a scan or pixels of a detector count: 1 = used, 0 = not, row-major. */
export interface Mask {
  readonly size: Size;
  readonly values: Uint8Array;
}

/**
 * Reads a mask: a two-dimensional .npy of bool or (u)int8, where anything but 0 means used.
 *
 * @throws FormatError       no NumPy file, or shorter than its header says
 * @throws UnsupportedError  another number of dimensions or another type
 */
export function readMask(bytes: Bytes): Mask {
  const { type, fortranOrder, shape, dataOffset } = readHeader(bytes);
  const [rows, columns] = shape;
  if (shape.length !== 2 || !/^[|<>=]?(b1|u1|i1|\?)$/.test(type)) {
    throw new UnsupportedError(
      `${bytes.name}: expected a mask of rows × columns in bool or uint8, found ${shape.join("×")} of "${type}"; convert it with NumPy's astype(bool)`,
      { feature: "mask" },
    );
  }
  const stored = bytes.read(dataOffset, rows * columns);
  const values = stored.map((_, i) =>
    (fortranOrder ? stored[(i % columns) * rows + Math.floor(i / columns)] : stored[i]) === 0 ? 0 : 1,
  );
  return { size: [rows, columns], values };
}
