import { area } from "../scan/scan.ts";
import { type PatternSource, patternBytes, type Watch } from "../scan/source.ts";

const slabBytes = 16 * 2 ** 20;

/** Reads a scan from the first pattern to the last, about 16 MiB at a time, and hands on each slab; the slab's bytes are reused. */
export async function eachSlab(
  source: PatternSource,
  { signal, onProgress }: Watch,
  stage: string,
  take: (first: number, count: number, slab: Uint8Array) => void | Promise<void>,
): Promise<void> {
  const positions = area(source.positions);
  const most = Math.max(1, Math.min(positions, Math.floor(slabBytes / patternBytes(source))));
  const buffer = new Uint8Array(most * patternBytes(source));
  for (let first = 0; first < positions; first += most) {
    signal?.throwIfAborted();
    const count = Math.min(most, positions - first);
    const slab = buffer.subarray(0, count * patternBytes(source));
    await source.read(first, count, slab);
    await take(first, count, slab);
    onProgress?.(stage, (first + count) / positions);
  }
}
