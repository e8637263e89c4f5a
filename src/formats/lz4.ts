/**
 * Decodes one LZ4 block into exactly `into`. Sequences of literals, then copies of what came before.
 *
 * Every length is checked against both ends before a byte moves, so damaged input never writes elsewhere or runs on.
 *
 * @throws RangeError the block is damaged, or decodes to another length
 * @see LZ4 Block Format Description, lz4/doc/lz4_Block_format.md
 * @example
 * const text = new Uint8Array(6);
 * lz4Block(Uint8Array.of(0x11, 97, 1, 0, 0x00), text.subarray(0, 6)); // "aaaaaa": one literal, 5 bytes from 1 before
 */
export function lz4Block(block: Uint8Array, into: Uint8Array): void {
  let from = 0;
  let to = 0;
  const more = (length: number): number => {
    let total = length;
    let byte = length === 15 ? 255 : 0;
    while (byte === 255) {
      if (from >= block.length) throw new RangeError("an LZ4 block that breaks off in a length");
      byte = block[from++]!;
      total += byte;
    }
    return total;
  };
  while (from < block.length) {
    const token = block[from++]!;
    const literals = token < 0xf0 ? token >> 4 : more(15);
    if (from + literals > block.length || to + literals > into.length) {
      throw new RangeError(`an LZ4 block with ${literals} literals that do not fit`);
    }
    // Nearly all literals are few: writing them here, without a call, is a third faster.
    if (literals > 32) into.set(block.subarray(from, from + literals), to);
    else for (let at = 0; at < literals; at++) into[to + at] = block[from + at]!;
    from += literals;
    to += literals;
    if (from === block.length) break;
    if (from + 2 > block.length) throw new RangeError("an LZ4 block that breaks off in an offset");
    const distance = block[from]! + 256 * block[from + 1]!;
    from += 2;
    const length = ((token & 15) < 15 ? token & 15 : more(15)) + 4;
    if (length > 32 || distance === 0 || distance > to || to + length > into.length) {
      to = repeat(into, to, distance, length);
    } else {
      for (const end = to + length; to < end; to++) into[to] = into[to - distance]!;
    }
  }
  if (to !== into.length) throw new RangeError(`an LZ4 block of ${to} bytes, not ${into.length}`);
}

/** LZ4 as Zarr's codec of that name stores it: the decoded length (u32), then one block. @throws RangeError damaged */
export function lz4Chunk(chunk: Uint8Array, size: number): Uint8Array {
  const claimed = chunk.length < 4 ? 0 : new DataView(chunk.buffer, chunk.byteOffset).getUint32(0, true);
  if (claimed !== size) throw new RangeError(`an LZ4 chunk of ${claimed} bytes, not ${size}`);
  // One byte of a length stands for at most 255 bytes.
  if (size > 255 * chunk.length) throw new RangeError(`${size} bytes promised by ${chunk.length} of LZ4`);
  const decoded = new Uint8Array(size);
  lz4Block(chunk.subarray(4), decoded);
  return decoded;
}

/** Appends `length` bytes that start `distance` before `to`; they may overlap what they make. @returns the new end */
export function repeat(into: Uint8Array, to: number, distance: number, length: number): number {
  if (distance === 0 || distance > to || to + length > into.length) {
    throw new RangeError(`a copy of ${length} bytes from ${distance} before byte ${to}, which does not fit`);
  }
  if (distance >= length && length > 48) {
    into.copyWithin(to, to - distance, to - distance + length);
  } else if (distance === 1 && length > 16) {
    into.fill(into[to - 1]!, to, to + length);
  } else {
    for (let at = to; at < to + length; at++) into[at] = into[at - distance]!;
  }
  return to + length;
}

/** Copies bytes; a loop is faster than a call where there are few, as there nearly always are. */
export function copyShort(source: Uint8Array, from: number, into: Uint8Array, to: number, length: number): void {
  if (length > 48) into.set(source.subarray(from, from + length), to);
  else for (let at = 0; at < length; at++) into[to + at] = source[from + at]!;
}
