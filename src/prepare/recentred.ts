import { DataError, ShapeError } from "../scan/errors.ts";
import { area, type Images, type Size } from "../scan/scan.ts";
import { bytesPer, type PatternSource, type SourceDescriptor } from "../scan/source.ts";
import { moved } from "./moved-axes.ts";

/** What becomes of the detector's edge: "crop" keeps what every pattern covers, "fill" keeps the size and puts 0 where nothing was recorded. */
export type Edge = "crop" | "fill";

/**
 * The source with every pattern's content moved by minus its shift, so that the direct beam lies in one place.
 *
 * Whole pixels only, copied row by row: counts stay the counts that were recorded. "crop" leaves only pixels that every pattern
 * recorded; "fill" keeps all, but its zeros are no measurement: mask those pixels before learning (see {@link coverage}), as the main job does.
 *
 * @param shifts  2 × positions, whole px: row and column displacement, as {@link align} gives them
 * @throws ShapeError  shifts of another scan, or not whole
 * @throws DataError   "crop" would keep less than half of the rows or columns
 * @example
 * const aligned = recentred(source, (await align(source)).shifts, "crop");
 */
export function recentred(source: PatternSource, shifts: Images, edge: Edge = "crop"): PatternSource {
  const { positions } = source;
  if (shifts.count !== 2 || shifts.size[0] !== positions[0] || shifts.size[1] !== positions[1]) {
    throw new ShapeError(
      `shifts: expected 2 × ${positions.join("×")} (rows and columns over the scan), found ${shifts.count} × ${shifts.size.join("×")}`,
      { expected: [2, ...positions], got: [shifts.count, ...shifts.size] },
    );
  }
  const wrong = shifts.values.findIndex((shift) => !Number.isInteger(shift));
  if (wrong >= 0) {
    throw new ShapeError(`shifts: expected whole pixels, found ${shifts.values[wrong]}; round them first`, {
      expected: "integers",
      got: shifts.values[wrong],
    });
  }
  return shifted(source, Int32Array.from(shifts.values), edge);
}

/** Opens what {@link recentred} described, once its inner source is open. */
export async function openRecentred(
  descriptor: SourceDescriptor,
  openInner: (inner: SourceDescriptor) => Promise<PatternSource>,
): Promise<PatternSource> {
  const { of, shifts, edge } = descriptor as unknown as { of: SourceDescriptor; shifts: Int32Array; edge: Edge };
  return shifted(await openInner(of), shifts, edge);
}

function shifted(source: PatternSource, shifts: Int32Array, edge: Edge): PatternSource {
  const count = area(source.positions);
  const [rows, columns] = source.pixels;
  const rowRange = range(shifts.subarray(0, count));
  const columnRange = range(shifts.subarray(count));
  const origin = edge === "crop" ? [-rowRange.least, -columnRange.least] : [0, 0];
  const pixels: Size =
    edge === "crop"
      ? [rows - (rowRange.most - rowRange.least), columns - (columnRange.most - columnRange.least)]
      : source.pixels;
  if (pixels[0] < rows / 2 || pixels[1] < columns / 2) {
    throw new DataError(
      `${source.name}: shifts of ${rowRange.least} … ${rowRange.most} rows and ${columnRange.least} … ${columnRange.most} columns leave less than half of the ${rows}×${columns} px in common; fill the edge, look at the shift maps, or analyse as recorded with --no-align`,
      {},
    );
  }
  const bytes = bytesPer[source.dtype];
  const inner = rows * columns * bytes;
  const outer = pixels[0] * pixels[1] * bytes;
  let recorded = new Uint8Array(0);

  function move(position: number, from: number, into: Uint8Array, to: number): void {
    const down = origin[0]! + shifts[position]!;
    const right = origin[1]! + shifts[count + position]!;
    const firstRow = Math.max(0, -down);
    const lastRow = Math.min(pixels[0], rows - down);
    const firstColumn = Math.max(0, -right);
    const length = (Math.min(pixels[1], columns - right) - firstColumn) * bytes;
    if (edge === "fill" && (down !== 0 || right !== 0)) into.fill(0, to, to + outer);
    if (length <= 0) return;
    if (length === columns * bytes && pixels[1] === columns) {
      if (lastRow <= firstRow) return;
      const start = from + (firstRow + down) * length;
      into.set(recorded.subarray(start, start + (lastRow - firstRow) * length), to + firstRow * length);
      return;
    }
    for (let r = firstRow; r < lastRow; r++) {
      const start = from + ((r + down) * columns + firstColumn + right) * bytes;
      into.set(recorded.subarray(start, start + length), to + (r * pixels[1] + firstColumn) * bytes);
    }
  }

  return {
    name: source.name,
    format: "recentred",
    positions: source.positions,
    pixels,
    dtype: source.dtype,
    axes: moved(source.axes, origin[0]!, origin[1]!),
    metadata: source.metadata,
    descriptor: { kind: "recentred", of: source.descriptor, shifts, edge },
    async read(first, length, into) {
      // Taken for the time of this read, so that a second read under way gets its own.
      const buffer = recorded.length >= length * inner ? recorded : new Uint8Array(length * inner);
      recorded = new Uint8Array(0);
      await source.read(first, length, buffer.subarray(0, length * inner));
      recorded = buffer;
      for (let i = 0; i < length; i++) move(first + i, i * inner, into, i * outer);
    },
    close: () => source.close(),
  };
}

function range(values: Int32Array): { readonly least: number; readonly most: number } {
  return {
    least: values.reduce((low, value) => Math.min(low, value), values[0] ?? 0),
    most: values.reduce((high, value) => Math.max(high, value), values[0] ?? 0),
  };
}
