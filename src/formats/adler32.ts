/** Two sums modulo 65521; 2000 steps stay below 2³¹. @see RFC 1950, section 9 */
export function adler32(bytes: Uint8Array): number {
  let low = 1;
  let high = 0;
  for (let start = 0; start < bytes.length; start += 2000) {
    const end = Math.min(start + 2000, bytes.length);
    for (let at = start; at < end; at++) {
      low += bytes[at]!;
      high += low;
    }
    low %= 65521;
    high %= 65521;
  }
  return high * 65536 + low;
}
