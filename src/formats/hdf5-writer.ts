import { bytesPer, type DType } from "../scan/source.ts";
import type { Sink } from "./format.ts";
import { littleEndian } from "./little-endian.ts";
import { lookup3 } from "./lookup3.ts";

// What it takes to write HDF5 from first byte to last: chunks, then their index, then groups from the leaves to the root. Only
// the superblock, which says where the root is, is known last and put in place at the end; until then nothing can open the file.
//
// @see HDF5 file format specification 3.0: superblock 2, object headers 2, compact groups, B-tree 1 of chunks

export type Hdf5Attributes = Readonly<Record<string, string | number | boolean>>;

/** Where things are in the file that is being written. */
export interface Hdf5Place {
  /** Writes bytes behind all others, and says where they are. */
  append(bytes: Uint8Array): Promise<number>;
  /** Where the next bytes will be. */
  end(): number;
  /** Makes the file whole: its root is the group at that address. */
  finish(root: number): Promise<void>;
}

const superblockBytes = 48;
const undefinedAddress = new Uint8Array(8).fill(0xff);
const text = new TextEncoder();

/** Begins a file. A sink that cannot be patched gets all of it at once in the end. */
export async function hdf5File(sink: Sink): Promise<Hdf5Place> {
  const { patch } = sink;
  const held: Uint8Array[] = [];
  let end = 0;
  const append = async (bytes: Uint8Array): Promise<number> => {
    if (patch) await sink.write(bytes);
    else held.push(bytes.slice());
    end += bytes.length;
    return end - bytes.length;
  };
  await append(new Uint8Array(superblockBytes));
  return {
    append,
    end: () => end,
    async finish(root) {
      const signature = new Uint8Array([0x89, 0x48, 0x44, 0x46, 0x0d, 0x0a, 0x1a, 0x0a]);
      const sizes = new Uint8Array([2, 8, 8, 0]);
      const block = checked(littleEndian(signature, sizes, [8, 0], undefinedAddress, [8, end], [8, root]));
      if (patch) return patch(0, block);
      held[0] = block;
      for (const part of held) await sink.write(part);
    },
  };
}

const checked = (bytes: Uint8Array): Uint8Array => littleEndian(bytes, [4, lookup3(bytes)]);

/** The header of a group that holds the objects at these addresses. */
export function hdf5Group(members: Readonly<Record<string, number>>, attributes: Hdf5Attributes = {}): Uint8Array {
  const linkInfo = littleEndian([2, 0], undefinedAddress, undefinedAddress);
  const links = Object.entries(members).map(([name, address]) => {
    const encoded = text.encode(name);
    return message(0x06, littleEndian([1, 1], [1, 0x11], [1, 1], [2, encoded.length], encoded, [8, address]));
  });
  return objectHeader([
    message(0x02, linkInfo),
    message(0x0a, littleEndian([2, 0])),
    ...links,
    ...described(attributes),
  ]);
}

/** A dataset in zlib-packed chunks; the index says where they are. */
export function hdf5Dataset(
  shape: readonly number[],
  chunk: readonly number[],
  dtype: DType,
  index: number,
  level: number,
): Uint8Array {
  const incremental = littleEndian([1, 3], [1, 0x0b]);
  const lengths = [...chunk, bytesPer[dtype]].map((length) => [4, length] as const);
  return objectHeader([
    message(0x01, dataspace(shape)),
    message(0x03, numberType(dtype), 1),
    message(0x05, incremental, 1),
    message(0x08, littleEndian([1, 3], [1, 2], [1, shape.length + 1], [8, index], ...lengths)),
    message(0x0b, littleEndian([1, 2], [1, 1], [2, 1], [2, 0], [2, 1], [4, level]), 1),
  ]);
}

/** A chunk: where it starts in the array, where in the file, and its packed length. */
export interface Hdf5Chunk {
  readonly start: readonly number[];
  readonly address: number;
  readonly bytes: number;
}

/** Children of a node: twice the K of an index that the superblock leaves at its default. */
const most = 64;

/**
 * Writes the index of the chunks, a B-tree with all leaves full, and says where its root is.
 *
 * @param chunks  in the order of their starts
 * @param beyond  a start behind all of them, a multiple of the chunk's lengths
 */
export async function hdf5ChunkIndex(
  place: Hdf5Place,
  chunks: readonly Hdf5Chunk[],
  beyond: readonly number[],
): Promise<number> {
  const key = ({ start, bytes }: Pick<Hdf5Chunk, "start" | "bytes">): Uint8Array =>
    littleEndian([4, bytes], [4, 0], ...[...start, 0].map((at) => [8, at] as const));
  const keyBytes = 8 + 8 * (beyond.length + 1);
  const nodeBytes = 24 + 8 * most + keyBytes * (most + 1);
  let children: readonly Hdf5Chunk[] = chunks;
  for (let level = 0; ; level++) {
    const count = Math.ceil(children.length / most);
    const first = place.end();
    const addressOf = (node: number): Uint8Array =>
      node >= 0 && node < count ? littleEndian([8, first + node * nodeBytes]) : undefinedAddress;
    const nodes: Hdf5Chunk[] = [];
    for (let node = 0; node < count; node++) {
      const own = children.slice(node * most, (node + 1) * most);
      const next = children[(node + 1) * most] ?? { start: beyond, bytes: 0 };
      const head = [text.encode("TREE"), [1, 1], [1, level], [2, own.length]] as const;
      const entries = own.flatMap((child) => [key(child), littleEndian([8, child.address])]);
      const full = new Uint8Array(nodeBytes);
      full.set(littleEndian(...head, addressOf(node - 1), addressOf(node + 1), ...entries, key(next)));
      nodes.push({ start: own[0]!.start, bytes: own[0]!.bytes, address: await place.append(full) });
    }
    if (count === 1) return first;
    children = nodes;
  }
}

function objectHeader(messages: readonly Uint8Array[]): Uint8Array {
  const length = messages.reduce((sum, each) => sum + each.length, 0);
  // Flags: the length takes four bytes; no times, so that the same scan gives the same bytes.
  return checked(littleEndian(text.encode("OHDR"), [1, 2], [1, 2], [4, length], ...messages));
}

const message = (type: number, body: Uint8Array, flags = 0): Uint8Array =>
  littleEndian([1, type], [2, body.length], [1, flags], body);

const dataspace = (shape: readonly number[]): Uint8Array =>
  littleEndian([1, 2], [1, shape.length], [1, 0], [1, shape.length > 0 ? 1 : 0], ...shape.map((n) => [8, n] as const));

function numberType(dtype: DType): Uint8Array {
  const bytes = bytesPer[dtype];
  const bits = 8 * bytes;
  if (!dtype.startsWith("f")) {
    return littleEndian([1, 0x10], [1, dtype.startsWith("i") ? 8 : 0], [2, 0], [4, bytes], [2, 0], [2, bits]);
  }
  const [exponent, mantissa, bias] = bytes === 4 ? [8, 23, 127] : [11, 52, 1023];
  const fields = [mantissa, exponent, 0, mantissa].map((field) => [1, field!] as const);
  return littleEndian([1, 0x11], [1, 0x20], [1, bits - 1], [1, 0], [4, bytes], [2, 0], [2, bits], ...fields, [
    4,
    bias!,
  ]);
}

/** h5py's booleans: an enumeration over int8. */
const booleanType = littleEndian(
  [1, 0x38],
  [2, 2],
  [1, 0],
  [4, 1],
  numberType("i8"),
  text.encode("FALSE\0TRUE\0"),
  [1, 0],
  [1, 1],
);

/** Longest text of an attribute: a message holds at most 64 KiB, and a letter takes up to four bytes. */
const mostText = 15_000;

function described(attributes: Hdf5Attributes): Uint8Array[] {
  return Object.entries(attributes).map(([name, value]) => {
    const [type, data] = attributeValue(value);
    const encoded = text.encode(`${name}\0`);
    const lengths = [encoded, type, dataspace([])].map((part) => [2, part.length] as const);
    return message(0x0c, littleEndian([1, 3], [1, 0], ...lengths, [1, 1], encoded, type, dataspace([]), data));
  });
}

function attributeValue(value: string | number | boolean): readonly [type: Uint8Array, data: Uint8Array] {
  if (typeof value === "boolean") return [booleanType, littleEndian([1, Number(value)])];
  if (typeof value === "number") {
    if (Number.isInteger(value) && Math.abs(value) < 2 ** 31) return [numberType("i32"), littleEndian([4, value])];
    return [numberType("f64"), new Uint8Array(Float64Array.of(value).buffer)];
  }
  const encoded = text.encode(value.slice(0, mostText));
  const padded = littleEndian(encoded, [1, 0]);
  return [littleEndian([1, 0x13], [1, 0x10], [2, 0], [4, padded.length]), padded];
}
