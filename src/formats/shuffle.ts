/**
 * Undoes the byte shuffle: first bytes of all numbers, then all second bytes … become numbers again. A rest shorter than
 * one number stands at the end unchanged.
 */
export function unshuffled(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width);
  const numbers = new Uint8Array(bytes.length);
  if (width === 2) {
    // Most detectors' numbers: twice as fast as byte by byte.
    const pairs = new Uint16Array(numbers.buffer, 0, count);
    for (let index = 0; index < count; index++) pairs[index] = bytes[index]! | (bytes[count + index]! << 8);
    numbers.set(bytes.subarray(2 * count), 2 * count);
    return numbers;
  }
  for (let byte = 0; byte < width; byte++) {
    const start = byte * count;
    for (let index = 0, to = byte; index < count; index++, to += width) numbers[to] = bytes[start + index]!;
  }
  numbers.set(bytes.subarray(count * width), count * width);
  return numbers;
}

/**
 * Undoes the bit shuffle: bit 0 of all numbers, then bit 1 of all … become numbers again. Only whole groups of eight
 * numbers are shuffled; a rest stands at the end unchanged.
 *
 * @see Masui et al., Astronomy and Computing 12 (2015) 181; the bit transpose: Warren, Hacker's Delight, 7-3
 */
export function bitUnshuffled(bytes: Uint8Array, width: number): Uint8Array {
  const count = Math.floor(bytes.length / width / 8) * 8;
  const row = count / 8;
  const numbers = new Uint8Array(bytes.length);
  for (let byte = 0; byte < width; byte++) {
    const start = byte * count;
    for (let group = 0; group < row; group++) {
      const at = start + group;
      // Byte i of the 8×8 bits holds bit i of eight numbers; transposed, it is the byte of number i.
      let low = bytes[at]! | (bytes[at + row]! << 8) | (bytes[at + 2 * row]! << 16) | (bytes[at + 3 * row]! << 24);
      let high =
        bytes[at + 4 * row]! |
        (bytes[at + 5 * row]! << 8) |
        (bytes[at + 6 * row]! << 16) |
        (bytes[at + 7 * row]! << 24);
      let swap = (low ^ (low >>> 7)) & 0x00aa00aa;
      low ^= swap ^ (swap << 7);
      swap = (high ^ (high >>> 7)) & 0x00aa00aa;
      high ^= swap ^ (swap << 7);
      swap = (low ^ (low >>> 14)) & 0x0000cccc;
      low ^= swap ^ (swap << 14);
      swap = (high ^ (high >>> 14)) & 0x0000cccc;
      high ^= swap ^ (swap << 14);
      swap = (high ^ (low >>> 4)) & 0x0f0f0f0f;
      const upper = high ^ swap;
      low ^= swap << 4;
      const to = group * 8 * width + byte;
      numbers[to] = low;
      numbers[to + width] = low >>> 8;
      numbers[to + 2 * width] = low >>> 16;
      numbers[to + 3 * width] = low >>> 24;
      numbers[to + 4 * width] = upper;
      numbers[to + 5 * width] = upper >>> 8;
      numbers[to + 6 * width] = upper >>> 16;
      numbers[to + 7 * width] = upper >>> 24;
    }
  }
  numbers.set(bytes.subarray(count * width), count * width);
  return numbers;
}
