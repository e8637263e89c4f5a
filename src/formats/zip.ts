import { FormatError, UnsupportedError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";
import { crc32 } from "./crc32.ts";
import { inflatedBytes } from "./inflated-bytes.ts";

/** One file in a zip archive. */
export interface ZipMember {
  readonly name: string;
  /** Length when unpacked [bytes]. */
  readonly size: number;
  /**
   * Its bytes, read from the archive as they are asked for.
   *
   * Members of at most `cacheBytes` are checked against their CRC-32 here. Longer stored members are not checked; longer
   * packed members are, whenever they are read to their end.
   *
   * @throws FormatError       the member does not lie in the file, or its checksum is wrong
   * @throws UnsupportedError  it is encrypted, or packed by a method other than deflate
   */
  open(cacheBytes?: number): Bytes;
}

const endBytes = 22;
const end64Bytes = 56;
const locatorBytes = 20;
const entryBytes = 46;
const localBytes = 30;
const mostDirectoryBytes = 64 * 2 ** 20;

interface Directory {
  readonly offset: number;
  readonly length: number;
}

/**
 * Reads the directory of a zip archive, with the 64-bit extensions, which stands at the end of the file.
 *
 * @returns the members by their names, in the order of the directory
 * @throws FormatError       there is no directory, or it is damaged: the archive is truncated
 * @throws UnsupportedError  an archive in several volumes, or a directory longer than 64 MiB
 * @see PKWARE, APPNOTE.TXT 6.3.10, sections 4.3.7 to 4.3.16 and 4.5.3
 */
export function zipMembers(bytes: Bytes): ReadonlyMap<string, ZipMember> {
  const damaged = (what: string, offset: number): FormatError =>
    new FormatError(`${bytes.name}: ${what} at byte ${offset}; the archive is damaged or truncated`, {
      file: bytes.name,
      offset,
    });
  const { offset, length } = directoryOf(bytes, damaged);
  if (length > mostDirectoryBytes) {
    throw new UnsupportedError(
      `${bytes.name}: expected a directory of at most ${mostDirectoryBytes} bytes, found ${length}`,
      { feature: "long zip directory" },
    );
  }
  const directory = bytes.read(offset, length);
  const view = new DataView(directory.buffer, directory.byteOffset, directory.byteLength);
  const members = new Map<string, ZipMember>();
  for (let at = 0; at < length; ) {
    if (at + entryBytes > length || view.getUint32(at, true) !== 0x02014b50) {
      throw damaged("expected a directory entry (PK 01 02), found none", offset + at);
    }
    const nameEnd = at + entryBytes + view.getUint16(at + 28, true);
    const extraEnd = nameEnd + view.getUint16(at + 30, true);
    const next = extraEnd + view.getUint16(at + 32, true);
    if (next > length) throw damaged("expected a whole directory entry, found one that is cut off", offset + at);
    const name = new TextDecoder().decode(directory.subarray(at + entryBytes, nameEnd));
    const [size, packed, start] = longFields(
      [view.getUint32(at + 24, true), view.getUint32(at + 20, true), view.getUint32(at + 42, true)],
      directory.subarray(nameEnd, extraEnd),
    );
    if (![size, packed, start].every(Number.isSafeInteger) || start! + localBytes + packed! > bytes.size) {
      throw damaged(
        `expected member ${name} to lie in the file, found ${packed} bytes from byte ${start} on`,
        offset + at,
      );
    }
    // A member that was written again stands twice in the directory; the last one counts, as for every reader of zip files.
    const entry = {
      name,
      size: size!,
      packed: packed!,
      start: start!,
      flags: view.getUint16(at + 8, true),
      method: view.getUint16(at + 10, true),
      crc: view.getUint32(at + 16, true),
    };
    members.set(name, { name, size: size!, open: (cacheBytes) => openMember(bytes, entry, cacheBytes) });
    at = next;
  }
  return members;
}

type Damaged = (what: string, offset: number) => FormatError;

/** The end record is the last thing in the file, but for a comment of at most 65535 bytes. */
function directoryOf(bytes: Bytes, damaged: Damaged): Directory {
  const tailBytes = Math.min(bytes.size, endBytes + 0xffff);
  const tailStart = bytes.size - tailBytes;
  const tail = bytes.read(tailStart, tailBytes);
  const view = new DataView(tail.buffer, tail.byteOffset, tail.byteLength);
  let at = tailBytes - endBytes;
  while (
    at >= 0 &&
    !(view.getUint32(at, true) === 0x06054b50 && at + endBytes + view.getUint16(at + 20, true) === tailBytes)
  ) {
    at--;
  }
  if (at < 0)
    throw damaged("expected the directory of a zip archive (PK 05 06), found the end of the file", bytes.size);
  let directory: Directory = { length: view.getUint32(at + 12, true), offset: view.getUint32(at + 16, true) };
  const disk = view.getUint16(at + 4, true);
  if (disk !== 0 && disk !== 0xffff) {
    throw new UnsupportedError(
      `${bytes.name}: expected a zip archive in one file, found volume ${disk + 1} of several`,
      {
        feature: "zip in several volumes",
      },
    );
  }
  let bound = tailStart + at;
  const locator = at - locatorBytes;
  if (locator >= 0 && view.getUint32(locator, true) === 0x07064b50) {
    bound = whole(view, locator + 8);
    if (!(bound + end64Bytes <= bytes.size))
      throw damaged("expected a 64-bit end record in the file", tailStart + locator);
    const end64 = new DataView(bytes.read(bound, end64Bytes).buffer);
    if (end64.getUint32(0, true) !== 0x06064b50) throw damaged("expected a 64-bit end record (PK 06 06)", bound);
    directory = { length: whole(end64, 40), offset: whole(end64, 48) };
  }
  if (!(directory.offset + directory.length <= bound)) {
    throw damaged(
      `expected the directory before byte ${bound}, found ${directory.length} bytes at byte ${directory.offset}`,
      tailStart + at,
    );
  }
  return directory;
}

/** Fields that say 0xFFFFFFFF stand, in this order, in the extra field 1, with 8 bytes each. */
function longFields(fields: readonly number[], extra: Uint8Array): readonly number[] {
  const view = new DataView(extra.buffer, extra.byteOffset, extra.byteLength);
  for (let at = 0; at + 4 <= extra.length; ) {
    const end = at + 4 + view.getUint16(at + 2, true);
    if (view.getUint16(at, true) === 1 && end <= extra.length) {
      let value = at + 4;
      return fields.map((field) => {
        if (field !== 0xffffffff) return field;
        value += 8;
        return value <= end ? whole(view, value - 8) : Number.NaN;
      });
    }
    at = end;
  }
  return fields;
}

/** A 64-bit integer; NaN where it is not exact, so that every comparison with it fails. */
function whole(view: DataView, at: number): number {
  const value = view.getUint32(at, true) + 2 ** 32 * view.getUint32(at + 4, true);
  return Number.isSafeInteger(value) ? value : Number.NaN;
}

interface Entry {
  readonly name: string;
  readonly size: number;
  readonly packed: number;
  readonly start: number;
  readonly flags: number;
  readonly method: number;
  readonly crc: number;
}

function openMember(bytes: Bytes, entry: Entry, cacheBytes = 128 * 2 ** 20): Bytes {
  const { name, size, packed, start, flags, method, crc } = entry;
  const file = `${bytes.name}/${name}`;
  if ((flags & 1) !== 0 || (method !== 0 && method !== 8)) {
    const found = (flags & 1) !== 0 ? "encrypted" : `method ${method}`;
    throw new UnsupportedError(`${file}: expected a stored or deflated member, found ${found}; pack it again`, {
      feature: `zip member, ${found}`,
    });
  }
  const local = new DataView(bytes.read(start, localBytes).buffer);
  const offset = start + localBytes + local.getUint16(26, true) + local.getUint16(28, true);
  if (local.getUint32(0, true) !== 0x04034b50 || offset + packed > bytes.size || (method === 0 && packed !== size)) {
    throw new FormatError(
      `${file}: expected a member of ${packed} bytes at byte ${start}, found none that fits; the archive is damaged`,
      { file: bytes.name, offset: start, object: name },
    );
  }
  const part = partOf(bytes, file, offset, packed);
  if (method === 8) return inflatedBytes(part, { size, crc, cacheBytes });
  if (size <= cacheBytes) checkStored(part, crc);
  return part;
}

function checkStored(part: Bytes, crc: number): void {
  let found = 0;
  const piece = 2 ** 20;
  for (let at = 0; at < part.size; at += piece) found = crc32(part.read(at, Math.min(piece, part.size - at)), found);
  if (found === crc) return;
  throw new FormatError(
    `${part.name}: expected checksum ${hex(crc)}, found ${hex(found)}; the archive is damaged, copy it again`,
    { file: part.name, offset: 0 },
  );
}

const hex = (value: number): string => value.toString(16).padStart(8, "0");

/** Bytes offset … offset+length−1 of a file, as a file of their own. */
function partOf(bytes: Bytes, name: string, offset: number, length: number): Bytes {
  const checked = (at: number, wanted: number): number => {
    if (at >= 0 && wanted >= 0 && at + wanted <= length) return offset + at;
    throw new FormatError(
      `${name}: expected ${wanted} bytes at byte ${at}, but it ends at byte ${length}; it is truncated`,
      { file: name, offset: at },
    );
  };
  return {
    name,
    size: length,
    locator: bytes.locator,
    read: (at, wanted) => bytes.read(checked(at, wanted), wanted),
    readInto: (at, into) => bytes.readInto(checked(at, into.length), into),
    sibling: () => undefined,
    close: () => bytes.close(),
  };
}
