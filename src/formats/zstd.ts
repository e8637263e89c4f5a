type Codec = { decode(data: Uint8Array): Promise<Uint8Array> };

let codec: Promise<Codec> | undefined;

// Beyond what was asked for: a frame that says nothing of its length may be measured too long by this.
const mostBeyond = 128 * 2 ** 20;

/**
 * Decodes Zstandard frames (RFC 8878) to exactly `size` bytes. Checksums, where frames carry them, are compared.
 *
 * What the frames can decode to is measured before the library is asked, since it allocates what a damaged frame promises.
 *
 * @throws RangeError damaged, or of another length
 */
export async function zstdChunk(chunk: Uint8Array, size: number): Promise<Uint8Array> {
  const { exact, most } = measured(chunk);
  if ((exact !== undefined && exact !== size) || most < size || most > size + mostBeyond) {
    throw new RangeError(`Zstandard frames of ${exact ?? `up to ${most}`} bytes, not ${size}`);
  }
  codec ??= import("numcodecs/zstd").then(({ default: Zstd }) => new Zstd());
  const library = await codec;
  let decoded: Uint8Array;
  try {
    decoded = await library.decode(chunk);
  } catch (error) {
    // After a trap the library's memory cannot be trusted, but it has none of ours: it starts each call afresh.
    const reason = error instanceof Error ? error.message.replace(/^.*error: /, "") : String(error);
    throw new RangeError(`a Zstandard frame that cannot be decoded (${reason})`, { cause: error });
  }
  if (decoded.length !== size) throw new RangeError(`Zstandard frames of ${decoded.length} bytes, not ${size}`);
  return decoded;
}

/** Walks frames and blocks by their headers. @returns the length that all frames state, and the longest that blocks allow */
function measured(chunk: Uint8Array): { exact: number | undefined; most: number } {
  const view = new DataView(chunk.buffer, chunk.byteOffset, chunk.byteLength);
  const brokenOff = (): RangeError => new RangeError("a Zstandard frame that breaks off");
  const little = (at: number, bytes: number): number => {
    if (at + bytes > chunk.length) throw brokenOff();
    let value = 0;
    for (let each = bytes - 1; each >= 0; each--) value = value * 256 + view.getUint8(at + each);
    return value;
  };
  let exact: number | undefined = 0;
  let most = 0;
  let at = 0;
  while (at < chunk.length) {
    const magic = little(at, 4);
    if (magic >= 0x184d2a50 && magic <= 0x184d2a5f) {
      at += 8 + little(at + 4, 4);
      continue;
    }
    if (magic !== 0xfd2fb528) throw new RangeError("bytes that are not a Zstandard frame");
    const descriptor = little(at + 4, 1);
    const single = (descriptor & 32) !== 0;
    const stated = [single ? 1 : 0, 2, 4, 8][descriptor >> 6]!;
    const sizeAt = at + 5 + (single ? 0 : 1) + [0, 1, 2, 4][descriptor & 3]!;
    if (stated === 0) exact = undefined;
    else if (exact !== undefined) exact += little(sizeAt, stated) + (stated === 2 ? 256 : 0);
    at = sizeAt + stated;
    for (let last = false; !last; ) {
      const header = little(at, 3);
      const [kind, length] = [(header >> 1) & 3, header >> 3];
      last = (header & 1) === 1;
      at += 3 + (kind === 1 ? 1 : length);
      most += kind === 2 ? 2 ** 17 : length;
      if (kind === 3 || at > chunk.length) throw brokenOff();
    }
    at += descriptor & 4;
  }
  if (at !== chunk.length) throw brokenOff();
  return { exact, most };
}
