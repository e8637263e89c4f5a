import type { Bytes } from "../formats/bytes.ts";
import { FormatError } from "../scan/errors.ts";

const pageBytes = 2 ** 18;
const mostPages = 16;

/** A file of which ranges can be fetched one by one, each at the cost of a round trip. */
export interface Ranged extends Pick<Bytes, "name" | "size" | "locator" | "sibling" | "list"> {
  /** Bytes offset … offset+length−1, which lie inside the file; fewer where the file became shorter. */
  fetch(offset: number, length: number): Uint8Array;
}

/**
 * {@link Bytes} over ranges. Small reads, as of headers and directories, are served from pages of 256 KiB of which the last
 * few are kept: a round trip costs as much as reading a page. Bulk reads go straight into the caller's memory.
 */
export function pagedBytes({ name, size, locator, sibling, list, fetch }: Ranged): Bytes {
  const pages = new Map<number, Uint8Array>();
  let open = true;

  const fetched = (offset: number, length: number): Uint8Array => {
    if (!open) throw new FormatError(`${name}: the file was closed before it was read`, { file: name, offset });
    const bytes = fetch(offset, length);
    if (bytes.length === length) return bytes;
    throw new FormatError(
      `${name}: expected ${length} bytes at byte ${offset}, found ${bytes.length}: the file changed while it was read; open it again`,
      { file: name, offset },
    );
  };
  const page = (index: number): Uint8Array => {
    const start = index * pageBytes;
    const found = pages.get(index) ?? fetched(start, Math.min(pageBytes, size - start));
    // Behind the others, so that the first is always the one that was not asked for longest.
    pages.delete(index);
    pages.set(index, found);
    if (pages.size > mostPages) pages.delete(pages.keys().next().value!);
    return found;
  };
  const inside = (offset: number, length: number): void => {
    if (offset >= 0 && length >= 0 && offset + length <= size) return;
    throw new FormatError(
      `${name}: expected ${length} bytes at byte ${offset}, but the file ends at byte ${size}; it is truncated`,
      { file: name, offset },
    );
  };
  const readInto = (offset: number, into: Uint8Array): void => {
    inside(offset, into.length);
    if (into.length > pageBytes) {
      into.set(fetched(offset, into.length));
      return;
    }
    for (let done = 0; done < into.length; ) {
      const index = Math.floor((offset + done) / pageBytes);
      const from = offset + done - index * pageBytes;
      const part = page(index).subarray(from, from + into.length - done);
      into.set(part, done);
      done += part.length;
    }
  };
  return {
    name,
    size,
    locator,
    read: (offset, length) => {
      inside(offset, length);
      const bytes = new Uint8Array(length);
      readInto(offset, bytes);
      return bytes;
    },
    readInto,
    sibling,
    ...(list && { list }),
    close: () => {
      open = false;
      pages.clear();
    },
  };
}
