import { FormatError, UnsupportedError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";

/** A group of tags by their names; tags without a name are called by their number in the group. */
export type TagGroup = ReadonlyMap<string, Tag>;
export type Tag = TagGroup | TagArray | number | boolean | undefined;

/** Numbers that stay in the file until they are asked for: an image, a text. */
export interface TagArray {
  /** DigitalMicrograph's code of the elements, 15 for structures. */
  readonly type: number;
  readonly count: number;
  readonly bytesPerElement: number;
  /** Where the first element starts. */
  readonly offset: number;
}

export interface DmTags {
  readonly version: 3 | 4;
  readonly bigEndian: boolean;
  readonly root: TagGroup;
}

const deepest = 64;
const longestName = 1024;
const mostTagBytes = 16 * 2 ** 20;
const windowBytes = 2 ** 16;

const [structure, string, array] = [15, 18, 20];

/** Bytes of the codes for one number: i16 i32 u16 u32 f32 f64 bool i8 u8 i64 u64. */
const widths: Readonly<Record<number, number>> = {
  2: 2,
  3: 4,
  4: 2,
  5: 4,
  6: 4,
  7: 8,
  8: 1,
  9: 1,
  10: 1,
  11: 8,
  12: 8,
};

/**
 * Reads the tag tree of a DM3 or DM4 file; arrays are left where they are.
 *
 * The tree's lengths are big-endian; its values are in the byte order that the header states. Depth (64), names (1024
 * bytes), the whole tree without arrays (16 MiB) and every length are bounded, so that a damaged file ends in an error.
 *
 * @throws FormatError       a tag that is none, or that promises more than the file holds (states the byte)
 * @throws UnsupportedError  a tree of more than 16 MiB
 * @see C. B. Boothroyd and G. Jefferis, "Digital Micrograph file format", https://personal.ntu.edu.sg/cbb/info/dmformat/index.html
 */
export function readTags(bytes: Bytes): DmTags {
  const { name: file, size } = bytes;
  let window: DataView = new DataView(new ArrayBuffer(0));
  let windowStart = 0;
  let at = 0;
  let tagBytes = 0;

  const damaged = (what: string, offset = at): FormatError =>
    new FormatError(`${file}: expected a DigitalMicrograph tag, found ${what} at byte ${offset}; the file is damaged`, {
      file,
      offset,
    });
  /** The next bytes: where they lie in the window. */
  const take = (length: number): number => {
    if (at + length > size) {
      throw new FormatError(
        `${file}: expected ${length} bytes at byte ${at}, but the file ends at byte ${size}; it is truncated`,
        {
          file,
          offset: at,
        },
      );
    }
    tagBytes += length;
    if (tagBytes > mostTagBytes) {
      throw new UnsupportedError(
        `${file}: expected at most ${mostTagBytes} bytes of tags, found more up to byte ${at}`,
        {
          feature: "more than 16 MiB of tags",
        },
      );
    }
    if (at < windowStart || at + length > windowStart + window.byteLength) {
      windowStart = at;
      window = new DataView(bytes.read(at, Math.min(windowBytes, size - at)).buffer);
    }
    at += length;
    return at - length - windowStart;
  };
  const byte = (): number => {
    const place = take(1); // may move the window, so it comes first
    return window.getUint8(place);
  };
  const short = (): number => {
    const place = take(2);
    return window.getUint16(place);
  };
  const int = (): number => {
    const place = take(4);
    return window.getUint32(place);
  };
  const long = (): number => {
    const start = at;
    const place = take(8);
    const value = window.getUint32(place) * 2 ** 32 + window.getUint32(place + 4);
    if (!Number.isSafeInteger(value)) throw damaged(`a length of about ${value}`, start);
    return value;
  };

  const version = int();
  if (version !== 3 && version !== 4) throw damaged(`version ${version}`, 0);
  const word = version === 3 ? int : long;
  word();
  const order = int();
  if (order > 1) throw damaged(`byte order ${order}`, at - 4);
  const bigEndian = order === 0;

  const skip = (length: number): void => {
    if (!(at + length <= size)) {
      throw new FormatError(
        `${file}: expected ${length} bytes at byte ${at}, but the file ends at byte ${size}; it is truncated`,
        {
          file,
          offset: at,
        },
      );
    }
    at += length;
  };
  const number = (type: number): number | boolean => {
    const place = take(widths[type]!);
    const little = !bigEndian;
    switch (type) {
      case 2:
        return window.getInt16(place, little);
      case 3:
        return window.getInt32(place, little);
      case 4:
        return window.getUint16(place, little);
      case 5:
        return window.getUint32(place, little);
      case 6:
        return window.getFloat32(place, little);
      case 7:
        return window.getFloat64(place, little);
      case 8:
        return window.getUint8(place) !== 0;
      case 9:
        return window.getInt8(place);
      case 10:
        return window.getUint8(place);
      case 11:
        return Number(window.getBigInt64(place, little));
      default:
        return Number(window.getBigUint64(place, little));
    }
  };

  /** The description of a value: how many bytes one takes. `words` counts what is left of the description. */
  const widthOf = (type: number, words: { left: number }, depth: number): number => {
    const next = (): number => {
      if (words.left-- <= 0) throw damaged("a description that is too short");
      return word();
    };
    const width = widths[type];
    if (width !== undefined) return width;
    if (depth > 4) throw damaged("structures and arrays more than 4 deep");
    if (type === structure) {
      next();
      const fields = next();
      let sum = 0;
      for (let field = 0; field < fields; field++) {
        next();
        sum += widthOf(next(), words, depth + 1);
      }
      return sum;
    }
    if (type === array || type === string) {
      const element = type === string ? 2 : widthOf(next(), words, depth + 1);
      return element * next();
    }
    throw damaged(`a value of type ${type}`);
  };

  const value = (): Tag => {
    if (int() !== 0x25252525) throw damaged("no mark %%%%", at - 4);
    const words = { left: word() };
    if (words.left < 1) throw damaged("a description without a type");
    words.left--;
    const type = word();
    if (widths[type] !== undefined && words.left === 0) return number(type);
    let found: TagArray | undefined;
    if (type === array || type === string) {
      let element = 4;
      let width = 2;
      if (type === array) {
        if (words.left < 1) throw damaged("an array without a type");
        words.left--;
        element = word();
        width = widthOf(element, words, 1);
      }
      if (words.left-- < 1) throw damaged("an array without a length");
      const count = word();
      found = { type: element, count, bytesPerElement: width, offset: at };
      skip(count * width);
    } else {
      const width = widthOf(type, words, 0);
      skip(width);
    }
    if (words.left !== 0) throw damaged(`a description that is ${words.left} words too long`);
    return found;
  };

  const group = (depth: number): TagGroup => {
    if (depth > deepest) throw damaged(`groups more than ${deepest} deep`);
    take(2); // whether it is sorted and shown open
    const count = word();
    const tags = new Map<string, Tag>();
    for (let index = 0; index < count; index++) {
      const start = at;
      const kind = byte();
      if (kind !== 20 && kind !== 21) throw damaged(`a tag of kind ${kind}`, start);
      const length = short();
      if (length > longestName) throw damaged(`a name of ${length} bytes`, start);
      const place = take(length);
      const name = new TextDecoder("latin1").decode(new Uint8Array(window.buffer, place, length));
      const end = version === 4 ? long() + at : undefined;
      tags.set(name === "" ? String(index) : name, kind === 20 ? group(depth + 1) : value());
      if (end !== undefined && end !== at) throw damaged(`a tag that ends at byte ${at}, not ${end}`, start);
    }
    return tags;
  };
  return { version, bigEndian, root: group(0) };
}

/** The tag at a path of names, or undefined. */
export const tagAt = (tag: Tag, ...path: readonly string[]): Tag =>
  path.reduce<Tag>((inside, name) => (inside instanceof Map ? inside.get(name) : undefined), tag);

export const numberOf = (tag: Tag): number | undefined =>
  typeof tag === "number" && Number.isFinite(tag) ? tag : typeof tag === "boolean" ? Number(tag) : undefined;

export const isArray = (tag: Tag): tag is TagArray => typeof tag === "object" && !(tag instanceof Map);

/** A text, which is an array of UTF-16 units. Longer than 4096 it is none. */
export function textOf(bytes: Bytes, { bigEndian }: DmTags, tag: Tag): string | undefined {
  if (!isArray(tag) || tag.type !== 4 || tag.count > 4096) return undefined;
  const units = bytes.read(tag.offset, 2 * tag.count);
  return new TextDecoder(bigEndian ? "utf-16be" : "utf-16le").decode(units);
}
