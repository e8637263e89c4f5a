import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { open, write, writerFor } from "../../src/formats/formats.ts";
import { memoryBytes } from "../../src/formats/memory-bytes.ts";
import { area } from "../../src/scan/scan.ts";
import {
  bytesPer,
  type DType,
  type PatternSource,
  patternBytes,
  readPatterns,
  uncalibratedAxes,
} from "../../src/scan/source.ts";

/** A scan held in memory; bytes are row-major, in the scan's dtype. */
function arraySource(
  shape: readonly [number, number, number, number],
  dtype: DType,
  bytes: Uint8Array,
  more: Partial<PatternSource> = {},
): PatternSource {
  const source: PatternSource = {
    name: "array",
    format: "array",
    positions: [shape[0], shape[1]],
    pixels: [shape[2], shape[3]],
    dtype,
    axes: uncalibratedAxes,
    metadata: {},
    descriptor: { kind: "array" },
    read: async (first, count, into) =>
      into.set(bytes.subarray(first * patternBytes(source), (first + count) * patternBytes(source))),
    close: () => {},
    ...more,
  };
  return source;
}

async function written(source: PatternSource, fileName: string): Promise<Uint8Array> {
  const parts: Uint8Array[] = [];
  await write(source, fileName, { write: (bytes) => void parts.push(bytes.slice()) });
  return new Uint8Array(Buffer.concat(parts));
}

const counts = (length: number, seed = 7): Uint8Array =>
  Uint8Array.from({ length }, (_, index) => (index * seed) % 256);

const axes: PatternSource["axes"] = {
  positions: [
    { name: "y", step: 2.5, unit: "nm", origin: 0 },
    { name: "x", step: 2, unit: "nm", origin: 1 },
  ],
  pixels: [
    { name: "ky", step: 0.05, unit: "1/Å", origin: -0.15 },
    { name: "kx", step: 0.025, unit: "1/Å", origin: 0 },
  ],
};

describe("written files read back", () => {
  const scans = fc
    .tuple(
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 5 }),
      fc.integer({ min: 1, max: 4 }),
      fc.integer({ min: 1, max: 3 }),
    )
    .chain((shape) =>
      fc.constantFrom<DType>("u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64").chain((dtype) =>
        fc
          .uint8Array({
            minLength: shape.reduce((p, n) => p * n, bytesPer[dtype]),
            maxLength: shape.reduce((p, n) => p * n, bytesPer[dtype]),
          })
          .map((bytes) => ({ shape, dtype, bytes })),
      ),
    );

  it.each([".npy", ".hspy", ".tif"])("%s: any shape, any dtype, any bits", async (ending) => {
    await fc.assert(
      fc.asyncProperty(scans, async ({ shape, dtype, bytes }) => {
        const file = memoryBytes(`x${ending}`, await written(arraySource(shape, dtype, bytes), `x${ending}`));
        const source = await open(file);
        expect([...source.positions, ...source.pixels, source.dtype]).toEqual([...shape, dtype]);
        const into = new Uint8Array(bytes.length);
        await source.read(0, area(source.positions), into);
        expect(into).toEqual(bytes);
        source.close();
      }),
      { numRuns: 40, seed: 1 },
    );
  });

  it(".hspy keeps axes, title, energy and camera length", async () => {
    const metadata = { title: "a/b", "energy [eV]": 200000, "camera length [mm]": 210 };
    const source = await open(
      memoryBytes("x", await written(arraySource([3, 4, 5, 6], "u16", counts(720), { axes, metadata }), "x.hspy")),
    );
    expect(source.axes).toEqual(axes);
    expect(source.metadata).toMatchObject({ title: "a/b", "energy [eV]": 200000, "camera length [mm]": 210 });
  });

  it(".tif keeps all axes, of ImageJ's types and of others", async () => {
    for (const dtype of ["u16", "i32"] as const) {
      const scan = arraySource([3, 4, 5, 6], dtype, counts(360 * bytesPer[dtype]), { axes });
      const source = await open(memoryBytes("x", await written(scan, "x.tiff")));
      expect([...source.positions, ...source.pixels]).toEqual([3, 4, 5, 6]);
      expect(source.axes).toEqual(axes);
    }
  });

  it(".tif beyond 4 GiB is a BigTIFF", async () => {
    const scan = arraySource([11, 100, 2048, 2048], "u8", new Uint8Array(0), { axes });
    const parts: Uint8Array[] = [];
    let size = 0;
    // Only the last pattern holds anything; only the beginning of the file is kept.
    const sparse: PatternSource = {
      ...scan,
      read: async (first, count, into) =>
        void into.subarray((1099 - first) * 2 ** 22).fill(first + count > 1099 ? 7 : 0),
    };
    await write(sparse, "x.tif", {
      write: (bytes) => {
        if (size < 2 ** 20) parts.push(bytes.slice(0, 2 ** 20));
        size += bytes.length;
      },
    });
    const start = new Uint8Array(Buffer.concat(parts));
    const readInto = (offset: number, into: Uint8Array): void => {
      if (offset < 2 ** 20) into.set(start.subarray(offset, offset + into.length));
      else into.fill(offset >= size - 2 ** 22 ? 7 : 0);
    };
    const read = (offset: number, length: number): Uint8Array => {
      const bytes = new Uint8Array(length);
      readInto(offset, bytes);
      return bytes;
    };
    const source = await open({ ...memoryBytes("x", start), size, read, readInto });
    expect(size).toBeGreaterThan(2 ** 32);
    expect(start[2]).toBe(43);
    expect(source.positions).toEqual([11, 100]);
    expect(source.axes).toEqual(axes);
    expect((await readPatterns(source, 1099, 1))[2 ** 22 - 1]).toBe(7);
    expect((await readPatterns(source, 1098, 1))[2 ** 22 - 1]).toBe(0);
  });

  it(".hspy is the same bytes whether or not the sink can be patched, in one chunk or many, in a deep index", async () => {
    // 70 rows of one chunk each: more than a node of the index holds.
    const scan = arraySource([70, 2, 5, 6], "u16", counts(70 * 2 * 60));
    const atOnce = await written(scan, "x.hspy");
    const patched = new Uint8Array(atOnce.length);
    let end = 0;
    await write(scan, "x.hspy", {
      write: (bytes) => {
        patched.set(bytes, end);
        end += bytes.length;
      },
      patch: (offset, bytes) => patched.set(bytes, offset),
    });
    expect(Buffer.compare(patched, atOnce)).toBe(0);
    const source = await open(memoryBytes("x", atOnce));
    expect(new Uint8Array((await readPatterns(source, 0, 140)).buffer)).toEqual(counts(70 * 2 * 60));
    source.close();
  });

  it(".blo keeps patterns, steps, energy, camera length and note", async () => {
    const detector = { step: 0.8, unit: "mrad", origin: 0 };
    const calibrated: PatternSource["axes"] = {
      positions: axes.positions,
      pixels: [
        { name: "ky", ...detector },
        { name: "kx", ...detector },
      ],
    };
    const metadata = { "energy [eV]": 200000, "camera length [mm]": 200, "scan rotation [°]": 12.5, note: "twinned" };
    const data = counts(3 * 4 * 8 * 8);
    const bytes = await written(arraySource([3, 4, 8, 8], "u8", data, { axes: calibrated, metadata }), "x.blo");
    const source = await open(memoryBytes("x", bytes));
    expect(await readPatterns(source, 0, 12)).toEqual(data);
    expect(source.axes.positions.map(({ step, unit }) => [step, unit])).toEqual([
      [2.5, "nm"],
      [2, "nm"],
    ]);
    expect(source.axes.pixels[0]).toEqual({ name: "ky", step: expect.closeTo(0.8, 4), unit: "mrad", origin: 0 });
    expect(source.metadata).toMatchObject(metadata);
  });

  it(".blo claims no calibration that the scan does not have", async () => {
    const source = await open(memoryBytes("x", await written(arraySource([3, 4, 8, 8], "u8", counts(768)), "x.blo")));
    expect(source.axes).toEqual(uncalibratedAxes);
  });

  it(".blo refuses what it cannot hold", async () => {
    await expect(written(arraySource([3, 4, 5, 6], "u8", counts(360)), "x.blo")).rejects.toThrow(/square.*5×6 u8/);
    await expect(written(arraySource([3, 4, 6, 6], "u16", counts(864)), "x.blo")).rejects.toThrow(/8-bit.*6×6 u16/);
    expect(() => writerFor("x.png")).toThrow(/\.blo, \.npy, \.hspy/);
  });

  it("stops when told to", async () => {
    const signal = AbortSignal.abort(new Error("stopped"));
    const source = arraySource([3, 4, 5, 6], "u8", counts(360));
    for (const ending of [".npy", ".hspy", ".tif"]) {
      await expect(write(source, ending, { write: () => {} }, { signal })).rejects.toThrow("stopped");
    }
  });
});
