/**
 * The indices below `length` that count, ascending: without the lists that `filter` makes of millions on its way.
 *
 * @example
 * indicesWhere(5, (i) => i % 2 === 1); // [1, 3]
 */
export function indicesWhere(length: number, counts: (index: number) => boolean): Int32Array<ArrayBuffer> {
  const found = new Int32Array(length);
  let count = 0;
  for (let i = 0; i < length; i++) if (counts(i)) found[count++] = i;
  return count === length ? found : found.slice(0, count);
}
