import { readdirSync, readFileSync } from "node:fs";
import { basename, extname, join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { OpenOptions } from "../../src/formats/format.ts";
import { openFileSource, openScan } from "../../src/node/open-scan.ts";
import { area } from "../../src/scan/scan.ts";
import { readPatterns } from "../../src/scan/source.ts";

/** What the writer of a fixture says it holds. */
interface Facts {
  readonly shape: readonly [number, number, number, number];
  readonly sum: number;
  readonly firstSum: number;
  readonly values: readonly (readonly [number, number, number, number, number])[];
  readonly options?: OpenOptions;
  readonly axes?: readonly (readonly [step: number, unit: string, origin: number])[];
}

const folder = fileURLToPath(new URL("../fixtures", import.meta.url));
const companions = /^scan(_data_\d+)?\.h5$/; // of scan_master.h5
const files = ["npy", "blo", "hdf5", "npz", "dm", "ser", "tiff", "zarr", "hdf5-kinds", "dectris"].flatMap((format) =>
  readdirSync(join(folder, format))
    .filter((name) => !name.endsWith(".json") && !companions.test(name))
    .map((name) => join(format, name)),
);

describe("files of other writers", () => {
  it.each(files)("%s", async (file) => {
    const path = join(folder, file);
    const facts: Facts = JSON.parse(readFileSync(`${path.slice(0, -extname(path).length)}.json`, "utf8"));
    const source = await openScan(path, facts.options);
    const [rows, columns, height, width] = facts.shape;
    expect([...source.positions, ...source.pixels]).toEqual(facts.shape);
    expect(source.name).toBe(basename(file));

    const all = Float64Array.from(await readPatterns(source, 0, rows * columns));
    const ratio = (sum: number, expected: number) => (sum === expected ? 1 : sum / expected);
    expect(
      ratio(
        all.reduce((sum, value) => sum + value, 0),
        facts.sum,
      ),
    ).toBeCloseTo(1, 12);
    expect(
      ratio(
        all.subarray(0, height * width).reduce((sum, value) => sum + value, 0),
        facts.firstSum,
      ),
    ).toBeCloseTo(1, 12);
    for (const [row, column, y, x, value] of facts.values) {
      expect(all[((row * columns + column) * height + y) * width + x]).toBe(value);
    }
    // Any range, in any order, is the same patterns.
    for (let first = rows * columns - 1; first >= 0; first -= 2) {
      for (let count = 1; first + count <= rows * columns; count += 3) {
        const some = Float64Array.from(await readPatterns(source, first, count));
        expect(some).toEqual(all.slice(first * area(source.pixels), (first + count) * area(source.pixels)));
      }
    }
    if (facts.axes) {
      const axes = [...source.axes.positions, ...source.axes.pixels].map(({ step, unit, origin }) => [
        step,
        unit,
        origin,
      ]);
      expect(axes).toEqual(
        facts.axes.map(([step, unit, origin]) => [expect.closeTo(step, 9), unit, expect.closeTo(origin, 9)]),
      );
    }

    const elsewhere = await openFileSource(structuredClone(source.descriptor));
    expect(Float64Array.from(await readPatterns(elsewhere, 0, rows * columns))).toEqual(all);
    elsewhere.close();
    source.close();
    await expect(readPatterns(source, 0, 1)).rejects.toThrow();
  });

  it("reads the same with a cache too small for a row of chunks", async () => {
    for (const name of ["hyperspy.hspy", "checked.h5", "int8-one-chunk.h5"]) {
      const path = join(folder, "hdf5", name);
      const [roomy, tight] = [await openScan(path), await openScan(path, { cacheBytes: 100 })];
      for (let first = 0; first < 12; first += 5) {
        const count = Math.min(5, 12 - first);
        expect(await readPatterns(tight, first, count)).toEqual(await readPatterns(roomy, first, count));
      }
      roomy.close();
      tight.close();
    }
  });

  it("asks for --shape or --dataset where the file needs it", async () => {
    await expect(openScan(join(folder, "npy/stack-c.npy"))).rejects.toThrow(/--shape RxC/);
    await expect(openScan(join(folder, "npy/stack-c.npy"), { shape: [3, 5] })).rejects.toThrow(
      /15 positions, expected 12/,
    );
    await expect(openScan(join(folder, "hdf5/stack.h5"))).rejects.toThrow(/--shape RxC/);
    await expect(openScan(join(folder, "hdf5/several.h5"))).rejects.toThrow(/\/filtered.*\/raw.*--dataset/);
    await expect(openScan(join(folder, "hdf5/several.h5"), { dataset: "none" })).rejects.toThrow(
      /found none there.*\/raw/,
    );
    const longer = await openScan(join(folder, "hdf5/several.h5"), { dataset: "/raw", shape: [2, 6] });
    expect(longer.positions).toEqual([2, 6]);
    longer.close();
  });
});
