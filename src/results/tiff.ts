import type { Images, Patterns } from "../scan/scan.ts";
import { area, item } from "../scan/scan.ts";

const fieldType = { short: 3, long: 4 } as const;

/**
 * A stack as TIFF: one page of uncompressed float32 for each item, values as they are. ImageJ, Gatan's and Python's readers
 * open it.
 *
 * @see TIFF 6.0 specification (1992), section 2 and, for floating point, section 19
 */
export function tiff(stack: Images | Patterns): Uint8Array {
  const [rows, columns] = stack.size;
  const dataBytes = 4 * area(stack.size);
  const directoryBytes = 2 + 12 * 10 + 4;
  const pageBytes = dataBytes + directoryBytes;
  const bytes = new Uint8Array(8 + stack.count * pageBytes);
  const view = new DataView(bytes.buffer);
  view.setUint32(0, 0x002a4949, true); // "II" and 42: little-endian TIFF
  view.setUint32(4, 8 + dataBytes, true);
  for (let page = 0; page < stack.count; page++) {
    const data = 8 + page * pageBytes;
    item(stack, page).forEach((value, i) => {
      view.setFloat32(data + 4 * i, value, true);
    });
    let at = data + dataBytes;
    const short = (value: number): void => {
      view.setUint16(at, value, true);
      at += 2;
    };
    const long = (value: number): void => {
      view.setUint32(at, value, true);
      at += 4;
    };
    const entry = (tag: number, value: number, type: number = fieldType.long): void => {
      short(tag);
      short(type);
      long(1);
      long(value);
    };
    short(10);
    entry(256, columns);
    entry(257, rows);
    entry(258, 32, fieldType.short); // bits per sample
    entry(259, 1, fieldType.short); // not compressed
    entry(262, 1, fieldType.short); // 0 is black
    entry(273, data);
    entry(277, 1, fieldType.short); // samples per pixel
    entry(278, rows); // rows per strip: all
    entry(279, dataBytes);
    entry(339, 3, fieldType.short); // floating point
    long(page + 1 < stack.count ? data + pageBytes + dataBytes : 0);
  }
  return bytes;
}
