import { readdirSync, readFileSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { zipSync } from "fflate";
import { describe, expect, it } from "vitest";
import type { OpenOptions } from "../../src/formats/format.ts";
import { open } from "../../src/formats/formats.ts";
import { hdf5Library } from "../../src/formats/hdf5-library.ts";
import { memoryBytes } from "../../src/formats/memory-bytes.ts";
import { npyHeader } from "../../src/formats/npy.ts";
import { FormatError, ShapeError, UnsupportedError } from "../../src/scan/errors.ts";
import { area } from "../../src/scan/scan.ts";
import { patternBytes, readPatterns } from "../../src/scan/source.ts";

const folder = fileURLToPath(new URL("../fixtures", import.meta.url));
const fixture = (name: string): Uint8Array => new Uint8Array(readFileSync(join(folder, name)));

/** Opens and reads at most a megabyte; returns the numbers, or the error if it is one of ours. Anything else is a failure. */
async function outcome(bytes: Uint8Array, options: OpenOptions = {}): Promise<Error | ArrayLike<number>> {
  try {
    const source = await open(memoryBytes("damaged", bytes), { hdf5Filter, ...options });
    try {
      const most = Math.floor(2 ** 20 / patternBytes(source));
      return most === 0 ? [] : await readPatterns(source, 0, Math.min(area(source.positions), most));
    } finally {
      source.close();
    }
  } catch (error) {
    if (error instanceof FormatError || error instanceof UnsupportedError || error instanceof ShapeError) {
      expect(error.message).not.toContain("\n");
      expect(error.message).toMatch(/^damaged: /);
      return error;
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

const hdf5Filter = async (file: string): Promise<Uint8Array> =>
  new Uint8Array(readFileSync(createRequire(import.meta.url).resolve(`h5wasm-plugins/plugins/${file}`)));

const whole = ["npy/little-u2-c.npy", "npy/little-f4-f.npy", "blo/hyperspy.blo"];
const hdf5 = readdirSync(join(folder, "hdf5"))
  .filter((name) => !name.endsWith(".json"))
  .map((name) => `hdf5/${name}`);

describe("truncated files", () => {
  it.each(whole)("%s ends in an error wherever it is cut", async (name) => {
    const bytes = fixture(name);
    for (let length = 0; length < bytes.length; length += length < 300 ? 1 : 7) {
      expect(await outcome(bytes.subarray(0, length))).toBeInstanceOf(FormatError);
    }
  });

  it.each(["hdf5/contiguous.h5", "hdf5/hyperspy.hspy", "hdf5/latest.h5"])(
    "%s ends in an error wherever it is cut",
    async (name) => {
      const bytes = fixture(name);
      for (let length = 0; length < bytes.length; length += 1 + Math.floor(bytes.length / 150)) {
        expect(await outcome(bytes.subarray(0, length))).toBeInstanceOf(FormatError);
      }
    },
  );

  it.each([
    ["npy/little-u2-c.npy", 60],
    ["blo/hyperspy.blo", 70],
  ] as const)("%s reads what is there on request", async (name, pattern) => {
    const bytes = fixture(name);
    const all = (await outcome(bytes)) as ArrayLike<number>;
    const source = await open(memoryBytes("cut", bytes.subarray(0, bytes.length - 3 * pattern + 1)), {
      allowIncomplete: true,
    });
    expect(source.metadata["missing patterns"]).toBe(3);
    const pixels = area(source.pixels);
    const found = await readPatterns(source, 0, 12);
    expect(Array.from(found.subarray(0, 9 * pixels))).toEqual(Array.from(all).slice(0, 9 * pixels));
    expect(found.subarray(9 * pixels).every((value) => value === 0)).toBe(true);
    expect((await readPatterns(source, 10, 2)).every((value) => value === 0)).toBe(true);
  });
});

describe("flipped bytes", () => {
  it.each([...whole, ...hdf5])("%s never crashes", async (name) => {
    const bytes = fixture(name);
    const next = random(name.length);
    const header = name.startsWith("hdf5") ? bytes.length : name.startsWith("blo") ? 240 : 128;
    for (let run = 0; run < 120; run++) {
      const damaged = bytes.slice();
      for (let flips = 1 + Math.floor(3 * next()); flips > 0; flips--)
        damaged[Math.floor(next() * header)] = Math.floor(256 * next());
      await outcome(damaged);
    }
    // What was read before must not have harmed what is read now.
    const intact = await outcome(
      bytes,
      JSON.parse(readFileSync(join(folder, name.replace(/\.\w+$/, ".json")), "utf8")).options,
    );
    expect(intact).not.toBeInstanceOf(Error);
  });
});

describe("headers that promise too much", () => {
  const npyWith = (text: string): Uint8Array => {
    const header = npyHeader("u8", [1, 1, 1, 1]);
    header.fill(0x20, 10, header.length - 1);
    header.set(new TextEncoder().encode(text), 10);
    return header;
  };
  it.each([
    ["{'descr': '<u2', 'fortran_order': False, 'shape': (99999999, 99999999, 99999999, 9), }", FormatError],
    ["{'descr': '<u2', 'fortran_order': True, 'shape': (65536, 65536, 1024, 1024), }", FormatError],
    ["{'descr': '<u2', 'fortran_order': False, 'shape': (0, 4, 5, 6), }", ShapeError],
    ["{'descr': '<u2', 'fortran_order': False, 'shape': (5, 6), }", ShapeError],
    ["{'descr': '<u2', 'fortran_order': False, 'shape': (), }", ShapeError],
    ["{'descr': '<c8', 'fortran_order': False, 'shape': (3, 4, 5, 6), }", UnsupportedError],
    ["{'descr': '|O', 'fortran_order': False, 'shape': (3, 4, 5, 6), }", UnsupportedError],
    ["{'descr': [('a', '<u2')], 'fortran_order': False, 'shape': (3, 4, 5, 6), }", UnsupportedError],
    ["{'descr': '<u2', 'fortran_order': False, 'shape': (3, -4, 5, 6), }", FormatError],
    ["{'descr': '<u2', 'shape': (3, 4, 5, 6), }", FormatError],
    ["{'descr': __import__('os'), 'shape': (3, 4, 5, 6), }", FormatError],
    ["{'descr': ((((((((((((((((((((", FormatError],
    ["", FormatError],
  ])("npy: %s", async (text, kind) => {
    expect(await outcome(npyWith(text))).toBeInstanceOf(kind);
  });

  it("npy: one pattern opens only where it is said to be a scan of one position", async () => {
    for (const fortran of [false, true]) {
      const bytes = Buffer.concat([npyHeader("u8", [5, 6]), Uint8Array.from({ length: 30 }, (_, index) => index)]);
      if (fortran) bytes.write("True, 'shape': (5, 6), } ", bytes.indexOf("False"));
      expect(String(await outcome(bytes))).toMatch(/5×6, expected .* one pattern or image.*--shape 1x1 opens it/);
      expect(String(await outcome(bytes, { shape: [2, 1] }))).toMatch(/2x1 is 2 positions, expected 1/);
      const at = (index: number): number => (fortran ? Math.floor(index / 6) + 5 * (index % 6) : index);
      expect(await outcome(bytes, { shape: [1, 1] })).toEqual(Uint8Array.from({ length: 30 }, (_, index) => at(index)));
    }
  });

  it("prz: axes in another order than scan and camera are refused", async () => {
    const about = JSON.stringify([{ "content.types": ["ScanX", "ScanY", "CameraX", "CameraY"] }]);
    const header = `{'descr': '|S${about.length}', 'fortran_order': False, 'shape': (), }`.padEnd(117);
    const text = Buffer.concat([Uint8Array.of(0x93), Buffer.from(`NUMPY\x01\x00\x76\x00${header}\n${about}`)]);
    const bytes = zipSync({
      "data.npy": Buffer.concat([npyHeader("u8", [3, 4, 5, 6]), new Uint8Array(360)]),
      "meta_data_json.npy": text,
    });
    expect(String(await outcome(bytes))).toMatch(/scan's axes before those of the camera, found ScanX, ScanY/);
  });

  it("npy: refuses integers that float64 cannot hold", async () => {
    const bytes = fixture("npy/little-u8-c.npy");
    bytes[bytes.length - 1] = 0x7f;
    expect(String(await outcome(bytes))).toMatch(/2\^53/);
  });

  it("blo: sizes, offsets and marks are checked", async () => {
    const bytes = fixture("blo/hyperspy.blo");
    const changed = (offset: number, ...values: number[]): Uint8Array => {
      const copy = bytes.slice();
      copy.set(values, offset);
      return copy;
    };
    expect(String(await outcome(changed(20, 0xff, 0xff)))).toMatch(/truncated/);
    expect(String(await outcome(changed(24, 0, 0)))).toMatch(/at least 1×1/);
    expect(String(await outcome(changed(12, 0xff, 0xff, 0xff, 0xff)))).toMatch(/image and patterns between/);
    expect(String(await outcome(changed(6, 3)))).toMatch(/version/);
    expect(String(await outcome(changed(bytes.length - 70, 0)))).toMatch(
      /mark AA 55 of pattern 11 at byte \d+, found 00 55/,
    );
  });

  it("hdf5: text whose sizes lead in a circle ends in an error", async () => {
    const bytes = fixture("hdf5/emd.h5");
    const collection = Buffer.from(bytes).indexOf("GCOL");
    bytes[collection + 24] = 0x42; // size of the first object
    expect(String(await outcome(bytes))).toMatch(/expected text of the HDF5 file at byte/);
  });

  it("hdf5: a length that claims a gigabyte is refused before it is taken", async () => {
    const memory = async (): Promise<number> => (await hdf5Library()).module.HEAPU8.length / 2 ** 20;
    // A reference to text of variable length is its length, then the address of a collection, then the number in it.
    const text = fixture("hdf5/hyperspy.hspy");
    const view = new DataView(text.buffer);
    const collection = BigInt(Buffer.from(text).indexOf("GCOL"));
    for (let at = 0; at + 16 <= text.length; at++) {
      const length = view.getUint32(at, true);
      if (view.getBigUint64(at + 4, true) === collection && length > 0 && length < 100) {
        view.setUint32(at, 2 ** 30, true);
      }
    }
    expect(String(await outcome(text))).toMatch(
      /expected to read the calibration, found that it takes \d{3,} MiB more memory than it should/,
    );
    expect(await memory()).toBeLessThan(150);

    // A superblock that asks for a driver's block of a gigabyte.
    const shifted = fixture("hdf5/lzf.h5");
    const start = Buffer.concat([shifted.subarray(0, 23), shifted.subarray(480)]);
    const found = [];
    for (let bit = 0; bit < 8; bit++) {
      const bytes = new Uint8Array(start);
      bytes[49]! ^= 1 << bit;
      found.push(String(await outcome(bytes)));
    }
    expect(found.join()).toMatch(/expected to open an HDF5 file, found that it takes \d{3,} MiB more/);
    expect(await memory()).toBeLessThan(150);
    expect(await outcome(fixture("hdf5/lzf.h5"))).not.toBeInstanceOf(Error);
  });

  it("hdf5: a chunk that its filter cannot decode spoils no file that is opened later", async () => {
    const bytes = fixture("hdf5/lzf.h5");
    const intact = await outcome(bytes);
    const next = random(3);
    const messages = new Set<string>();
    for (let run = 0; run < 12; run++) {
      const damaged = bytes.slice();
      for (let flips = 0; flips < 40; flips++) damaged[5700 + Math.floor(1500 * next())] = Math.floor(256 * next());
      const found = await outcome(damaged);
      if (found instanceof Error) messages.add(found.message.replaceAll(/\d+/g, "n"));
    }
    expect([...messages].join()).toMatch(/found damage: a chunk that its filter cannot decode/);
    expect([...messages].join()).not.toMatch(/unknown/);
    expect(await outcome(bytes)).toEqual(intact);
  });

  it("an unknown file is named by its first bytes", async () => {
    expect(String(await outcome(new TextEncoder().encode("PK..zip")))).toMatch(/50 4b 2e 2e/);
    expect(String(await outcome(new Uint8Array(0)))).toMatch(/empty file/);
  });
});
