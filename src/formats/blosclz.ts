import { copyShort, repeat } from "./lz4.ts";

/**
 * Decodes a block of BloscLZ, a relative of FastLZ level 2, into exactly `into`.
 *
 * A control byte below 32 is followed by that many literals and one more. Otherwise its upper 3 bits give the length of a
 * copy, continued in bytes while they are 255, and its lower 5 bits with one more byte the distance; where all of these
 * are ones, the distance stands in two further bytes, beyond 8191.
 *
 * @throws RangeError the block is damaged, or decodes to another length
 * @see FastLZ block format, ariya/FastLZ README, "Level 2"
 */
export function bloscLzBlock(block: Uint8Array, into: Uint8Array): void {
  let from = 0;
  let to = 0;
  const byte = (): number => {
    if (from >= block.length) throw new RangeError("a BloscLZ block that breaks off");
    return block[from++]!;
  };
  // The first instruction is always literals; its upper bits mark the level.
  let control = byte() & 31;
  for (;;) {
    if (control < 32) {
      const length = control + 1;
      if (from + length > block.length || to + length > into.length) {
        throw new RangeError(`a BloscLZ block with ${length} literals that do not fit`);
      }
      copyShort(block, from, into, to, length);
      from += length;
      to += length;
    } else {
      let length = (control >> 5) - 1;
      let more = length === 6 ? 255 : 0;
      while (more === 255) {
        more = byte();
        length += more;
      }
      const near = byte();
      let distance = ((control & 31) << 8) + near;
      if (distance === 8191) distance = 8191 + 256 * byte() + byte();
      to = repeat(into, to, distance + 1, length + 3);
    }
    if (from === block.length) break;
    control = byte();
  }
  if (to !== into.length) throw new RangeError(`a BloscLZ block of ${to} bytes, not ${into.length}`);
}
