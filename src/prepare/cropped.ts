import { ShapeError } from "../scan/errors.ts";
import { bytesPer, type PatternSource, patternBytes, type SourceDescriptor } from "../scan/source.ts";
import { moved } from "./moved-axes.ts";

/** Detector pixels first row … first row + rows − 1, and columns alike. */
export interface Region {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/**
 * The source with every pattern cut to a region of the detector.
 *
 * @throws ShapeError  the region is empty or reaches beyond the detector
 * @example
 * const inner = cropped(source, { row: 8, column: 8, rows: 24, columns: 20 });
 */
export function cropped(source: PatternSource, region: Region): PatternSource {
  const { row, column, rows, columns } = region;
  const [height, width] = source.pixels;
  const whole = [row, column, rows, columns].every(Number.isInteger);
  if (!whole || row < 0 || column < 0 || rows < 1 || columns < 1 || row + rows > height || column + columns > width) {
    throw new ShapeError(
      `region: expected whole pixels inside ${height}×${width}, found ${rows}×${columns} from row ${row}, column ${column}`,
      { expected: source.pixels, got: region },
    );
  }
  const bytes = bytesPer[source.dtype];
  const inner = patternBytes(source);
  const outer = rows * columns * bytes;
  return {
    ...source,
    format: "cropped",
    pixels: [rows, columns],
    axes: moved(source.axes, row, column),
    descriptor: { kind: "cropped", of: source.descriptor, region },
    async read(first, count, into) {
      const recorded = new Uint8Array(count * inner);
      await source.read(first, count, recorded);
      for (let i = 0; i < count; i++) {
        for (let r = 0; r < rows; r++) {
          const start = i * inner + ((row + r) * width + column) * bytes;
          into.set(recorded.subarray(start, start + columns * bytes), i * outer + r * columns * bytes);
        }
      }
    },
    close: () => source.close(),
  };
}

/** Opens what {@link cropped} described, once its inner source is open. */
export async function openCropped(
  descriptor: SourceDescriptor,
  openInner: (inner: SourceDescriptor) => Promise<PatternSource>,
): Promise<PatternSource> {
  const { of, region } = descriptor as unknown as { of: SourceDescriptor; region: Region };
  return cropped(await openInner(of), region);
}
