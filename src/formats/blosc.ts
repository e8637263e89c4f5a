import { bloscLzBlock } from "./blosclz.ts";
import { zlibChunk } from "./inflated-chunk.ts";
import { lz4Block } from "./lz4.ts";
import { bitUnshuffled, unshuffled } from "./shuffle.ts";
import { snappyBlock } from "./snappy.ts";
import { zstdChunk } from "./zstd.ts";

type Decode = (block: Uint8Array, into: Uint8Array) => void | Promise<void>;

const decoders: readonly Decode[] = [
  bloscLzBlock,
  lz4Block,
  snappyBlock,
  (block, into) => into.set(zlibChunk(block, into.length)),
  async (block, into) => into.set(await zstdChunk(block, into.length)),
];

const headerBytes = 16;
const byteShuffle = 1;
const stored = 2;
const bitShuffle = 4;
const notSplit = 16;
// A block in fewer bytes than this per stream is not split (BLOSC_MIN_BUFFERSIZE), nor are numbers wider than 16 bytes.
const leastStream = 128;
const mostStreams = 16;

/**
 * Decodes a Blosc 1 chunk to exactly `size` bytes.
 *
 * A header of 16 bytes (versions, flags, width of a number, length, block length, length of the chunk), a table of where
 * blocks start, then the blocks: each in one stream or, split, in one for each byte of a number; each stream its
 * length (i32) and its bytes, as they are if they are as long as what they decode to.
 *
 * All lengths are checked against the chunk and against `size` before anything of that size is allocated. The common
 * library skips some of these checks and decodes damaged chunks to whatever comes out. There is no checksum: a byte that
 * changes among literals goes unseen.
 *
 * @throws RangeError the chunk is damaged, or of another length
 * @see Blosc chunk format, Blosc/c-blosc/README_CHUNK_FORMAT.rst
 */
export async function bloscChunk(chunk: Uint8Array, size: number): Promise<Uint8Array> {
  if (chunk.length < headerBytes) throw new RangeError(`a Blosc chunk of only ${chunk.length} bytes`);
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const [version, flags, width] = [chunk[0]!, chunk[2]!, chunk[3]!];
  const [length, blockBytes, chunkBytes] = [4, 8, 12].map((at) => view.getUint32(at, true)) as [number, number, number];
  if (version < 1 || version > 2) throw new RangeError(`a Blosc chunk of format ${version}, which is not 1 or 2`);
  if (length !== size) throw new RangeError(`a Blosc chunk that promises ${length} bytes, not ${size}`);
  if (chunkBytes !== chunk.length)
    throw new RangeError(`a Blosc chunk that says ${chunkBytes} bytes but has ${chunk.length}`);
  if (width === 0) throw new RangeError("a Blosc chunk of numbers of 0 bytes");
  if (size === 0) return new Uint8Array(0);
  if (flags & stored) {
    if (chunk.length !== headerBytes + size)
      throw new RangeError(`a stored Blosc chunk of ${chunk.length - headerBytes} bytes, not ${size}`);
    return chunk.slice(headerBytes);
  }
  const decode = decoders[flags >> 5];
  if (decode === undefined) throw new RangeError(`a Blosc chunk with compressor ${flags >> 5}, which is not known`);
  if (blockBytes === 0 || blockBytes > size) throw new RangeError(`a Blosc chunk in blocks of ${blockBytes} bytes`);
  const blocks = Math.ceil(size / blockBytes);
  if (headerBytes + 4 * blocks > chunk.length) throw new RangeError(`a Blosc chunk too short for its ${blocks} blocks`);

  const decoded = new Uint8Array(size);
  for (let index = 0; index < blocks; index++) {
    const into = decoded.subarray(index * blockBytes, (index + 1) * blockBytes);
    const whole = into.length === blockBytes;
    const split = !(flags & notSplit) && whole && width <= mostStreams && blockBytes / width >= leastStream;
    const streams = split ? width : 1;
    if (into.length % streams !== 0)
      throw new RangeError(`a Blosc block of ${into.length} bytes in ${streams} streams`);
    const part = into.length / streams;
    let at = view.getUint32(headerBytes + 4 * index, true);
    for (let stream = 0; stream < streams; stream++) {
      const bytes = at + 4 <= chunk.length ? view.getUint32(at, true) : Number.POSITIVE_INFINITY;
      at += 4;
      if (at < headerBytes + 4 * blocks || at + bytes > chunk.length) {
        throw new RangeError(`a Blosc stream at byte ${at} that does not lie in its chunk`);
      }
      const packed = chunk.subarray(at, at + bytes);
      const target = into.subarray(stream * part, (stream + 1) * part);
      if (bytes === part) target.set(packed);
      else await decode(packed, target);
      at += bytes;
    }
    if (flags & byteShuffle && width > 1) into.set(unshuffled(into, width));
    else if (flags & bitShuffle) into.set(bitUnshuffled(into, width));
  }
  return decoded;
}
