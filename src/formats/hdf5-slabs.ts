import { bytesPer, typedArray } from "../scan/source.ts";
import { blockReader, type Rectangle } from "./blocks.ts";
import type { AxisRole } from "./find-scan.ts";
import type { ScanDataset } from "./hdf5-find.ts";
import type { Hdf5, OpenHdf5 } from "./hdf5-library.ts";
import { hold, release, workingBytes } from "./hdf5-memory.ts";
import { readAs, storedPart, unpack } from "./stored-numbers.ts";
import { copyStrided } from "./strided.ts";

// The library's memory is limited to 2 GiB, and never shrinks.
const mostInLibrary = 64 * 2 ** 20;

/** Reads patterns of a dataset, whatever its chunks, as {@link blockReader} does. */
export function slabReader(
  { module, memory }: Hdf5,
  file: OpenHdf5,
  scan: ScanDataset,
  name: string,
  cacheBytes?: number,
): { read(first: number, count: number, into: Uint8Array): Promise<void>; free(): void } {
  const { dataset, shape, roles, stored, pixels } = scan;
  const pattern = pixels[0] * pixels[1] * bytesPer[readAs(stored)];
  const storedPattern = pixels[0] * pixels[1] * stored.bytes;
  const along = (sizes: readonly number[], role: "rows" | "columns"): number =>
    sizes[roles.indexOf(role)] ?? (role === "columns" ? sizes[roles.indexOf("stack")]! : 1);
  const inOrder = roles.at(-1) === "pixelColumns" && roles.at(-2) === "pixelRows";
  const chunks = dataset.metadata.chunks?.map(Number) ?? shape.map(() => 1);
  const working = workingBytes(dataset.metadata, stored.bytes);

  let address = 0;
  let reserved = 0;
  const free = (): void => {
    if (reserved > 0) release(module, memory, address, reserved);
    reserved = 0;
  };
  const reserve = (length: number): void => {
    if (length <= reserved) return;
    free();
    address = hold(module, memory, length);
    reserved = length;
  };

  /** One call of the library: patterns of the rectangle, into `into`. */
  const fetch = ({ row, column, rows: height, columns: width }: Rectangle, into: Uint8Array): void => {
    const part = storedPart(stored, into);
    const select = (sizes: Record<AxisRole, number>): bigint[] => roles.map((role) => BigInt(sizes[role]));
    const [pixelRows, pixelColumns] = pixels;
    file.attempt(
      `read patterns from row ${row}, column ${column} of ${dataset.path}`,
      () => {
        reserve(part.length);
        module.get_dataset_data(
          file.fileId,
          dataset.path,
          select({ rows: height, columns: width, stack: width, pixelRows, pixelColumns, one: 1 }),
          select({ rows: row, columns: column, stack: column, pixelRows: 0, pixelColumns: 0, one: 0 }),
          shape.map(() => 1n),
          BigInt(address),
        );
        part.set(module.HEAPU8.subarray(address, address + part.length));
      },
      working,
    );
    unpack(stored, into, name);
    if (!inOrder) reorder({ rows: height, columns: width }, into);
  };

  /** From the order of the file to rows × columns × rows × columns. */
  const reorder = ({ rows, columns }: { rows: number; columns: number }, into: Uint8Array): void => {
    const [pixelRows, pixelColumns] = pixels;
    const counts = { rows, columns, stack: columns, pixelRows, pixelColumns, one: 1 };
    const area = pixelRows * pixelColumns;
    const target = {
      rows: columns * area,
      columns: area,
      stack: area,
      pixelRows: pixelColumns,
      pixelColumns: 1,
      one: 0,
    };
    let source = 1;
    const strides = roles
      .toReversed()
      .map((role) => {
        const stride = { count: counts[role], source, target: target[role] };
        source *= counts[role];
        return stride;
      })
      .toReversed();
    const mixed = typedArray(readAs(stored), into.slice().buffer);
    copyStrided(mixed, 0, typedArray(readAs(stored), into.buffer, into.byteOffset, mixed.length), 0, strides);
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

  const blocks = blockReader(
    {
      rows: along(shape, "rows"),
      columns: along(shape, "columns"),
      chunkRows: along(chunks, "rows"),
      chunkColumns: along(chunks, "columns"),
      pattern,
      fetch: fetchLarge,
    },
    cacheBytes,
  );
  return {
    read: blocks.read,
    free: () => {
      free();
      blocks.free();
    },
  };
}
