/** Patterns rows × columns of the scan as it is stored (a stack is one row). */
export interface Rectangle {
  readonly row: number;
  readonly column: number;
  readonly rows: number;
  readonly columns: number;
}

/** A scan as it is stored in chunks, each spanning several positions. */
export interface ChunkedScan {
  readonly rows: number;
  readonly columns: number;
  readonly chunkRows: number;
  readonly chunkColumns: number;
  /** Bytes of one pattern as it is read. */
  readonly pattern: number;
  /** Decodes the patterns of a rectangle, of any size, row by row. */
  readonly fetch: (area: Rectangle, into: Uint8Array) => void | Promise<void>;
}

const goodBlock = 8 * 2 ** 20;
const mostBlock = 64 * 2 ** 20;

/**
 * Reads patterns of a scan in chunks, whatever the chunks.
 *
 * A chunk often spans several positions (8×8×32×32, say), and reading position by position would decode it once for each.
 * So scan positions are divided into blocks of whole chunks; decoded blocks are kept in at most `cacheBytes` (default
 * 128 MiB). Reading from first to last decodes each chunk once if one row of blocks fits; where it does not, what fits is
 * kept through all rows of the chunk and only the rest is decoded again. Blocks of earlier rows make room for later ones.
 * Where a single chunk's positions do not fit, what is asked for is decoded, and nothing kept.
 */
export function blockReader(
  { rows, columns, chunkRows: givenRows, chunkColumns: givenColumns, pattern, fetch }: ChunkedScan,
  cacheBytes = 128 * 2 ** 20,
): { read(first: number, count: number, into: Uint8Array): Promise<void>; free(): void } {
  const chunkRows = Math.min(givenRows, rows);
  const chunkColumns = Math.min(givenColumns, columns);
  const chunkBytes = chunkRows * chunkColumns * pattern;
  const blockColumns = chunkColumns * Math.max(1, Math.floor(goodBlock / chunkBytes));
  const inBlocks = chunkRows * chunkColumns > 1 && chunkBytes <= Math.max(cacheBytes, mostBlock);

  const blocks = new Map<string, { band: number; bytes: Uint8Array }>();
  let held = 0;
  const block = async (band: number, area: Rectangle): Promise<Uint8Array> => {
    const key = `${area.row},${area.column}`;
    const kept = blocks.get(key);
    if (kept !== undefined) return kept.bytes;
    const bytes = new Uint8Array(area.rows * area.columns * pattern);
    await fetch(area, bytes);
    for (const [other, { band: itsBand, bytes: its }] of blocks) {
      if (held + bytes.length <= cacheBytes) break;
      if (itsBand === band) continue;
      blocks.delete(other);
      held -= its.length;
    }
    // Another read may have fetched the same block meanwhile.
    if (held + bytes.length <= cacheBytes && !blocks.has(key)) {
      blocks.set(key, { band, bytes });
      held += bytes.length;
    }
    return bytes;
  };

  const readBlocks = async (first: number, last: number, into: Uint8Array): Promise<void> => {
    const [firstRow, lastRow] = [Math.floor(first / columns), Math.floor(last / columns)];
    for (let band = Math.floor(firstRow / chunkRows); band * chunkRows <= lastRow; band++) {
      const top = band * chunkRows;
      const height = Math.min(chunkRows, rows - top);
      for (let left = 0; left < columns; left += blockColumns) {
        const width = Math.min(blockColumns, columns - left);
        let decoded: Uint8Array | undefined;
        for (let row = Math.max(top, firstRow); row <= Math.min(top + height - 1, lastRow); row++) {
          const from = Math.max(left, row === firstRow ? first - row * columns : 0);
          const to = Math.min(left + width, row === lastRow ? last - row * columns + 1 : columns);
          if (from >= to) continue;
          decoded ??= await block(band, { row: top, column: left, rows: height, columns: width });
          const start = ((row - top) * width + from - left) * pattern;
          into.set(decoded.subarray(start, start + (to - from) * pattern), (row * columns + from - first) * pattern);
        }
      }
    }
  };

  /** A range of positions is a part of a row, whole rows, and a part of a row. */
  const readRows = async (first: number, count: number, into: Uint8Array): Promise<void> => {
    for (let done = 0; done < count; ) {
      const column = (first + done) % columns;
      const whole = column === 0 ? Math.floor((count - done) / columns) : 0;
      const area = {
        row: Math.floor((first + done) / columns),
        column,
        rows: Math.max(1, whole),
        columns: whole > 0 ? columns : Math.min(columns - column, count - done),
      };
      const patterns = area.rows * area.columns;
      await fetch(area, into.subarray(done * pattern, (done + patterns) * pattern));
      done += patterns;
    }
  };

  return {
    read: async (first, count, into) => {
      if (count === 0) return;
      if (inBlocks) await readBlocks(first, first + count - 1, into);
      else await readRows(first, count, into);
    },
    free: () => {
      held = 0;
      blocks.clear();
    },
  };
}
