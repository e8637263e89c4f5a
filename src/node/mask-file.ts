import { type Mask, readMask } from "../formats/mask.ts";
import { FormatError } from "../scan/errors.ts";
import { fileBytes } from "./files.ts";

/** Reads a mask from a .npy file. @throws FormatError no such file, or no NumPy file */
export function openMask(path: string): Mask {
  const bytes = fileBytes(path);
  try {
    if (bytes.size < 10 || bytes.read(0, 1)[0] !== 0x93) {
      throw new FormatError(`${path}: expected a mask as a NumPy file (.npy), found something else`, {
        file: bytes.name,
      });
    }
    return readMask(bytes);
  } finally {
    bytes.close();
  }
}
