import { UnsupportedError } from "../scan/errors.ts";
import { bloscChunk } from "./blosc.ts";
import { crc32 } from "./crc32.ts";
import { crc32c } from "./crc32c.ts";
import { gzipChunk, zlibChunk } from "./inflated-chunk.ts";
import { lz4Chunk } from "./lz4.ts";
import { unshuffled } from "./shuffle.ts";
import { type StoredNumber, swapBytes } from "./stored-numbers.ts";
import { zstdChunk } from "./zstd.ts";

/** One step of decoding a chunk, in the terms of decoding it. */
interface Codec {
  /** For metadata: "Blosc (lz4)". Empty for what changes nothing. */
  readonly label: string;
  /** Length of what goes in for a length of what comes out; undefined where it is compressed. */
  readonly packed: (size: number) => number | undefined;
  /** @throws RangeError damaged */
  readonly decode: (bytes: Uint8Array, size: number) => Uint8Array | Promise<Uint8Array>;
}

/** How the bytes of a chunk are decoded. */
export interface ChunkCodecs {
  readonly labels: readonly string[];
  /** Decodes a chunk to exactly `size` bytes. @throws RangeError it is damaged, says how */
  decode(chunk: Uint8Array, size: number): Promise<Uint8Array>;
}

/** A codec as metadata describes it: version 2 has the settings beside `id`, version 3 under `configuration` beside `name`. */
export type CodecSettings = Readonly<Record<string, unknown>>;

const sameLength = (size: number): number => size;
const unknownLength = (): undefined => undefined;

const compressors: Readonly<Record<string, (settings: CodecSettings) => Codec>> = {
  blosc: ({ cname }) => ({ label: `Blosc (${String(cname)})`, packed: unknownLength, decode: bloscChunk }),
  zstd: () => ({ label: "Zstandard", packed: unknownLength, decode: zstdChunk }),
  gzip: () => ({ label: "gzip", packed: unknownLength, decode: gzipChunk }),
  zlib: () => ({ label: "zlib", packed: unknownLength, decode: zlibChunk }),
  lz4: () => ({ label: "LZ4", packed: unknownLength, decode: lz4Chunk }),
  shuffle: ({ elementsize }) => {
    const width = Number(elementsize ?? 4);
    const possible = Number.isInteger(width) && width > 0 && width <= 64;
    const decode = (bytes: Uint8Array): Uint8Array => {
      if (!possible) throw new RangeError(`a shuffle of numbers of ${String(elementsize)} bytes`);
      return unshuffled(bytes, width);
    };
    return { label: "shuffle", packed: sameLength, decode };
  },
  crc32c: () => checksum("CRC-32C", (size) => size, crc32c),
  crc32: () => checksum("CRC-32", () => 0, crc32),
};

/** Four bytes of checksum before (version 2) or behind (version 3) the bytes. */
function checksum(label: string, place: (size: number) => number, sum: (bytes: Uint8Array) => number): Codec {
  return {
    label,
    packed: (size) => size + 4,
    decode: (bytes) => {
      const size = bytes.length - 4;
      if (size < 0) throw new RangeError(`a chunk of ${bytes.length} bytes without checksum`);
      const at = place(size);
      const content = at === 0 ? bytes.subarray(4) : bytes.subarray(0, size);
      const expected = new DataView(bytes.buffer, bytes.byteOffset).getUint32(at, true);
      if (sum(content) !== expected) throw new RangeError(`a chunk whose checksum ${label} is wrong`);
      return content;
    },
  };
}

/** Differences between neighbours become numbers again; integers wrap as they did when they were made. */
function delta(file: string, stored: StoredNumber, settings: CodecSettings): Codec {
  const types = [settings.dtype, settings.astype ?? settings.dtype].map(String);
  if (types[0] !== types[1]) throw unsupported(file, `Delta from ${types[0]} to ${types[1]}`);
  if (stored.kind === "boolean" || (stored.kind === "float" && stored.bytes === 2))
    throw unsupported(file, "Delta of this type");
  return {
    label: "Delta",
    packed: sameLength,
    decode: (bytes) => {
      const numbers = bytes.slice();
      if (stored.bigEndian) swapBytes(numbers, stored.bytes);
      accumulate(numbers, stored);
      if (stored.bigEndian) swapBytes(numbers, stored.bytes);
      return numbers;
    },
  };
}

function accumulate({ buffer }: Uint8Array<ArrayBuffer>, { kind, bytes }: StoredNumber): void {
  if (kind !== "float" && bytes === 8) {
    const numbers = new BigUint64Array(buffer);
    for (let at = 1; at < numbers.length; at++) numbers[at] = numbers[at]! + numbers[at - 1]!;
    return;
  }
  const widths = { 1: Uint8Array, 2: Uint16Array, 4: Uint32Array, 8: Float64Array } as const;
  const numbers = kind === "float" && bytes === 4 ? new Float32Array(buffer) : new widths[bytes](buffer);
  for (let at = 1; at < numbers.length; at++) numbers[at] = numbers[at]! + numbers[at - 1]!;
}

/** The filters and the compressor of version 2, in the order in which a writer applies them. @throws UnsupportedError unknown codec */
export function codecsOf2(file: string, stored: StoredNumber, given: readonly CodecSettings[]): ChunkCodecs {
  return pipeline(
    file,
    given.map((settings) => codec(file, stored, String(settings.id), settings)),
  );
}

/** The codecs of version 3 from the array's bytes on. @throws UnsupportedError unknown codec */
export function codecsOf3(file: string, stored: StoredNumber, given: readonly CodecSettings[]): ChunkCodecs {
  return pipeline(
    file,
    given.map(({ name, configuration }) =>
      codec(file, stored, String(name).replace(/^numcodecs\./, ""), (configuration ?? {}) as CodecSettings),
    ),
  );
}

function codec(file: string, stored: StoredNumber, name: string, settings: CodecSettings): Codec {
  if (name === "delta") return delta(file, stored, settings);
  if (!Object.hasOwn(compressors, name)) throw unsupported(file, name);
  return compressors[name]!(settings);
}

const unsupported = (file: string, what: string): UnsupportedError =>
  new UnsupportedError(
    `${file}: expected chunks in Blosc, Zstandard, gzip, zlib, LZ4, Delta, shuffle or none of these, found ${what}; write the array with one of these`,
    { feature: `Zarr codec ${what}` },
  );

function pipeline(file: string, codecs: readonly Codec[]): ChunkCodecs {
  const inner = codecs.slice(0, -1).find((each) => each.packed(8) === undefined);
  const last = codecs.at(-1);
  // A checksum behind the compressed bytes is the only thing that can be undone without knowing their length.
  if (inner !== undefined && !(inner === codecs.at(-2) && /^CRC/.test(last?.label ?? ""))) {
    throw unsupported(file, `${inner.label} followed by ${last?.label}`);
  }
  return {
    labels: codecs.map(({ label }) => label),
    decode: async (chunk, size) => {
      const sizes = [size];
      for (const each of codecs) sizes.push(each.packed(sizes.at(-1)!) ?? Number.NaN);
      let bytes = chunk;
      for (let index = codecs.length; index > 0; index--) {
        const [expected, wanted] = [sizes[index]!, sizes[index - 1]!];
        if (bytes.length !== expected && !Number.isNaN(expected)) {
          throw new RangeError(`a chunk of ${bytes.length} bytes, not ${expected}`);
        }
        bytes = await codecs[index - 1]!.decode(bytes, wanted);
      }
      if (bytes.length !== size) throw new RangeError(`a chunk of ${bytes.length} bytes, not ${size}`);
      return bytes;
    },
  };
}
