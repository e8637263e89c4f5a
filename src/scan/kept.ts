import { area } from "./scan.ts";
import { type PatternSource, patternBytes, type SourceDescriptor } from "./source.ts";

/** Room for every pattern of a scan, and which are there. On SharedArrayBuffers, workers that open the source share it. */
export interface KeptPatterns {
  /** positions × bytes of a pattern. */
  readonly bytes: Uint8Array;
  /** One for each position, 1 = there. */
  readonly there: Uint8Array;
}

/** Room for all patterns of a source, shared where this thread may share memory. @throws RangeError there is not so much memory */
export function roomFor(source: PatternSource): KeptPatterns {
  const shares = typeof SharedArrayBuffer !== "undefined";
  const room = (bytes: number): Uint8Array =>
    new Uint8Array(shares ? new SharedArrayBuffer(bytes) : new ArrayBuffer(bytes));
  const count = area(source.positions);
  return { bytes: room(count * patternBytes(source)), there: room(count) };
}

/**
 * The source with its patterns kept in memory once they were read: what is slow to read, or packed, is read once by whoever is first.
 *
 * Two threads that read the same patterns at once write the same bytes; a pattern counts as there after its bytes are.
 *
 * @param room  from {@link roomFor} of the same source
 * @example
 * const quick = kept(source, roomFor(source));
 */
export function kept(source: PatternSource, room: KeptPatterns): PatternSource {
  const { bytes, there } = room;
  const size = patternBytes(source);
  const shared = !(bytes.buffer instanceof ArrayBuffer);
  return {
    ...source,
    // What cannot be shared is read by each worker for itself.
    descriptor: shared ? { kind: "kept", of: source.descriptor, room } : source.descriptor,
    async read(first, count, into) {
      let missing = false;
      for (let at = first; at < first + count && !missing; at++) missing = Atomics.load(there, at) === 0;
      if (!missing) {
        into.set(bytes.subarray(first * size, (first + count) * size));
        return;
      }
      await source.read(first, count, into);
      bytes.set(into, first * size);
      for (let at = first; at < first + count; at++) Atomics.store(there, at, 1);
    },
  };
}

/** Opens what {@link kept} described, once its inner source is open. */
export async function openKept(
  descriptor: SourceDescriptor,
  openInner: (inner: SourceDescriptor) => Promise<PatternSource>,
): Promise<PatternSource> {
  const { of, room } = descriptor as unknown as { of: SourceDescriptor; room: KeptPatterns };
  return kept(await openInner(of), room);
}
