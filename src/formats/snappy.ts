import { copyShort, repeat } from "./lz4.ts";

/**
 * Decodes a Snappy block (its own length first) into exactly `into`.
 *
 * @throws RangeError the block is damaged, or decodes to another length
 * @see Snappy compressed format description, google/snappy/format_description.txt
 */
export function snappyBlock(block: Uint8Array, into: Uint8Array): void {
  let from = 0;
  let to = 0;
  const byte = (): number => {
    if (from >= block.length) throw new RangeError("a Snappy block that breaks off");
    return block[from++]!;
  };
  const little = (bytes: number): number => {
    let value = 0;
    for (let each = 0; each < bytes; each++) value += byte() * 256 ** each;
    return value;
  };
  let promised = 0;
  for (let shift = 0, part = 128; part >= 128 && shift < 35; shift += 7) {
    part = byte();
    promised += (part & 127) * 2 ** shift;
  }
  if (promised !== into.length) throw new RangeError(`a Snappy block of ${promised} bytes, not ${into.length}`);
  while (from < block.length) {
    const tag = byte();
    const kind = tag & 3;
    if (kind === 0) {
      const size = tag >> 2;
      const length = (size < 60 ? size : little(size - 59)) + 1;
      if (from + length > block.length || to + length > into.length) {
        throw new RangeError(`a Snappy block with ${length} literals that do not fit`);
      }
      copyShort(block, from, into, to, length);
      from += length;
      to += length;
    } else if (kind === 1) {
      to = repeat(into, to, ((tag >> 5) << 8) + byte(), ((tag >> 2) & 7) + 4);
    } else {
      to = repeat(into, to, little(kind === 2 ? 2 : 4), (tag >> 2) + 1);
    }
  }
  if (to !== into.length) throw new RangeError(`a Snappy block of ${to} bytes, not ${into.length}`);
}
