import type { Size } from "../scan/scan.ts";
import { type PatternSource, patternBytes, type Watch } from "../scan/source.ts";

/** How a scan is cut into chunks: whole patterns, `patterns` of them along a scan row, so that none spans two rows. */
export interface RowChunks {
  readonly patterns: number;
  /** Chunks down and along the scan. */
  readonly count: Size;
  readonly bytes: number;
}

const goodChunk = 2 ** 20;

/** Chunks of about 1 MiB. */
export function rowChunks(source: PatternSource): RowChunks {
  const [rows, columns] = source.positions;
  const patterns = Math.max(1, Math.min(columns, Math.floor(goodChunk / patternBytes(source))));
  return { patterns, count: [rows, Math.ceil(columns / patterns)], bytes: patterns * patternBytes(source) };
}

/** Hands on chunk after chunk, row by row; what lies beyond the scan's last column is zero. The bytes are reused. */
export async function eachRowChunk(
  source: PatternSource,
  { signal, onProgress }: Watch,
  take: (row: number, chunk: number, bytes: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const { patterns, count, bytes } = rowChunks(source);
  const columns = source.positions[1];
  const buffer = new Uint8Array(bytes);
  for (let index = 0; index < count[0] * count[1]; index++) {
    signal?.throwIfAborted();
    const [row, chunk] = [Math.floor(index / count[1]), index % count[1]];
    const there = Math.min(patterns, columns - chunk * patterns);
    const present = buffer.subarray(0, there * patternBytes(source));
    await source.read(row * columns + chunk * patterns, there, present);
    await take(row, chunk, buffer.fill(0, present.length));
    onProgress?.("writing", (index + 1) / (count[0] * count[1]));
  }
}
