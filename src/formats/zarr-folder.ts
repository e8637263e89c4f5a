import { gzipSync } from "fflate";
import { bytesPer, type DType, type PatternSource, type Watch } from "../scan/source.ts";
import { ascii } from "./ascii.ts";
import type { FolderSink } from "./format.ts";
import { type Described, hyperspyFile, hyperspySignal } from "./hyperspy-signal.ts";
import { eachRowChunk, rowChunks } from "./row-chunks.ts";

/** How one version of Zarr keeps groups and the array. */
interface Keeping {
  readonly format: "ZSpy" | "HyperSpy";
  readonly group: (attributes: object) => Readonly<Record<string, object>>;
  readonly array: (source: PatternSource, chunk: readonly number[]) => Readonly<Record<string, object>>;
  readonly chunk: (row: number, chunk: number) => string;
}

const level = 1;
const shapeOf = ({ positions, pixels }: PatternSource): number[] => [...positions, ...pixels];
const namesOf = ({ axes }: PatternSource): string[] => [...axes.positions, ...axes.pixels].map(({ name }) => name);
const letters = { u: "u", i: "i", f: "f" } as const;
const kindOf = (dtype: DType): keyof typeof letters => dtype[0] as keyof typeof letters;

/** Zarr 2 with nested chunks, as HyperSpy 1.7 writes its .zspy. @see Zarr storage specification 2 */
const version2: Keeping = {
  format: "ZSpy",
  group: (attributes) => ({ ".zgroup": { zarr_format: 2 }, ".zattrs": attributes }),
  array: (source, chunk) => ({
    ".zarray": {
      zarr_format: 2,
      shape: shapeOf(source),
      chunks: chunk,
      dtype: `${bytesPer[source.dtype] === 1 ? "|" : "<"}${kindOf(source.dtype)}${bytesPer[source.dtype]}`,
      compressor: { id: "gzip", level },
      fill_value: 0,
      order: "C",
      filters: null,
      dimension_separator: "/",
    },
    ".zattrs": {},
  }),
  chunk: (row, chunk) => `${row}/${chunk}/0/0`,
};

/** @see Zarr core specification 3.1 */
const version3: Keeping = {
  format: "HyperSpy",
  group: (attributes) => ({ "zarr.json": { zarr_format: 3, node_type: "group", attributes } }),
  array: (source, chunk) => ({
    "zarr.json": {
      zarr_format: 3,
      node_type: "array",
      shape: shapeOf(source),
      data_type: `${{ u: "uint", i: "int", f: "float" }[kindOf(source.dtype)]}${8 * bytesPer[source.dtype]}`,
      chunk_grid: { name: "regular", configuration: { chunk_shape: chunk } },
      chunk_key_encoding: { name: "default", configuration: { separator: "/" } },
      fill_value: 0,
      codecs: [
        bytesPer[source.dtype] === 1 ? { name: "bytes" } : { name: "bytes", configuration: { endian: "little" } },
        { name: "gzip", configuration: { level } },
      ],
      attributes: {},
      dimension_names: namesOf(source),
    },
  }),
  chunk: (row, chunk) => `c/${row}/${chunk}/0/0`,
};

/** Writes the scan as HyperSpy's .zspy: a folder of Zarr 2, in gzip chunks of whole patterns along a row. */
export const writeZspy = (source: PatternSource, folder: FolderSink, watch: Watch = {}): Promise<void> =>
  writeHierarchy(version2, source, folder, watch);

/** Writes the scan as Zarr 3, with the same groups as a .zspy. */
export const writeZarr = (source: PatternSource, folder: FolderSink, watch: Watch = {}): Promise<void> =>
  writeHierarchy(version3, source, folder, watch);

async function writeHierarchy(
  keeping: Keeping,
  source: PatternSource,
  folder: FolderSink,
  watch: Watch,
): Promise<void> {
  // Zarr for Python reads its metadata as ASCII.
  const files = async (at: string, contents: Readonly<Record<string, object>>): Promise<void> => {
    for (const [name, json] of Object.entries(contents)) {
      await folder.file(`${at}${name}`, new TextEncoder().encode(ascii(`${JSON.stringify(json, null, 2)}\n`)));
    }
  };
  const groups = async (at: string, { attributes, members }: Described): Promise<void> => {
    await files(at, keeping.group(attributes));
    for (const [name, member] of Object.entries(members)) await groups(`${at}${name}/`, member);
  };
  const { name, signal } = hyperspySignal(source);
  const experiments = { attributes: {}, members: { [name]: signal } };
  await groups("", { attributes: hyperspyFile(keeping.format), members: { Experiments: experiments } });

  const data = `Experiments/${name}/data/`;
  await files(data, keeping.array(source, [1, rowChunks(source).patterns, ...source.pixels]));
  await eachRowChunk(source, watch, (row, chunk, bytes) =>
    // No time of day: the same scan gives the same bytes.
    folder.file(`${data}${keeping.chunk(row, chunk)}`, gzipSync(bytes, { level, mtime: 0 })),
  );
}
