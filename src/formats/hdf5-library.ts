import type { Dataset, Entity, Group, File as Hdf5File } from "h5wasm";
import { EngineError, FormatError, UnsupportedError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { checkGlobalHeap } from "./hdf5-heap.ts";
import { boundMemory, type LibraryMemory } from "./hdf5-memory.ts";

type Library = typeof import("h5wasm");

/** The library, loaded on first use: it is 4 MB and takes 0.2 s to start. */
export interface Hdf5 {
  readonly h5wasm: Library;
  readonly module: Awaited<Library["ready"]>;
  readonly memory: LibraryMemory;
  /** Its memory may be damaged: see {@link trapped}. */
  trapped: boolean;
}

let loaded: Promise<Hdf5> | undefined;
let instances = 0;

export function hdf5Library(): Promise<Hdf5> {
  loaded ??= load();
  return loaded;
}

const pluginFolder = "/plugins";

async function load(): Promise<Hdf5> {
  const h5wasm = await instance();
  const module = await h5wasm.ready;
  // Without it a failed read or a missing filter returns garbage.
  module.activate_throwing_error_handler();
  quieten(module.FS);
  module.FS.mkdirTree(pluginFolder);
  module.insert_plugin_search_path(pluginFolder, 0);
  return { h5wasm, module, memory: boundMemory(module), trapped: false };
}

/** Filters report damage on stdout besides failing, which would end up in the middle of a program's own output. */
function quieten(files: unknown): void {
  const { getStream } = files as { getStream(descriptor: number): { stream_ops: object } };
  for (const descriptor of [1, 2]) {
    const stream = getStream(descriptor);
    const write = (_stream: unknown, _bytes: unknown, _offset: number, length: number): number => length;
    stream.stream_ops = { ...stream.stream_ops, write };
  }
}

/** The package keeps one instance for each address that it is loaded from, so another one needs another address. */
async function instance(): Promise<Library> {
  const number = instances++;
  if (number === 0) return import("h5wasm");
  try {
    return (await import(/* @vite-ignore */ `${import.meta.resolve("h5wasm")}?instance=${number}`)) as Library;
  } catch (error) {
    const message =
      "the HDF5 library failed on a damaged file and cannot be loaded again here; start the program again";
    throw new EngineError(message, { engine: "hdf5" }, error);
  }
}

/**
 * Whether the library trapped: memory out of bounds, an abort, a stack that ran full, or a filter that reports damage through
 * a function that is not there (a TypeError). Its memory may then be in any state, so it is used no more, and what is opened
 * next gets an instance of its own.
 */
function trapped(library: Hdf5, error: unknown): boolean {
  const message = error instanceof Error ? error.message : "";
  const jumpedOut = error instanceof WebAssembly.RuntimeError || error instanceof TypeError;
  if (!jumpedOut && !/^Aborted\(|call stack/.test(message)) return false;
  library.trapped = true;
  loaded = undefined;
  return true;
}

/** What Emscripten's file system calls on a file. Its types leave these out. */
interface FileNode {
  node_ops: { getattr(node: unknown): object };
  stream_ops: {
    read(stream: unknown, heap: Uint8Array, at: number, length: number, position: number): number;
    llseek(stream: { position: number }, offset: number, whence: number): number;
  };
}

interface FileSystem {
  lookupPath(path: string, options?: object): { node: unknown };
  readonly ErrnoError: new (errno: number) => Error;
}

const EIO = 29;

/** An HDF5 file that is read from {@link Bytes} where and when the library asks, so that files larger than memory work. */
export interface OpenHdf5 {
  readonly root: Group;
  readonly fileId: bigint;
  /**
   * Runs calls of the library; what it throws becomes a FormatError that names `what` could not be done. `working` is the memory
   * [bytes] they may need beyond text and structure.
   */
  attempt<Result>(what: string, call: () => Result, working?: number): Result;
  close(): void;
}

let opened = 0;

/** The library's tables for an open file take 0.4 MiB. */
const perFile = 2 ** 20;

/**
 * Opens a file through a node of the library's own file system whose `read` fills its memory from `bytes` directly.
 *
 * @throws FormatError not an HDF5 file, truncated or damaged
 */
export function openHdf5(library: Hdf5, bytes: Bytes): OpenHdf5 {
  const { h5wasm, module, memory } = library;
  const path = `/scan-${++opened}.h5`;
  const fileSystem = module.FS as unknown as FileSystem;
  module.FS.writeFile(path, new Uint8Array(0));
  const node = fileSystem.lookupPath(path).node as FileNode;
  const { getattr } = node.node_ops;
  let failure: unknown;
  node.node_ops = { ...node.node_ops, getattr: (file) => ({ ...getattr(file), size: bytes.size }) };
  node.stream_ops = {
    ...node.stream_ops,
    read: (_, heap, at, length, position) => {
      const found = Math.max(0, Math.min(length, bytes.size - position));
      try {
        bytes.readInto(position, heap.subarray(at, at + found));
        if (heap[at] === 0x47 && heap[at + 1] === 0x43) checkGlobalHeap(bytes, position);
      } catch (error) {
        // The library must see a failed read, not an exception that jumps over its clean-up.
        failure = error;
        throw new fileSystem.ErrnoError(EIO);
      }
      return found;
    },
    llseek: (stream, offset, whence) => offset + (whence === 1 ? stream.position : whence === 2 ? bytes.size : 0),
  };

  const attempt = <Result>(what: string, call: () => Result, working = 0): Result => {
    failure = undefined;
    memory.working = working;
    memory.refused = 0;
    if (library.trapped) {
      throw new EngineError(`${bytes.name}: the HDF5 library failed on a damaged file; open this one again`, {
        engine: "hdf5",
      });
    }
    try {
      return call();
    } catch (error) {
      trapped(library, error);
      if (failure !== undefined) throw failure;
      const found =
        memory.refused > 0
          ? `that it takes ${Math.ceil(memory.refused / 2 ** 20)} MiB more memory than it should; the file is damaged`
          : `damage: ${reason(error)}`;
      throw new FormatError(`${bytes.name}: expected to ${what}, found ${found}`, { file: bytes.name }, error);
    }
  };

  let file: Hdf5File;
  memory.held += perFile;
  try {
    file = attempt("open an HDF5 file", () => new h5wasm.File(path, "r"));
  } catch (error) {
    memory.held -= perFile;
    module.FS.unlink(path);
    throw error;
  }
  return {
    root: file,
    fileId: file.file_id,
    attempt,
    close: () => {
      memory.held -= perFile;
      try {
        if (!library.trapped) file.close();
        module.FS.unlink(path);
      } catch (error) {
        trapped(library, error);
        // The library may fail to let go of a damaged file. It was only read, so nothing is lost.
      }
      bytes.close();
    },
  };
}

/** The library reports a stack of calls; the innermost entry says what was wrong. */
function reason(error: unknown): string {
  if (error instanceof TypeError) return "a chunk that its filter cannot decode";
  const lines = String(error instanceof Error ? error.message : error).split("\n");
  const described = lines.filter((line) => /#\d{3}:/.test(line)).map((line) => line.replace(/^.*\): /, ""));
  return (described.at(-1) ?? lines.find((line) => line.trim() !== "") ?? "unknown").trim().slice(0, 160);
}

/** The entity if it is a group. The library's own tag is not in its types. */
export const asGroup = (entity: Entity | null): Group | undefined =>
  entity !== null && "create_dataset" in entity ? entity : undefined;

/** The entity if it is a dataset. */
export const asDataset = (entity: Entity | null): Dataset | undefined =>
  entity !== null && "slice" in entity ? entity : undefined;

/** A link to another file, at that path of this one. */
export interface Hdf5Link {
  readonly path: string;
  readonly file: string;
  readonly target: string;
}

/** The entity if it is a link to another file. */
export const asLink = (entity: Entity | null, path: string): Hdf5Link | undefined =>
  entity !== null && "filename" in entity && "obj_path" in entity
    ? { path, file: String(entity.filename), target: String(entity.obj_path) }
    : undefined;

/** An attribute as plain data, or undefined. @throws RangeError it is larger than any that is of use here */
export function attribute(owner: Group | Dataset, name: string): unknown {
  if (!Object.hasOwn(owner.attrs, name)) return undefined;
  checkText(owner.attrs[name]!.metadata);
  return owner.get_attribute(name, true);
}

/** The one value of a dataset, or undefined. @throws RangeError it is larger than any that is of use here */
export function onlyValue(dataset: Dataset): unknown {
  if (dataset.shape?.length !== 0) return undefined;
  checkText(dataset.metadata);
  return dataset.value;
}

// The library copies what it reads several times.
const mostText = 16 * 2 ** 20;

function checkText({ size, total_size: count }: { readonly size: number; readonly total_size: number }): void {
  if (size * count > mostText) throw new RangeError(`${size * count} bytes of text`);
}

/** Filters that the library has built in: none, deflate, shuffle, fletcher32, szip, nbit, scaleoffset. */
const builtIn = new Set([0, 1, 2, 3, 4, 5, 6]);

/**
 * Registered filters (HDF Group's list) and the plugin that decodes each. Not bzip2 (307): its plugin never ends on a stream
 * that breaks off.
 */
const plugins: Readonly<Record<number, readonly [name: string, file: string]>> = {
  32000: ["LZF", "libH5Zlzf.so"],
  32001: ["Blosc", "libH5Zblosc.so"],
  32004: ["LZ4", "libH5Zlz4.so"],
  32008: ["bitshuffle", "libH5Zbshuf.so"],
  32013: ["ZFP", "libH5Zzfp.so"],
  32015: ["Zstandard", "libH5Zzstd.so"],
  32026: ["Blosc2", "libH5Zblosc2.so"],
};

/** Names of the filters of a dataset, for metadata and messages. */
export const filterNames = (dataset: Dataset): readonly string[] =>
  dataset.filters.map(({ id, name }) => (id === 1 ? "gzip" : (plugins[id]?.[0] ?? (name || `filter ${id}`))));

/** Makes sure that every filter of the dataset can be decoded. @throws UnsupportedError one cannot */
export async function provideFilters(
  { module }: Hdf5,
  dataset: Dataset,
  file: string,
  fetchFilter: OpenOptions["hdf5Filter"],
): Promise<void> {
  for (const { id, name } of dataset.filters) {
    if (builtIn.has(id)) continue;
    const [known, plugin] = plugins[id] ?? [];
    if (plugin === undefined || fetchFilter === undefined) {
      const filter = known ?? (name || "unknown");
      throw new UnsupportedError(
        `${file}: dataset ${dataset.path} is compressed with ${filter} (HDF5 filter ${id}), which cannot be decoded here; ` +
          "repack the file with gzip",
        { feature: `HDF5 filter ${id}` },
      );
    }
    const path = `${pluginFolder}/${plugin}`;
    if (!module.FS.analyzePath(path).exists) module.FS.writeFile(path, await fetchFilter(plugin));
  }
}
