import { openNpy } from "../formats/npy.ts";
import { readHeader } from "../formats/npy-header.ts";
import { isNpy } from "../formats/recognise.ts";
import { FormatError } from "../scan/errors.ts";
import type { Size } from "../scan/scan.ts";
import { readPatterns } from "../scan/source.ts";
import { fileBytes } from "./files.ts";

/** Images or patterns from a file: count × rows × columns. */
export interface StoredStack {
  readonly count: number;
  readonly size: Size;
  readonly values: Float32Array;
}

/**
 * Reads a stack of images or patterns, or a single one, from a .npy file of two or three dimensions and any kind of number.
 *
 * @throws FormatError no such file, no NumPy file, or shorter than its header says
 */
export async function openStack(path: string): Promise<StoredStack> {
  const bytes = fileBytes(path);
  try {
    const head = bytes.size < 10 ? new Uint8Array(0) : bytes.read(0, 10);
    const shape = isNpy(head) ? readHeader(bytes).shape : [];
    if (shape.length !== 2 && shape.length !== 3) {
      throw new FormatError(
        `${path}: expected a NumPy file (.npy) of rows × columns or count × rows × columns, found ${shape.length > 0 ? shape.join("×") : "something else"}`,
        { file: bytes.name },
      );
    }
    const count = shape.length === 3 ? shape[0]! : 1;
    const source = await openNpy(bytes, { shape: [1, count] });
    return { count, size: source.pixels, values: Float32Array.from(await readPatterns(source, 0, count)) };
  } finally {
    bytes.close();
  }
}
