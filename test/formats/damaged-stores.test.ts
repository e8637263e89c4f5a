import { existsSync, readdirSync, readFileSync, statSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { Bytes } from "../../src/formats/bytes.ts";
import type { OpenOptions } from "../../src/formats/format.ts";
import { open } from "../../src/formats/formats.ts";
import { hdf5Library, openHdf5 } from "../../src/formats/hdf5-library.ts";
import { memoryBytes } from "../../src/formats/memory-bytes.ts";
import { DataError, EngineError, FormatError, ShapeError, UnsupportedError } from "../../src/scan/errors.ts";
import { area } from "../../src/scan/scan.ts";
import { patternBytes, readPatterns } from "../../src/scan/source.ts";

const folder = fileURLToPath(new URL("../fixtures", import.meta.url));

type Files = ReadonlyMap<string, Uint8Array>;

/** A folder in memory, opened by one of its files. */
function inFolder(files: Files, name: string, listed = true): Bytes {
  return {
    ...memoryBytes("damaged", files.get(name) ?? new Uint8Array(0)),
    sibling: (path) => (files.has(path) ? inFolder(files, path) : undefined),
    ...(listed
      ? {
          list: (at: string) => {
            const prefix = at === "" ? "" : `${at}/`;
            const below = [...files.keys()].filter((path) => path.startsWith(prefix));
            return [...new Set(below.map((path) => path.slice(prefix.length).split("/")[0]!))];
          },
        }
      : {}),
  };
}

function filesOf(path: string): Files {
  const names = readdirSync(path, { recursive: true, encoding: "utf8" }).map((name) => name.replaceAll("\\", "/"));
  return new Map(
    names
      .filter((name) => statSync(join(path, name)).isFile())
      .map((name) => [name, new Uint8Array(readFileSync(join(path, name)))]),
  );
}

const markerIn = (files: Files): string => ["zarr.json", ".zgroup", ".zarray"].find((name) => files.has(name))!;

const hdf5Filter = async (file: string): Promise<Uint8Array> =>
  new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(`h5wasm-plugins/plugins/${file}`)));

/** The numbers, at most a megabyte of them, or the error if it is one of ours. Anything else is a failure. */
async function outcome(bytes: Bytes, options: OpenOptions = {}): Promise<Error | ArrayLike<number>> {
  try {
    const source = await open(bytes, { hdf5Filter, ...options });
    try {
      const most = Math.floor(2 ** 20 / patternBytes(source));
      return most === 0 ? [] : await readPatterns(source, 0, Math.min(area(source.positions), most));
    } finally {
      source.close();
    }
  } catch (error) {
    if ([FormatError, UnsupportedError, ShapeError, DataError].some((kind) => error instanceof kind)) {
      expect((error as Error).message).not.toContain("\n");
      expect((error as Error).message).toMatch(/^(damaged|scan)/);
      return error as Error;
    }
    throw error;
  }
}

/** Numbers 0 … 1, the same ones every time (mulberry32). */
function random(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state);
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed;
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

function flipped(bytes: Uint8Array, next: () => number): Uint8Array {
  const damaged = bytes.slice();
  for (let flips = 1 + Math.floor(3 * next()); flips > 0 && damaged.length > 0; flips--) {
    damaged[Math.floor(next() * damaged.length)] = Math.floor(256 * next());
  }
  return damaged;
}

const optionsOf = (name: string): OpenOptions =>
  JSON.parse(readFileSync(join(folder, name.replace(/\.\w+$/, ".json")), "utf8")).options ?? {};

const stores = readdirSync(join(folder, "zarr")).filter((name) => !name.endsWith(".json"));
const folders = stores
  .filter((name) => statSync(join(folder, "zarr", name)).isDirectory())
  .map((name) => `zarr/${name}`);
const archives = stores.filter((name) => name.endsWith(".zip")).map((name) => `zarr/${name}`);
const kinds = readdirSync(join(folder, "hdf5-kinds"))
  .filter((name) => !name.endsWith(".json"))
  .map((name) => `hdf5-kinds/${name}`);

describe("Zarr in folders", () => {
  it.each(folders)("%s survives a damaged, missing or cut file", async (name) => {
    const files = filesOf(join(folder, name));
    const options = optionsOf(name);
    const intact = await outcome(inFolder(files, markerIn(files)), options);
    expect(intact).not.toBeInstanceOf(Error);
    const next = random(name.length);
    for (const [path, bytes] of files) {
      const gone = new Map([...files].filter(([other]) => other !== path));
      if (path !== markerIn(files)) await outcome(inFolder(gone, markerIn(files)), options);
      for (let run = 0; run < 20; run++) {
        const damaged = run % 4 === 0 ? bytes.subarray(0, Math.floor(next() * bytes.length)) : flipped(bytes, next);
        await outcome(inFolder(new Map([...files, [path, damaged]]), markerIn(files)), options);
      }
    }
  });

  it("leaves the patterns of other chunks alone", async () => {
    const files = filesOf(join(folder, "zarr/several.zarr"));
    const options = optionsOf("zarr/several.zarr");
    const intact = (await outcome(inFolder(files, ".zgroup"), options)) as ArrayLike<number>;
    const next = random(5);
    // Chunk 1.1.0.1 holds row 2, column 3, pixel columns 4 and 5.
    const path = "measured/filtered/1.1.0.1";
    for (let run = 0; run < 200; run++) {
      const found = await outcome(
        inFolder(new Map([...files, [path, flipped(files.get(path)!, next)]]), ".zgroup"),
        options,
      );
      if (found instanceof Error) continue;
      const elsewhere = (_: number, index: number): boolean => index < 11 * 30 || index % 6 < 4;
      expect(Array.from(found).filter(elsewhere)).toEqual(Array.from(intact).filter(elsewhere));
    }
  });

  it("reads what consolidated metadata lists where folders cannot be listed", async () => {
    for (const name of ["zarr/several.zarr", "zarr/v3-blosc.zarr"]) {
      const files = filesOf(join(folder, name));
      const listed = await outcome(inFolder(files, markerIn(files)), optionsOf(name));
      expect(await outcome(inFolder(files, markerIn(files), false), optionsOf(name))).toEqual(listed);
    }
  });

  it("says how many chunks are not stored, and refuses an array without any", async () => {
    const files = filesOf(join(folder, "zarr/sparse.zarr"));
    const source = await open(inFolder(files, ".zarray"));
    expect(source.metadata["chunks not stored"]).toBe("4 of 8, read as 7");
    source.close();
    const none = new Map([...files].filter(([path]) => path.startsWith(".")));
    expect(String(await outcome(inFolder(none, ".zarray")))).toMatch(/chunks .* such as 0\/0\/0\/0, found none/);
  });

  it.each([
    ['"shape": [3, 4, 5, 6]', '"shape": [3, 4, 99999999, 99999999]', /larger than any recorded scan/],
    ['"shape": [3, 4, 5, 6]', '"shape": [3, -4, 5, 6]', /lengths of at least 0/],
    ['"chunks": [2, 3, 5, 4]', '"chunks": [2, 0, 5, 4]', /lengths of at least 1/],
    ['"chunks": [2, 3, 5, 4]', '"chunks": [2, 3, 5]', /chunks for 3×4×5×6/],
    ['"chunks": [2, 3, 5, 4]', '"chunks": [2, 3, 90000, 90000]', /at most 1 GiB/],
    ['"chunks": [2, 3, 5, 4]', '"chunks": [2, 3, 5, 5]', /Blosc chunk that promises 240 bytes, not 300/],
    ['"id": "blosc"', '"id": "lzma"', /found lzma/],
    ['"dtype": "<u2"', '"dtype": "<c8"', /not numbers/],
    ['"dtype": "<u2"', '"dtype": "<U8"', /not numbers/],
    ['"order": "C"', '"order": "K"', /order C or F/],
    ['"filters": null', '"filters": [{"id": "shuffle", "elementsize": 0}]', /shuffle of numbers of 0 bytes/],
    ['"filters": null', '"filters": [{"id": "zstd"}]', /Zstandard followed by Blosc/],
    ['"shape"', '"shap', /expected JSON in \.zarray/],
  ])("refuses %s as %s", async (what, instead, message) => {
    const files = filesOf(join(folder, "zarr/sparse.zarr"));
    const text = JSON.stringify(JSON.parse(new TextDecoder().decode(files.get(".zarray")!))).replaceAll(
      /([:,])/g,
      "$1 ",
    );
    expect(text).toContain(what);
    const changed = new Map([...files, [".zarray", new TextEncoder().encode(text.replace(what, instead))]]);
    expect(String(await outcome(inFolder(changed, ".zarray")))).toMatch(message);
  });
});

describe("Zarr in zip archives", () => {
  it.each(archives)("%s survives flipped bytes and a missing end", async (name) => {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const options = optionsOf(name);
    const intact = await outcome(memoryBytes("damaged", bytes), options);
    expect(intact).not.toBeInstanceOf(Error);
    const next = random(name.length);
    for (let run = 0; run < 60; run++) {
      const damaged = memoryBytes("damaged", flipped(bytes, next));
      const found = await outcome(damaged, options);
      if (found instanceof Error) continue;
      // The archive's checksums leave only equal numbers, unless a chunk lost its name and the source says so.
      const source = await open(damaged, options);
      if (source.metadata["chunks not stored"] === undefined) expect(found).toEqual(intact);
      source.close();
    }
    for (let run = 0; run < 20; run++) {
      const found = await outcome(
        memoryBytes("damaged", bytes.subarray(0, Math.floor(next() * bytes.length))),
        options,
      );
      expect(found).toBeInstanceOf(FormatError);
    }
  });
});

describe("kinds of HDF5", () => {
  it.each(kinds)("%s never crashes", async (name) => {
    const bytes = new Uint8Array(readFileSync(join(folder, name)));
    const next = random(name.length);
    for (let run = 0; run < 60; run++) await outcome(memoryBytes("damaged", flipped(bytes, next)), optionsOf(name));
    for (let run = 0; run < 20; run++) {
      await outcome(memoryBytes("damaged", bytes.subarray(0, Math.floor(next() * bytes.length))), optionsOf(name));
    }
    expect(await outcome(memoryBytes("damaged", bytes), optionsOf(name))).not.toBeInstanceOf(Error);
  });

  it("a master file says which data file is missing, differs or lies outside", async () => {
    const files = filesOf(join(folder, "dectris"));
    const named = (contents: Files): Bytes => ({ ...inFolder(contents, "scan_master.h5"), name: "scan_master.h5" });
    const whole = (await outcome(named(files))) as ArrayLike<number>;
    expect(whole.length).toBe(12 * 30);
    const without = new Map([...files].filter(([path]) => path !== "scan_data_000002.h5"));
    expect(String(await outcome(named(without)))).toMatch(
      /expected scan_data_000002\.h5.*in the same folder, found none/,
    );
    const sizeless = new Map([...files].filter(([path]) => path !== "scan.h5"));
    expect(String(await outcome(named(sizeless)))).toMatch(/--shape RxC/);
    expect(await outcome(named(sizeless), { shape: [2, 6] })).toEqual(whole);
    // A link to itself is no stack of patterns.
    const circular = new Map([...files, ["scan_data_000002.h5", files.get("scan_master.h5")!]]);
    expect(await outcome(named(circular))).toBeInstanceOf(Error);
  });

  it("a filter that cannot be decoded is named, and is not tried", async () => {
    const bytes = new Uint8Array(readFileSync(join(folder, "hdf5-kinds/zstd.h5")));
    const view = new DataView(bytes.buffer);
    const at = bytes.findIndex((_, index) => index + 2 <= bytes.length && view.getUint16(index, true) === 32015);
    const registered: [id: number, message: RegExp][] = [
      [32999, /dataset \/data is compressed with .*HDF5 filter 32999\), which cannot be decoded here; repack the file/],
      [307, /HDF5 filter 307\), which cannot be decoded here/],
      [32019, /HDF5 filter 32019\), which cannot be decoded here/],
    ];
    for (const [id, message] of registered) {
      view.setUint16(at, id, true);
      const found = await outcome(memoryBytes("damaged", bytes));
      expect(found).toBeInstanceOf(UnsupportedError);
      expect(String(found)).toMatch(message);
    }
    // Another filter that is there cannot make anything of these chunks.
    for (const id of [32000, 32001, 32004, 32008, 32013, 32026]) {
      view.setUint16(at, id, true);
      expect(await outcome(memoryBytes("damaged", bytes))).toBeInstanceOf(FormatError);
    }
  });

  it("goes on with a fresh library after a trap", async () => {
    const bytes = new Uint8Array(readFileSync(join(folder, "hdf5-kinds/lz4.h5")));
    const library = await hdf5Library();
    const before = openHdf5(library, memoryBytes("before", bytes));
    const trapping = openHdf5(library, memoryBytes("trapping", bytes));
    const trap = (): never => {
      throw new WebAssembly.RuntimeError("unreachable");
    };
    expect(() => trapping.attempt("read", trap)).toThrow(FormatError);
    expect(() => before.attempt("read", () => before.root.keys())).toThrow(EngineError);
    trapping.close();
    before.close();
    expect(await hdf5Library()).not.toBe(library);
    expect(await outcome(memoryBytes("damaged", bytes))).not.toBeInstanceOf(Error);
  });
});

it("the fixtures are there", () => {
  expect(folders.length + archives.length).toBeGreaterThan(30);
  expect(existsSync(join(folder, "dectris/scan_master.h5"))).toBe(true);
});
