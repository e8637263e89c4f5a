import { FormatError, UnsupportedError } from "../scan/errors.ts";
import type { StoredNumber } from "./stored-numbers.ts";
import { type ChunkCodecs, type CodecSettings, codecsOf2, codecsOf3 } from "./zarr-codecs.ts";

/** An array of version 2 or 3, as its metadata describes it. */
export interface ZarrArray {
  readonly path: string;
  readonly shape: readonly number[];
  readonly stored: StoredNumber | undefined;
  readonly attributes: Readonly<Record<string, unknown>>;
  readonly dimensions: readonly (string | undefined)[];
  readonly metadata: Readonly<Record<string, unknown>>;
}

/** How an array's chunks are stored. */
export interface ChunkLayout {
  /** Shape of the chunks that are decoded one by one: inside shards, their inner chunks. */
  readonly chunk: readonly number[];
  /** Axes of a stored chunk from slowest to fastest. */
  readonly axes: readonly number[];
  readonly fill: number;
  readonly codecs: ChunkCodecs;
  /** Key of a file (a chunk or a shard), below the array. */
  readonly key: (coordinates: readonly number[]) => string;
  /** Chunks per file along each axis: 1 unless sharded. */
  readonly perFile: readonly number[];
  readonly index?: { readonly codecs: ChunkCodecs; readonly atEnd: boolean };
}

type Metadata = Readonly<Record<string, unknown>>;

/** Reads what an array is. @throws FormatError its shape is no shape */
export function zarrArray(file: string, path: string, metadata: Metadata, attributes: Metadata): ZarrArray {
  const three = metadata.zarr_format === 3;
  const shape = lengths(file, path, metadata.shape, 0);
  const names = three ? metadata.dimension_names : attributes._ARRAY_DIMENSIONS;
  return {
    path,
    shape,
    stored: three ? typeOf3(metadata) : typeOf2(metadata),
    attributes,
    dimensions: shape.map((_, axis) =>
      Array.isArray(names) && typeof names[axis] === "string" ? names[axis] : undefined,
    ),
    metadata,
  };
}

/** Reads how an array's chunks are stored. @throws FormatError damaged @throws UnsupportedError a grid, codec or extension not known */
export function chunkLayout(file: string, array: ZarrArray): ChunkLayout {
  const layout = array.metadata.zarr_format === 3 ? layoutOf3(file, array) : layoutOf2(file, array);
  if (layout.chunk.length !== array.shape.length || layout.perFile.some((count) => !Number.isInteger(count))) {
    throw damaged(file, array.path, `chunks for ${array.shape.join("×")}`, layout.chunk.join("×"));
  }
  return layout;
}

function layoutOf2(file: string, { path, shape, stored, metadata }: ZarrArray): ChunkLayout {
  const chunk = lengths(file, path, metadata.chunks, 1);
  const { order, compressor, filters, dimension_separator: separator = "." } = metadata;
  if (order !== "C" && order !== "F") throw damaged(file, path, "order C or F", order);
  if (separator !== "." && separator !== "/") throw damaged(file, path, 'separator "." or "/"', separator);
  const steps = [...(Array.isArray(filters) ? filters : []), compressor].filter(
    (each): each is CodecSettings => typeof each === "object" && each !== null,
  );
  const axes = shape.map((_, axis) => axis);
  return {
    chunk,
    axes: order === "F" ? axes.toReversed() : axes,
    fill: fillValue(file, path, metadata.fill_value, stored!),
    codecs: codecsOf2(file, stored!, steps),
    key: (coordinates) => coordinates.join(separator) || "0",
    perFile: shape.map(() => 1),
  };
}

function layoutOf3(file: string, { path, shape, stored, metadata }: ZarrArray): ChunkLayout {
  const grid = named(metadata.chunk_grid);
  if (grid.name !== "regular") throw unsupported(file, path, `a chunk grid "${grid.name}"`);
  const transformers = metadata.storage_transformers;
  if (Array.isArray(transformers) && transformers.length > 0) throw unsupported(file, path, "storage transformers");
  const outer = lengths(file, path, grid.configuration.chunk_shape, 1);
  const codecs = (Array.isArray(metadata.codecs) ? metadata.codecs : []).map(named);
  const shard = codecs[0]?.name === "sharding_indexed" ? codecs[0].configuration : undefined;
  if (shard !== undefined && codecs.length > 1) throw unsupported(file, path, "shards that are compressed as a whole");
  const chunk = shard === undefined ? outer : lengths(file, path, shard.chunk_shape, 1);
  const inner = shard === undefined ? codecs : (Array.isArray(shard.codecs) ? shard.codecs : []).map(named);
  const { axes, rest } = bytesOf(file, path, shape.length, inner, stored!);
  return {
    chunk,
    axes,
    fill: fillValue(file, path, metadata.fill_value, stored!),
    codecs: codecsOf3(file, stored!, rest),
    key: keyOf3(file, path, metadata),
    perFile: shape.map((_, axis) => outer[axis]! / chunk[axis]!),
    ...(shard === undefined ? {} : { index: indexOf(file, path, shard) }),
  };
}

/** Codecs on arrays: transpositions, then the change to bytes. */
function bytesOf(
  file: string,
  path: string,
  dimensions: number,
  codecs: readonly Named[],
  stored: StoredNumber,
): { axes: readonly number[]; rest: readonly CodecSettings[] } {
  let axes = Array.from({ length: dimensions }, (_, axis) => axis);
  for (const [index, { name, configuration }] of codecs.entries()) {
    if (name === "bytes") {
      if (stored.bytes > 1 && (configuration.endian === "big") !== stored.bigEndian)
        throw damaged(file, path, "one byte order", "two");
      return { axes, rest: codecs.slice(index + 1) };
    }
    if (name !== "transpose") throw unsupported(file, path, `a codec "${name}" on arrays`);
    const order = configuration.order;
    const permutes =
      Array.isArray(order) && order.toSorted((a, b) => a - b).join() === axes.map((_, axis) => axis).join();
    if (!permutes) throw damaged(file, path, "an order of axes", JSON.stringify(order));
    const before = axes;
    axes = order.map((axis: number) => before[axis]!);
  }
  throw damaged(file, path, 'a codec "bytes"', codecs.map(({ name }) => name).join(", ") || "none");
}

function indexOf(file: string, path: string, shard: Metadata): NonNullable<ChunkLayout["index"]> {
  const codecs = (Array.isArray(shard.index_codecs) ? shard.index_codecs : []).map(named);
  const { index_location: location = "end" } = shard;
  const little = codecs[0]?.name === "bytes" && codecs[0].configuration.endian !== "big";
  const sums = codecs.slice(1);
  if (!little || sums.some(({ name }) => name !== "crc32c")) throw unsupported(file, path, "this index of shards");
  if (location !== "end" && location !== "start") throw damaged(file, path, "an index at start or end", location);
  const stored: StoredNumber = { kind: "unsigned", bytes: 8, bigEndian: false };
  return { codecs: codecsOf3(file, stored, sums), atEnd: location === "end" };
}

function keyOf3(file: string, path: string, metadata: Metadata): ChunkLayout["key"] {
  const { name, configuration } = named(metadata.chunk_key_encoding);
  const separator = configuration.separator ?? (name === "v2" ? "." : "/");
  if ((name !== "default" && name !== "v2") || (separator !== "/" && separator !== ".")) {
    throw unsupported(file, path, `chunk keys "${name}"`);
  }
  const prefix = name === "default" ? ["c"] : [];
  return (coordinates) => [...prefix, ...coordinates].join(separator) || "0";
}

interface Named {
  readonly name: string;
  readonly configuration: Metadata;
  readonly [field: string]: unknown;
}

/** Extension points are an object or only their name. */
function named(value: unknown): Named {
  if (typeof value === "string") return { name: value, configuration: {} };
  const { name, configuration } = (value ?? {}) as Partial<Named>;
  return { name: String(name), configuration: configuration ?? {} };
}

function lengths(file: string, path: string, value: unknown, least: number): readonly number[] {
  const valid = Array.isArray(value) && value.every((length) => Number.isSafeInteger(length) && length >= least);
  if (!valid || value.length > 32) throw damaged(file, path, `lengths of at least ${least}`, JSON.stringify(value));
  return value as number[];
}

function fillValue(file: string, path: string, value: unknown, { kind, bytes }: StoredNumber): number {
  if (value === null || value === undefined) return 0;
  if (typeof value === "number" || typeof value === "boolean") return Number(value);
  if (value === "NaN" || value === "Infinity" || value === "-Infinity") return Number(value);
  if (kind === "float" && bytes >= 4 && typeof value === "string" && /^0x[0-9a-f]{8,16}$/i.test(value)) {
    const view = new DataView(new ArrayBuffer(8));
    view.setBigUint64(0, BigInt.asUintN(8 * bytes, BigInt(value)) << BigInt(64 - 8 * bytes));
    return bytes === 4 ? view.getFloat32(0) : view.getFloat64(0);
  }
  throw damaged(file, path, "a number as fill value", JSON.stringify(value));
}

const kinds: Readonly<Record<string, StoredNumber["kind"]>> = { b: "boolean", i: "signed", u: "unsigned", f: "float" };

function typeOf2({ dtype }: Metadata): StoredNumber | undefined {
  const match = typeof dtype === "string" ? /^([<>|])([biuf])([1248])$/.exec(dtype) : null;
  if (match === null) return undefined;
  return storedAs(kinds[match[2]!]!, Number(match[3]), match[1] === ">");
}

function typeOf3(metadata: Metadata): StoredNumber | undefined {
  const type = metadata.data_type;
  const match = typeof type === "string" ? /^(?:(bool)|(u?int|float)(8|16|32|64))$/.exec(type) : null;
  if (match === null) return undefined;
  const kind = match[1] ? "boolean" : ({ int: "signed", uint: "unsigned", float: "float" } as const)[match[2] as "int"];
  return storedAs(kind, match[1] ? 1 : Number(match[3]) / 8, bigEndian(metadata.codecs));
}

const storedAs = (kind: StoredNumber["kind"], bytes: number, isBigEndian: boolean): StoredNumber | undefined =>
  (kind === "float" && bytes === 1) || (kind === "boolean" && bytes !== 1)
    ? undefined
    : { kind, bytes: bytes as StoredNumber["bytes"], bigEndian: isBigEndian && bytes > 1 };

/** Version 3 says the byte order in the codec `bytes`, which may stand inside the one for shards. */
function bigEndian(codecs: unknown, depth = 0): boolean {
  if (!Array.isArray(codecs) || depth > 4) return false;
  return codecs.map(named).some(({ name, configuration }) => {
    if (name === "bytes") return configuration.endian === "big";
    return name === "sharding_indexed" && bigEndian(configuration.codecs, depth + 1);
  });
}

const damaged = (file: string, path: string, expected: string, found: unknown): FormatError =>
  new FormatError(
    `${file}: expected ${expected} in the metadata of ${path || "the array"}, found ${String(found)}; the file is damaged`,
    {
      file,
      object: path,
    },
  );

const unsupported = (file: string, path: string, found: string): UnsupportedError =>
  new UnsupportedError(
    `${file}: expected an array of regular chunks at ${path || "the root"}, found ${found}, which is not read`,
    {
      feature: found,
    },
  );
