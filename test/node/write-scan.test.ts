import { mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import fc from "fast-check";
import { afterAll, describe, expect, it } from "vitest";
import { openScan } from "../../src/node/open-scan.ts";
import { sha256 } from "../../src/node/sha256.ts";
import { writeScan } from "../../src/node/write-scan.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { area } from "../../src/scan/scan.ts";
import { type Axes, bytesPer, type DType, type PatternSource, typedArray } from "../../src/scan/source.ts";
import { pythonHas, pythonJson } from "../results/python.ts";

const folder = mkdtempSync(join(tmpdir(), "endmember größe 実験 "));
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const axes: Axes = {
  positions: [
    { name: "y", step: 2.5, unit: "nm", origin: 0 },
    { name: "x", step: 2, unit: "nm", origin: 1 },
  ],
  pixels: [
    { name: "ky", step: 0.05, unit: "1/Å", origin: -0.15 },
    { name: "kx", step: 0.025, unit: "1/Å", origin: 0 },
  ],
};
const metadata = { title: "zwei Körner", "energy [eV]": 200000, "source file": "a b.blo", "source SHA-256": "00ff" };

function scan(shape: readonly [number, number, number, number], dtype: DType, seed = 7): PatternSource {
  const length = shape.reduce((product, n) => product * n);
  const bytes = Uint8Array.from({ length: length * bytesPer[dtype] }, (_, i) => (Math.imul(i + 1, seed) >>> 3) & 0x3f);
  const values = typedArray(dtype, bytes.buffer);
  const source = arraySource({ positions: [shape[0], shape[1]], pixels: [shape[2], shape[3]], dtype, values, axes });
  return { ...source, metadata };
}

async function bytesOf(source: PatternSource): Promise<Uint8Array> {
  const { positions, pixels, dtype } = source;
  const bytes = new Uint8Array(area(positions) * area(pixels) * bytesPer[dtype]);
  await source.read(0, area(positions), bytes);
  return bytes;
}

const dtypes = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64"] as const;
const endings = [".npy", ".hspy", ".tif", ".zspy", ".zarr"];

describe("a written scan reads back", () => {
  it.each(endings)("%s: through any other format and back, the same bytes of data", async (ending) => {
    const length = fc.integer({ min: 1, max: 5 });
    const property = fc.asyncProperty(
      fc.tuple(length, length, length, length),
      fc.constantFrom(...dtypes),
      fc.constantFrom(...endings),
      fc.integer({ min: 3, max: 1e6 }),
      async (shape, dtype, other, seed) => {
        const original = scan(shape, dtype, seed);
        const expected = await bytesOf(original);
        const [there, back] = [join(folder, `there${ending}`), join(folder, `back${other}`)];
        await writeScan(original, there, { force: true });
        const first = await openScan(there);
        await writeScan(first, back, { force: true });
        const second = await openScan(back);
        for (const source of [first, second]) {
          expect([...source.positions, ...source.pixels, source.dtype]).toEqual([...shape, dtype]);
          expect(await bytesOf(source)).toEqual(expected);
          if (![ending, other].includes(".npy")) expect(source.axes).toEqual(axes);
        }
        first.close();
        second.close();
      },
    );
    await fc.assert(property, { numRuns: 12, seed: 20261123 });
  });

  it.each(endings)("%s: chunks of part of a row, the last one not full", async (ending) => {
    // 300 × 400 u16 patterns are 240 kB: four to a chunk.
    const original = scan([2, 6, 300, 400], "u16");
    await writeScan(original, join(folder, `wide${ending}`));
    const source = await openScan(join(folder, `wide${ending}`));
    expect(Buffer.compare(await bytesOf(source), await bytesOf(original))).toBe(0);
    source.close();
  });

  it("leaves nothing behind when it is stopped, and replaces only what it would write", async () => {
    const stopped = AbortSignal.abort(new Error("stopped"));
    const before = readdirSync(folder);
    for (const ending of endings) {
      const path = join(folder, `stopped${ending}`);
      await expect(writeScan(scan([3, 4, 5, 6], "u8"), path, { signal: stopped })).rejects.toThrow("stopped");
      await writeScan(scan([3, 4, 5, 6], "u8"), path);
      await expect(writeScan(scan([3, 4, 5, 6], "u8"), path)).rejects.toThrow(/force/);
      rmSync(path, { recursive: true });
    }
    expect(readdirSync(folder)).toEqual(before);
    const other = mkdtempSync(join(folder, "other "));
    writeFileSync(join(other, "thesis.txt"), "");
    await expect(writeScan(scan([3, 4, 5, 6], "u8"), `${other}/../${"x"}.png`)).rejects.toThrow(/\.npy/);
  });

  it("a folder has a checksum that changes with any of its files", async () => {
    const path = join(folder, "sum.zspy");
    await writeScan(scan([3, 4, 5, 6], "u8"), path);
    const before = await sha256(path);
    expect(await sha256(path)).toEqual(before);
    writeFileSync(join(path, "Experiments", "zwei Körner", "data", "0", "0", "0", "0"), "x");
    expect((await sha256(path)).sha256).not.toBe(before.sha256);
  });
});

describe("other programs read what is written", () => {
  const shape = [3, 4, 5, 6] as const;
  const path = (ending: string, dtype: DType): string => join(folder, `by-others-${dtype}${ending}`);
  const all = async (ending: string, some: readonly DType[] = dtypes): Promise<string> => {
    for (const dtype of some) await writeScan(scan(shape, dtype), path(ending, dtype), { force: true });
    return JSON.stringify(Object.fromEntries(some.map((dtype) => [dtype, path(ending, dtype)])));
  };
  /** Every file's values as bytes in hexadecimal: equal, or not. */
  const expectEqual = async (found: unknown, some: readonly DType[] = dtypes): Promise<void> => {
    for (const dtype of some) {
      const { hex, shape: is } = (found as Record<string, { hex: string; shape: number[] }>)[dtype]!;
      expect(is).toEqual([...shape]);
      expect(hex).toBe(Buffer.from(await bytesOf(scan(shape, dtype))).toString("hex"));
    }
  };
  const asJson =
    "lambda a: {'hex': numpy.ascontiguousarray(a).astype(a.dtype.newbyteorder('<')).tobytes().hex(), 'shape': list(a.shape)}";

  // HyperSpy reads .zspy only where zarr is installed beside it.
  for (const [ending, needs] of [
    [".hspy", "hyperspy.api"],
    [".zspy", "hyperspy.api, zarr"],
  ] as const)
    it.skipIf(!pythonHas(needs))(`HyperSpy: ${ending}, data, axes, microscope, origin`, async () => {
      const found = pythonJson(`
import json, numpy, hyperspy.api as hs
f = ${asJson}
out = {}
for dtype, path in json.loads(${JSON.stringify(await all(ending))}).items():
    s = hs.load(path, reader="${ending.slice(1)}")
    out[dtype] = f(s.data)
m = s.metadata
out["axes"] = [[a.name, a.scale, a.offset, a.units, a.size, a.navigate] for a in s.axes_manager._axes]
out["kind"] = [type(s).__name__, m.General.title, m.General.original_filename, m.Acquisition_instrument.TEM.beam_energy,
    s.original_metadata.as_dictionary()["source SHA-256"]]
print(json.dumps(out, default=lambda number: number.item()))
`) as Record<string, unknown>;
      await expectEqual(found);
      expect(found.axes).toEqual([
        ["y", 2.5, 0, "nm", 3, true],
        ["x", 2, 1, "nm", 4, true],
        ["ky", 0.05, -0.15, "1/angstrom", 5, false],
        ["kx", 0.025, 0, "1/angstrom", 6, false],
      ]);
      expect(found.kind).toEqual(["Signal2D", "zwei Körner", "a b.blo", 200, "00ff"]);
    });

  it.skipIf(!pythonHas("h5py"))("h5py: .hspy, with an index of two levels", async () => {
    const found = pythonJson(`
import json, numpy, h5py
f = ${asJson}
out = {}
for dtype, path in json.loads(${JSON.stringify(await all(".hspy"))}).items():
    with h5py.File(path, "r") as h:
        out[dtype] = f(h["Experiments/zwei Körner/data"][()])
print(json.dumps(out))
`);
    await expectEqual(found);
    const deep = join(folder, "deep.hspy");
    await writeScan(scan([130, 1, 3, 2], "u16"), deep);
    const sums = pythonJson(`
import json, h5py
with h5py.File(${JSON.stringify(deep)}, "r") as h:
    d = h["Experiments/zwei Körner/data"]
    print(json.dumps({"chunks": d.id.get_num_chunks(), "sums": d[()].sum(axis=(1, 2, 3), dtype="i8").tolist()}))
`);
    const values = new Uint16Array((await bytesOf(scan([130, 1, 3, 2], "u16"))).buffer);
    const expected = Array.from({ length: 130 }, (_, row) =>
      values.subarray(6 * row, 6 * row + 6).reduce((a, b) => a + b),
    );
    expect(sums).toEqual({ chunks: 130, sums: expected });
  });

  it.skipIf(!pythonHas("zarr"))("zarr: .zspy", async () => {
    const found = pythonJson(`
import json, numpy, zarr
f = ${asJson}
out = {dtype: f(zarr.open(path, mode="r")["Experiments/zwei Körner/data"][...])
    for dtype, path in json.loads(${JSON.stringify(await all(".zspy"))}).items()}
print(json.dumps(out))
`);
    await expectEqual(found);
  });

  it.skipIf(!pythonHas("tifffile"))("tifffile: .tif", async () => {
    const found = pythonJson(`
import json, numpy, tifffile
f = ${asJson}
out = {}
for dtype, path in json.loads(${JSON.stringify(await all(".tif"))}).items():
    with tifffile.TiffFile(path) as t:
        out[dtype] = f(t.series[0].asarray())
        assert len(t.pages) == 12 and (t.is_imagej is not None and t.is_imagej) == (dtype in ("u8", "u16", "f32"))
        assert numpy.array_equal(t.pages[7].asarray(), t.series[0].asarray()[1, 3])
print(json.dumps(out))
`);
    await expectEqual(found);
  });

  it.skipIf(!pythonHas("numpy"))("NumPy: .npy", async () => {
    const found = pythonJson(`
import json, numpy
f = ${asJson}
print(json.dumps({dtype: f(numpy.load(path)) for dtype, path in json.loads(${JSON.stringify(await all(".npy"))}).items()}))
`);
    await expectEqual(found);
  });
});
