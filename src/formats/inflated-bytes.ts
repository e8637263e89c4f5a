import { Inflate } from "fflate";
import { FormatError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import { memoryBytes } from "./memory-bytes.ts";

export interface Inflated {
  /** Length when unpacked [bytes]. */
  readonly size: number;
  /** CRC-32 of the unpacked bytes. */
  readonly crc: number;
  /** Most bytes to keep unpacked. */
  readonly cacheBytes: number;
}

// Deflate codes at most 258 bytes in 2 bits, so nothing unpacks to more than 1032 times its length.
const mostRatio = 1032;
const pieceBytes = 2 ** 16;

/**
 * The unpacked bytes of a deflated member (RFC 1951).
 *
 * A stream of this kind can only be read from its start. Up to `cacheBytes` are unpacked once, checked and kept. Longer
 * ones are unpacked as they are read: cheap from first to last, but every step back starts over. The checksum is compared
 * whenever the end is reached.
 *
 * @throws FormatError the stream is damaged, or unpacks to another length or checksum than promised
 */
export function inflatedBytes(packed: Bytes, { size, crc, cacheBytes }: Inflated): Bytes {
  const { name } = packed;
  const damaged = (what: string, cause?: unknown): FormatError =>
    new FormatError(`${name}: ${what}; the archive is damaged, copy it again`, { file: name }, cause);
  if (size > mostRatio * packed.size) {
    throw damaged(
      `expected at most ${mostRatio * packed.size} bytes from ${packed.size} deflated ones, found ${size} promised`,
    );
  }

  let pieces: Uint8Array[] = [];
  let stream: Inflate;
  /** Packed bytes that went in, unpacked bytes that came out and were let go, and the checksum of all that came out. */
  let fed = 0;
  let passed = 0;
  let sum = 0;

  const restart = (): void => {
    pieces = [];
    [fed, passed, sum] = [0, 0, 0];
    let came = 0;
    stream = new Inflate((piece) => {
      came += piece.length;
      if (came > size) throw damaged(`expected ${size} bytes when unpacked, found more`);
      sum = crc32(piece, sum);
      if (piece.length > 0) pieces.push(piece);
    });
  };
  const feed = (): void => {
    const piece = packed.read(fed, Math.min(pieceBytes, packed.size - fed));
    fed += piece.length;
    try {
      stream.push(piece, fed === packed.size);
    } catch (error) {
      throw error instanceof FormatError
        ? error
        : damaged("expected a deflated stream, found none that can be unpacked", error);
    }
    if (fed < packed.size) return;
    const came = pieces.reduce((length, each) => length + each.length, passed);
    if (came !== size) throw damaged(`expected ${size} bytes when unpacked, found ${came}`);
    if (sum !== crc) throw damaged(`expected checksum ${crc.toString(16)}, found ${sum.toString(16)}`);
  };
  const inside = (offset: number, length: number): number => {
    if (offset >= 0 && length >= 0 && offset + length <= size) return length;
    throw new FormatError(
      `${name}: expected ${length} bytes at byte ${offset}, but it ends at byte ${size}; it is truncated`,
      { file: name, offset },
    );
  };
  const readInto = (offset: number, into: Uint8Array): void => {
    inside(offset, into.length);
    if (offset < passed) restart();
    for (let done = 0; done < into.length; ) {
      const piece = pieces[0];
      if (piece === undefined) {
        feed();
      } else if (passed + piece.length <= offset + done) {
        passed += piece.length;
        pieces.shift();
      } else {
        const part = piece.subarray(offset + done - passed).subarray(0, into.length - done);
        into.set(part, done);
        done += part.length;
      }
    }
  };

  restart();
  if (size <= cacheBytes) {
    const contents = new Uint8Array(size);
    readInto(0, contents);
    // Whatever follows the last byte belongs to the checksum's end.
    while (fed < packed.size) feed();
    pieces = [];
    return { ...memoryBytes(name, contents), locator: packed.locator, close: () => packed.close() };
  }
  return {
    name,
    size,
    locator: packed.locator,
    read: (offset, length) => {
      const bytes = new Uint8Array(inside(offset, length));
      readInto(offset, bytes);
      return bytes;
    },
    readInto,
    sibling: () => undefined,
    close: () => {
      pieces = [];
      packed.close();
    },
  };
}
