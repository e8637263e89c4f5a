/** Puts a structure together from numbers of given widths and bytes; everything little-endian. */
export function littleEndian(
  ...parts: readonly (Uint8Array | readonly [bytes: 1 | 2 | 4 | 8, value: number])[]
): Uint8Array {
  const result = new Uint8Array(
    parts.reduce((sum, part) => sum + (part instanceof Uint8Array ? part.length : part[0]), 0),
  );
  const view = new DataView(result.buffer);
  let at = 0;
  for (const part of parts) {
    if (part instanceof Uint8Array) {
      result.set(part, at);
      at += part.length;
      continue;
    }
    const [width, value] = part;
    if (width === 1) view.setUint8(at, value);
    else if (width === 2) view.setUint16(at, value, true);
    else if (width === 4) view.setUint32(at, value, true);
    else view.setBigUint64(at, BigInt(value), true);
    at += width;
  }
  return result;
}
