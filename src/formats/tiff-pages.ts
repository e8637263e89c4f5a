import { FormatError, UnsupportedError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";

/** Where a TIFF's pages are, and how its numbers are written. */
export interface TiffFile {
  readonly bytes: Bytes;
  readonly bigEndian: boolean;
  /** BigTIFF: counts and offsets of 8 bytes. */
  readonly big: boolean;
  /** Where the directory of each page starts, without previews and masks. */
  readonly pages: readonly number[];
}

/** One tag of a page: its values lie at `offset`, which may be in the tag itself. */
export interface TiffEntry {
  readonly type: number;
  readonly count: number;
  readonly offset: number;
}

export type TiffDirectory = ReadonlyMap<number, TiffEntry>;

const mostPages = 2 ** 22;
const mostEntries = 4096;
const mostValues = 2 ** 20;
// A directory of 20 tags fits, so that most take one read.
const windowBytes = 512;

/** Bytes of the types BYTE ASCII SHORT LONG RATIONAL SBYTE UNDEFINED SSHORT SLONG SRATIONAL FLOAT DOUBLE IFD, LONG8 SLONG8 IFD8. */
const typeBytes: Readonly<Record<number, number>> = {
  1: 1,
  2: 1,
  3: 2,
  4: 4,
  5: 8,
  6: 1,
  7: 1,
  8: 2,
  9: 4,
  10: 8,
  11: 4,
  12: 8,
  13: 4,
  16: 8,
  17: 8,
  18: 8,
}; // prettier

/**
 * Follows the chain of page directories from the header to its end.
 *
 * @param take  is given every page on the way, so that none has to be read twice
 * @throws FormatError       the chain leaves the file or comes back to itself
 * @throws UnsupportedError  more than 4 194 304 pages, or more than 4096 tags in one
 * @see TIFF 6.0, section 2; BigTIFF, https://www.awaresystems.be/imaging/tiff/bigtiff.html
 */
export function readPages(bytes: Bytes, take: (file: TiffFile, page: TiffDirectory) => void): TiffFile {
  const head = bytes.read(0, Math.min(16, bytes.size));
  const bigEndian = head[0] === 0x4d;
  const view = new DataView(head.buffer, head.byteOffset, head.byteLength);
  const big = head.length >= 8 && view.getUint16(2, !bigEndian) === 43;
  if (head.length < (big ? 16 : 8)) {
    throw new FormatError(
      `${bytes.name}: expected a TIFF header, found the end at byte ${bytes.size}; it is truncated`,
      {
        file: bytes.name,
        offset: bytes.size,
      },
    );
  }
  if (big && (view.getUint16(4, !bigEndian) !== 8 || view.getUint16(6, !bigEndian) !== 0)) {
    throw new FormatError(
      `${bytes.name}: expected BigTIFF offsets of 8 bytes, found ${view.getUint16(4, !bigEndian)} at byte 4`,
      {
        file: bytes.name,
        offset: 4,
      },
    );
  }
  const pages: number[] = [];
  const file: TiffFile = { bytes, bigEndian, big, pages };
  const seen = new Set<number>();
  let offset = big ? long(view, 8, bigEndian) : view.getUint32(4, !bigEndian);
  while (offset !== 0) {
    if (seen.has(offset)) {
      throw new FormatError(
        `${bytes.name}: expected the next page after ${seen.size}, found the page at byte ${offset} again; the chain of pages is damaged`,
        { file: bytes.name, offset },
      );
    }
    if (seen.size >= mostPages) {
      throw new UnsupportedError(`${bytes.name}: expected at most ${mostPages} pages, found more`, {
        feature: "very many pages",
      });
    }
    seen.add(offset);
    const { entries, next } = directory(file, offset);
    // 1: a preview of another page, 4: a mask for one.
    const kind = entries.has(254) ? values(file, entries, 254, 1)[0]! : 0;
    if ((kind & 5) === 0) {
      take(file, entries);
      pages.push(offset);
    }
    offset = next;
  }
  return file;
}

/** The tags of the page whose directory starts at `offset`. */
export const pageAt = (file: TiffFile, offset: number): TiffDirectory => directory(file, offset).entries;

function directory(
  { bytes, bigEndian, big }: TiffFile,
  offset: number,
): { readonly entries: TiffDirectory; readonly next: number } {
  const [countBytes, entryBytes, nextBytes] = big ? [8, 20, 8] : [2, 12, 4];
  const truncated = (): FormatError =>
    new FormatError(
      `${bytes.name}: expected the tags of a page at byte ${offset}, but the file ends at byte ${bytes.size}; it is truncated`,
      {
        file: bytes.name,
        offset,
      },
    );
  if (!(offset >= 8 && offset + countBytes <= bytes.size)) throw truncated();
  let view = viewOf(bytes, offset, Math.min(windowBytes, bytes.size - offset));
  const count = big ? long(view, 0, bigEndian) : view.getUint16(0, !bigEndian);
  if (!(count <= mostEntries)) {
    throw new UnsupportedError(
      `${bytes.name}: expected at most ${mostEntries} tags in a page, found ${count} at byte ${offset}`,
      {
        feature: "very many tags",
      },
    );
  }
  const length = countBytes + count * entryBytes + nextBytes;
  if (offset + length > bytes.size) throw truncated();
  if (length > view.byteLength) view = viewOf(bytes, offset, length);
  const entries = new Map<number, TiffEntry>();
  const inline = big ? 8 : 4;
  for (let at = countBytes; at < length - nextBytes; at += entryBytes) {
    const type = view.getUint16(at + 2, !bigEndian);
    const values = big ? long(view, at + 4, bigEndian) : view.getUint32(at + 4, !bigEndian);
    const place = at + (big ? 12 : 8);
    const fits = values * (typeBytes[type] ?? 1) <= inline;
    const elsewhere = big ? long(view, place, bigEndian) : view.getUint32(place, !bigEndian);
    entries.set(view.getUint16(at, !bigEndian), { type, count: values, offset: fits ? offset + place : elsewhere });
  }
  const end = length - nextBytes;
  return { entries, next: big ? long(view, end, bigEndian) : view.getUint32(end, !bigEndian) };
}

/**
 * The numbers of a tag.
 *
 * @param count  how many there must be, at least
 * @throws FormatError the tag is missing, has fewer or other values, or they lie outside the file
 */
export function values(
  { bytes, bigEndian }: TiffFile,
  entries: TiffDirectory,
  tag: number,
  count: number,
): readonly number[] {
  const entry = entries.get(tag);
  const width = typeBytes[entry?.type ?? 0];
  if (
    entry === undefined ||
    width === undefined ||
    !(entry.count >= count) ||
    count > mostValues ||
    !(entry.offset + count * width <= bytes.size)
  ) {
    const found = entry === undefined ? "none" : `${entry.count} of type ${entry.type} at byte ${entry.offset}`;
    throw new FormatError(
      `${bytes.name}: expected ${count} values of TIFF tag ${tag}, found ${found}; the file is damaged`,
      {
        file: bytes.name,
        object: `tag ${tag}`,
      },
    );
  }
  const view = viewOf(bytes, entry.offset, count * width);
  return Array.from({ length: count }, (_, index) => number(view, index * width, entry.type, bigEndian));
}

/** One number of a tag, or what is meant where the tag is missing. */
export const valueOr = (file: TiffFile, entries: TiffDirectory, tag: number, meant: number): number =>
  entries.has(tag) ? values(file, entries, tag, 1)[0]! : meant;

/** The text of a tag, its first mebibyte at most; "" where there is none. */
export function textOf({ bytes }: TiffFile, entries: TiffDirectory, tag: number): string {
  const { type, count, offset } = entries.get(tag) ?? { type: 0, count: 0, offset: 0 };
  const length = Math.min(count, mostValues);
  if (type !== 2 || !(offset + length <= bytes.size)) return "";
  return new TextDecoder().decode(bytes.read(offset, length)).split("\0")[0]!;
}

function number(view: DataView, at: number, type: number, bigEndian: boolean): number {
  const little = !bigEndian;
  switch (type) {
    case 3:
      return view.getUint16(at, little);
    case 8:
      return view.getInt16(at, little);
    case 4:
    case 13:
      return view.getUint32(at, little);
    case 9:
      return view.getInt32(at, little);
    case 5:
      return view.getUint32(at, little) / view.getUint32(at + 4, little);
    case 10:
      return view.getInt32(at, little) / view.getInt32(at + 4, little);
    case 6:
      return view.getInt8(at);
    case 11:
      return view.getFloat32(at, little);
    case 12:
      return view.getFloat64(at, little);
    case 16:
    case 17:
    case 18:
      return long(view, at, bigEndian);
    default:
      return view.getUint8(at);
  }
}

/** A 64-bit integer; NaN where it is not exact, so that every comparison with it fails. */
function long(view: DataView, at: number, bigEndian: boolean): number {
  const [high, low] = bigEndian ? [at, at + 4] : [at + 4, at];
  const value = view.getUint32(high, !bigEndian) * 2 ** 32 + view.getUint32(low, !bigEndian);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

function viewOf(bytes: Bytes, offset: number, length: number): DataView {
  const { buffer, byteOffset, byteLength } = bytes.read(offset, length);
  return new DataView(buffer, byteOffset, byteLength);
}
