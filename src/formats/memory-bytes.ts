import { FormatError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";

/** A file that is an array in memory: a download, a test, what a browser was given. The array is not copied. */
export function memoryBytes(name: string, contents: Uint8Array): Bytes {
  const range = (offset: number, length: number): Uint8Array => {
    if (offset < 0 || length < 0 || offset + length > contents.length) {
      throw new FormatError(
        `${name}: expected ${length} bytes at byte ${offset}, but the file ends at byte ${contents.length}; it is truncated`,
        { file: name, offset },
      );
    }
    return contents.subarray(offset, offset + length);
  };
  return {
    name,
    size: contents.length,
    locator: { kind: "memory", name, contents },
    // Not slice(): that of Node's Buffer does not copy.
    read: (offset, length) => new Uint8Array(range(offset, length)),
    readInto: (offset, into) => into.set(range(offset, into.length)),
    sibling: () => undefined,
    close: () => {},
  };
}
