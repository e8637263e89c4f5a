import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import fc from "fast-check";
import { describe, expect, it } from "vitest";
import type { OpenOptions } from "../../src/formats/format.ts";
import { open } from "../../src/formats/formats.ts";
import { memoryBytes } from "../../src/formats/memory-bytes.ts";
import { FormatError, ShapeError, UnsupportedError } from "../../src/scan/errors.ts";
import { area } from "../../src/scan/scan.ts";
import { patternBytes, readPatterns } from "../../src/scan/source.ts";

const folder = fileURLToPath(new URL("../fixtures", import.meta.url));
const files = ["npz", "dm", "ser", "tiff"].flatMap((format) =>
  readdirSync(join(folder, format))
    .filter((name) => !name.endsWith(".json"))
    .map((name) => `${format}/${name}`),
);
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));
const optionsOf = (name: string): OpenOptions =>
  JSON.parse(readFileSync(join(folder, name.replace(/\.\w+$/, ".json")), "utf8")).options ?? {};

/** Opens and reads at most a megabyte; returns the numbers, or the error if it is one of ours. Anything else is a failure. */
async function outcome(bytes: Uint8Array, options: OpenOptions): Promise<Error | ArrayLike<number>> {
  try {
    const source = await open(memoryBytes("damaged", bytes), options);
    try {
      const most = Math.floor(2 ** 20 / patternBytes(source));
      return most === 0 ? [] : await readPatterns(source, 0, Math.min(area(source.positions), most));
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof FormatError || error instanceof UnsupportedError || error instanceof ShapeError) {
      expect(error.message).not.toContain("\n");
      expect(error.message).toMatch(/^damaged[:/]/);
      return error;
    }
    throw error;
  }
}

describe("truncated files", () => {
  it.each(files)("%s ends in an error or the same numbers wherever it is cut", async (name) => {
    const bytes = fixture(name);
    const options = optionsOf(name);
    const intact = await outcome(bytes, options);
    for (let length = 0; length < bytes.length; length += length < 200 ? 3 : 1 + Math.floor(bytes.length / 60)) {
      const cut = await outcome(bytes.subarray(0, length), options);
      // What follows the last pattern may be missing: SER's last tag, a TIFF's trailing bytes.
      if (cut instanceof Error) expect(cut.name).toMatch(/FormatError|ShapeError/);
      else expect(cut).toEqual(intact);
    }
  });
});

describe("changed bytes", () => {
  it.each(files)("%s never crashes", async (name) => {
    const bytes = fixture(name);
    const options = optionsOf(name);
    const change = fc.tuple(fc.nat(bytes.length - 1), fc.constantFrom(0, 1, 2, 4, 8, 20, 64, 127, 128, 254, 255));
    const property = fc.asyncProperty(fc.array(change, { minLength: 1, maxLength: 3 }), async (changes) => {
      const damaged = bytes.slice();
      for (const [at, value] of changes) damaged[at] = value;
      await outcome(damaged, options);
    });
    await fc.assert(property, { numRuns: 60, seed: 11 });
    expect(await outcome(bytes, options)).not.toBeInstanceOf(Error);
  });

  it.each([
    "npz/stored.npz",
    "npz/deflated.npz",
    "npz/streamed.npz",
    "tiff/adobe-deflate.tif",
    "tiff/deflate-predictor-f4.tif",
  ])("%s reads as it was or not at all: it carries checksums", async (name) => {
    const bytes = fixture(name);
    const options = optionsOf(name);
    const intact = await outcome(bytes, options);
    const directory = name.startsWith("tiff") ? tiffDataEnd(bytes) : { from: 0, to: bytes.length };
    const property = fc.asyncProperty(
      fc.nat(directory.to - directory.from - 1),
      fc.integer({ min: 1, max: 255 }),
      async (at, flip) => {
        const damaged = bytes.slice();
        damaged[directory.from + at]! ^= flip;
        const found = await outcome(damaged, options);
        if (!(found instanceof Error)) expect(found).toEqual(intact);
      },
    );
    await fc.assert(property, { numRuns: 300, seed: 12 });
  });
});

/** Where the first page's blocks lie in a little-endian TIFF: what a checksum covers. */
function tiffDataEnd(bytes: Uint8Array): { from: number; to: number } {
  const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
  const page = view.getUint32(4, true);
  const value = (tag: number): number => {
    for (let at = page + 2; at < page + 2 + 12 * view.getUint16(page, true); at += 12) {
      if (view.getUint16(at, true) !== tag) continue;
      return view.getUint32(at + 4, true) === 1
        ? view.getUint32(at + 8, true)
        : view.getUint32(view.getUint32(at + 8, true), true);
    }
    throw new Error(`no tag ${tag}`);
  };
  return { from: value(273), to: value(273) + value(279) };
}

describe("chains that never end, sizes that never fit", () => {
  const tiff = (patch: (view: DataView, page: number) => void): Uint8Array => {
    const bytes = fixture("tiff/plain-u2.tif");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    patch(view, view.getUint32(4, true));
    return bytes;
  };
  const nextOf = (view: DataView, page: number): number => page + 2 + 12 * view.getUint16(page, true);
  const tagOf = (view: DataView, page: number, tag: number): number => {
    for (let at = page + 2; at < nextOf(view, page); at += 12) if (view.getUint16(at, true) === tag) return at;
    throw new Error(`no tag ${tag}`);
  };

  it("a TIFF whose last page is its first again", async () => {
    const bytes = tiff((view, page) => view.setUint32(nextOf(view, page), page, true));
    expect(String(await outcome(bytes, {}))).toMatch(/found the page at byte \d+ again/);
  });

  it.each([256, 257, 278])("a TIFF whose tag %i says 4294967295", async (tag) => {
    const bytes = tiff((view, page) => {
      const at = tagOf(view, page, tag);
      view.setUint16(at + 2, 4, true);
      view.setUint32(at + 8, 0xffffffff, true);
    });
    const found = await outcome(bytes, { shape: [3, 4] });
    // More rows a strip than a page has is one strip, as the standard allows.
    if (tag === 278) expect(found).not.toBeInstanceOf(Error);
    else expect(found).toBeInstanceOf(FormatError);
  });

  it("a DM file with groups without end", async () => {
    const head = [0, 0, 0, 3, 0, 0, 0, 0, 0, 0, 0, 1];
    const group = [0, 0, 0, 0, 0, 1, 20, 0, 0];
    const bytes = Uint8Array.from([...head, ...new Array<number[]>(5000).fill(group).flat()]);
    expect(String(await outcome(bytes, {}))).toMatch(/groups more than 64 deep/);
  });

  it("a DM file with structures of structures", async () => {
    const word = (value: number): number[] => [0, 0, value >> 8, value & 255];
    const head = [0, 0, 0, 3, ...word(0), ...word(1), 0, 0, ...word(1), 21, 0, 0, 0x25, 0x25, 0x25, 0x25];
    const nested = new Array<number[]>(3000).fill([...word(15), ...word(0), ...word(1), ...word(0)]).flat();
    const bytes = Uint8Array.from([...head, ...word(60000), ...nested]);
    expect(String(await outcome(bytes, {}))).toMatch(/more than 4 deep/);
  });

  it("a DM file with an array longer than any file", async () => {
    const bytes = fixture("dm/detector-first-u2-4.dm4");
    const text = new TextDecoder("latin1").decode(bytes);
    const info = text.indexOf("%%%%", text.lastIndexOf("\u0015\u0000\u0004Data")) + 4;
    new DataView(bytes.buffer, bytes.byteOffset).setBigUint64(info + 8 + 16, 2n ** 50n);
    expect(String(await outcome(bytes, {}))).toMatch(/FormatError: damaged: expected \d+ bytes.*truncated/);
  });

  it("a zip member that promises more than deflate can hold", async () => {
    const bytes = fixture("npz/streamed.npz");
    const view = new DataView(bytes.buffer, bytes.byteOffset, bytes.byteLength);
    const at = bytes.findLastIndex(
      (_, index) => index + 4 <= bytes.length && view.getUint32(index, true) === 0x02014b50,
    );
    view.setUint32(at + 24, 0x7fffffff, true);
    expect(String(await outcome(bytes, {}))).toMatch(/expected at most \d+ bytes from \d+ deflated ones/);
  });

  it("a .ser with more images than bytes, and one that is unfinished", async () => {
    const more = fixture("ser/map.ser");
    new DataView(more.buffer).setUint32(14, 0xffffffff, true);
    expect(await outcome(more, {})).toBeInstanceOf(FormatError);
    const unfinished = fixture("ser/map.ser");
    new DataView(unfinished.buffer).setUint32(18, 10, true);
    expect(String(await outcome(unfinished, {}))).toMatch(/expected 12 images, found 10 recorded/);
    const source = await open(memoryBytes("x", unfinished), { allowIncomplete: true });
    expect(source.metadata["missing patterns"]).toBe(2);
    expect((await readPatterns(source, 9, 3)).subarray(30).every((value) => value === 0)).toBe(true);
  });
});

describe("archives larger than the cache", () => {
  it("unpack as they are read, in any order, and check the sum at the end", async () => {
    const bytes = fixture("npz/deflated.npz");
    const all = await outcome(bytes, {});
    const source = await open(memoryBytes("x", bytes), { cacheBytes: 100 });
    const property = fc.asyncProperty(fc.nat(11), fc.nat(11), async (first, more) => {
      const count = 1 + Math.min(more, 11 - first);
      expect(await readPatterns(source, first, count)).toEqual(
        (all as Float32Array).slice(30 * first, 30 * (first + count)),
      );
    });
    await fc.assert(property, { numRuns: 50, seed: 13 });
  });
});
