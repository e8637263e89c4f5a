type Module = Awaited<typeof import("h5wasm")["ready"]>;

/** What the library may hold: itself and its filters, what it keeps of the structure of files, and text. */
const mostForStructure = 128 * 2 ** 20;
const page = 2 ** 16;

/** How far the memory of the library may grow. It never shrinks. */
export interface LibraryMemory {
  /** Bytes of buffers that are held for open files: they come on top. */
  held: number;
  /** Bytes that the current call may need besides. */
  working: number;
  /** Bytes that were asked for beyond that, and not given; 0 if none since it was set to 0. */
  refused: number;
}

/**
 * Bounds the memory of the library, which takes every size that a file states at its word: one damaged length makes it claim
 * up to 2 GiB, and fill them. Where memory does not grow, its allocations fail, which it reports as it reports damage.
 *
 * The library keeps its `WebAssembly.Memory` to itself; the first attempt to grow, made here and refused, shows it.
 */
export function boundMemory(module: Module): LibraryMemory {
  const bound: LibraryMemory = { held: 0, working: 0, refused: 0 };
  const { grow } = WebAssembly.Memory.prototype;
  let memory: WebAssembly.Memory | undefined;
  WebAssembly.Memory.prototype.grow = function (this: WebAssembly.Memory): never {
    memory = this;
    throw new RangeError("only looked at");
  };
  try {
    const address = module._malloc(2 ** 30);
    if (address !== 0) module._free(address);
  } finally {
    WebAssembly.Memory.prototype.grow = grow;
  }
  if (memory === undefined) throw new TypeError("expected the HDF5 library to keep its data in a WebAssembly.Memory");
  const its = memory;
  its.grow = (pages) => {
    const size = its.buffer.byteLength + pages * page;
    const most = mostForStructure + bound.held + bound.working;
    bound.refused = Math.max(0, size - most);
    if (size <= most) return grow.call(its, pages);
    throw new RangeError(`${size} bytes where ${most} are enough`);
  };
  return bound;
}

/** A buffer in the library's memory, to be given back with {@link release}. @throws RangeError there is no room for it */
export function hold(module: Module, memory: LibraryMemory, length: number): number {
  memory.held += length;
  const address = module._malloc(length);
  if (address !== 0) return address;
  memory.held -= length;
  throw new RangeError(`no memory for ${length} bytes in the HDF5 library`);
}

export function release(module: Module, memory: LibraryMemory, address: number, length: number): void {
  module._free(address);
  memory.held -= length;
}

/** What reading any part of a dataset may need besides its buffer: one chunk, packed, unpacked and between its filters. */
export function workingBytes(
  { shape, chunks }: { readonly shape: readonly number[] | null; readonly chunks: readonly number[] | null },
  bytesPerNumber: number,
): number {
  if (chunks === null) return 0;
  const bytes = (sizes: readonly number[]): number =>
    sizes.reduce((product, size) => product * Number(size), bytesPerNumber);
  // Chunks may reach beyond the data, but hardly far.
  return 4 * Math.min(bytes(chunks), 2 * bytes(shape ?? []) + 2 ** 24);
}
