import { bytesPer } from "../scan/source.ts";
import type { ScanDataset } from "./hdf5-find.ts";
import type { Hdf5, OpenHdf5 } from "./hdf5-library.ts";
import { readAs, storedPart, unpack } from "./stored-numbers.ts";

/** Patterns rows × columns of the scan as it is stored (a stack is one row). */
interface Rectangle {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

// The library's memory is limited to 2 GiB, and never shrinks.
const mostInLibrary = 64 * 2 ** 20;
const goodBlock = 8 * 2 ** 20;

/**
 * Reads patterns of a dataset, whatever its chunks.
 *
 * A chunk often spans several positions (8×8×32×32, say), and reading position by position would decode it once for each.
 * So scan positions are divided into blocks of whole chunks; decoded blocks are kept in at most `cacheBytes` (default
 * 128 MiB). Reading from first to last decodes each chunk once if one row of blocks fits; where it does not, what fits is
 * kept through all rows of the chunk and only the rest is decoded again. Blocks of earlier rows make room for later ones.
 */
export function slabReader(
  { module }: Hdf5,
  file: OpenHdf5,
  scan: ScanDataset,
  name: string,
  cacheBytes = 128 * 2 ** 20,
): { read(first: number, count: number, into: Uint8Array): void; free(): void } {
  const { dataset, shape, roles, stored, pixels } = scan;
  const pattern = pixels[0] * pixels[1] * bytesPer[readAs(stored)];
  const storedPattern = pixels[0] * pixels[1] * stored.bytes;
  const along = (sizes: readonly number[], role: "rows" | "columns"): number =>
    sizes[roles.indexOf(role)] ?? (role === "columns" ? sizes[roles.indexOf("stack")]! : 1);
  const [rows, columns] = [along(shape, "rows"), along(shape, "columns")];
  const chunks = dataset.metadata.chunks?.map(Number) ?? shape.map(() => 1);
  const chunkRows = Math.min(along(chunks, "rows"), rows);
  const chunkColumns = Math.min(along(chunks, "columns"), columns);
  const chunkBytes = chunkRows * chunkColumns * pattern;
  const blockColumns = chunkColumns * Math.max(1, Math.floor(goodBlock / chunkBytes));
  const inBlocks = chunkRows * chunkColumns > 1 && chunkBytes <= Math.max(cacheBytes, mostInLibrary);

  let address = 0;
  let reserved = 0;
  const reserve = (length: number): void => {
    if (length <= reserved) return;
    if (address !== 0) module._free(address);
    address = module._malloc(length);
    reserved = address === 0 ? 0 : length;
    if (address === 0) throw new RangeError(`no memory for ${length} bytes in the HDF5 library`);
  };

  /** One call of the library: patterns of the rectangle, into `into`. */
  const fetch = ({ row, column, rows: height, columns: width }: Rectangle, into: Uint8Array): void => {
    const part = storedPart(stored, into);
    const select = (
      ofScan: { rows: number; columns: number },
      pixelRows: number,
      pixelColumns: number,
      one: number,
    ): bigint[] =>
      roles.map((role) =>
        BigInt(
          { rows: ofScan.rows, columns: ofScan.columns, stack: ofScan.columns, pixelRows, pixelColumns, one }[role],
        ),
      );
    file.attempt(`read patterns from row ${row}, column ${column} of ${dataset.path}`, () => {
      reserve(part.length);
      module.get_dataset_data(
        file.fileId,
        dataset.path,
        select({ rows: height, columns: width }, pixels[0], pixels[1], 1),
        select({ rows: row, columns: column }, 0, 0, 0),
        shape.map(() => 1n),
        BigInt(address),
      );
      part.set(module.HEAPU8.subarray(address, address + part.length));
    });
    unpack(stored, into, name);
  };

  /** A rectangle of any size, in pieces that fit the library's memory. */
  const fetchLarge = (area: Rectangle, into: Uint8Array): void => {
    const most = Math.max(1, Math.floor(mostInLibrary / storedPattern));
    const perCall = area.columns <= most ? Math.floor(most / area.columns) * area.columns : most;
    for (let done = 0; done < area.rows * area.columns; ) {
      const column = done % area.columns;
      const left = column === 0 && perCall >= area.columns ? area.rows * area.columns - done : area.columns - column;
      const patterns = Math.min(perCall, left);
      const height = Math.max(1, Math.floor(patterns / area.columns));
      const width = Math.min(patterns, area.columns);
      const from = { row: area.row + Math.floor(done / area.columns), column: area.column + column };
      fetch(
        { ...from, rows: height, columns: width },
        into.subarray(done * pattern, (done + height * width) * pattern),
      );
      done += height * width;
    }
  };

  const blocks = new Map<string, { band: number; bytes: Uint8Array }>();
  let held = 0;
  const block = (band: number, area: Rectangle): Uint8Array => {
    const key = `${area.row},${area.column}`;
    const kept = blocks.get(key);
    if (kept !== undefined) return kept.bytes;
    const bytes = new Uint8Array(area.rows * area.columns * pattern);
    fetchLarge(area, bytes);
    for (const [other, { band: itsBand, bytes: its }] of blocks) {
      if (held + bytes.length <= cacheBytes) break;
      if (itsBand === band) continue;
      blocks.delete(other);
      held -= its.length;
    }
    if (held + bytes.length <= cacheBytes) {
      blocks.set(key, { band, bytes });
      held += bytes.length;
    }
    return bytes;
  };

  const readBlocks = (first: number, last: number, into: Uint8Array): void => {
    const [firstRow, lastRow] = [Math.floor(first / columns), Math.floor(last / columns)];
    for (let band = Math.floor(firstRow / chunkRows); band * chunkRows <= lastRow; band++) {
      const top = band * chunkRows;
      const height = Math.min(chunkRows, rows - top);
      for (let left = 0; left < columns; left += blockColumns) {
        const width = Math.min(blockColumns, columns - left);
        let decoded: Uint8Array | undefined;
        for (let row = Math.max(top, firstRow); row <= Math.min(top + height - 1, lastRow); row++) {
          const from = Math.max(left, row === firstRow ? first - row * columns : 0);
          const to = Math.min(left + width, row === lastRow ? last - row * columns + 1 : columns);
          if (from >= to) continue;
          decoded ??= block(band, { row: top, column: left, rows: height, columns: width });
          const start = ((row - top) * width + from - left) * pattern;
          into.set(decoded.subarray(start, start + (to - from) * pattern), (row * columns + from - first) * pattern);
        }
      }
    }
  };

  /** A range of positions is a part of a row, whole rows, and a part of a row. */
  const readRows = (first: number, count: number, into: Uint8Array): void => {
    for (let done = 0; done < count; ) {
      const column = (first + done) % columns;
      const whole = column === 0 ? Math.floor((count - done) / columns) : 0;
      const area = {
        row: Math.floor((first + done) / columns),
        column,
        rows: Math.max(1, whole),
        columns: whole > 0 ? columns : Math.min(columns - column, count - done),
      };
      const patterns = area.rows * area.columns;
      fetchLarge(area, into.subarray(done * pattern, (done + patterns) * pattern));
      done += patterns;
    }
  };

  return {
    read: (first, count, into) => {
      if (count === 0) return;
      if (inBlocks) readBlocks(first, first + count - 1, into);
      else readRows(first, count, into);
    },
    free: () => {
      if (address !== 0) module._free(address);
      address = reserved = held = 0;
      blocks.clear();
    },
  };
}
