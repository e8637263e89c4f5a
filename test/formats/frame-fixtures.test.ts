import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import type { OpenOptions } from "../../src/formats/format.ts";
import { openFileSource, openScan } from "../../src/node/open-scan.ts";
import { readPatterns } from "../../src/scan/source.ts";

/** What the writer of a fixture (scripts/make-frame-fixtures.py) says it holds. */
interface Facts {
  readonly file: string;
  readonly shape: readonly [number, number, number, number];
  readonly sum: number;
  /** Σ value · (index mod 1009). */
  readonly weighted: number;
  readonly values: readonly (readonly [number, number, number, number, number])[];
  readonly options?: OpenOptions;
  readonly axes?: readonly (readonly [step: number, unit: string, origin: number])[];
}

const folder = fileURLToPath(new URL("../fixtures", import.meta.url));
const files = ["mib", "empad", "mrc", "tvips", "seq"].flatMap((format) =>
  readdirSync(join(folder, format))
    .filter((name) => name.endsWith(".json"))
    .map((name) => join(format, name.slice(0, -5))),
);

describe("files of frames, written elsewhere", () => {
  it.each(files)("%s", async (file) => {
    const facts: Facts = JSON.parse(readFileSync(join(folder, `${file}.json`), "utf8"));
    const source = await openScan(join(folder, file), facts.options);
    const [rows, columns, height, width] = facts.shape;
    expect([...source.positions, ...source.pixels]).toEqual(facts.shape);
    expect(source.name).toBe(facts.file);

    const all = Float64Array.from(await readPatterns(source, 0, rows * columns));
    expect(all.reduce((sum, value) => sum + value, 0)).toBe(facts.sum);
    expect(all.reduce((sum, value, index) => sum + value * (index % 1009), 0)).toBe(facts.weighted);
    for (const [row, column, y, x, value] of facts.values) {
      expect(all[((row * columns + column) * height + y) * width + x]).toBe(value);
    }
    // Any range, in any order, is the same patterns.
    for (let first = rows * columns - 1; first >= 0; first -= 2) {
      for (let count = 1; first + count <= rows * columns; count += 3) {
        const some = Float64Array.from(await readPatterns(source, first, count));
        expect(some.every((value, index) => value === all[first * height * width + index])).toBe(true);
      }
    }
    const axes = [...source.axes.positions, ...source.axes.pixels].map(({ step, unit, origin }) => [
      step,
      unit,
      origin,
    ]);
    const expected = facts.axes ?? Array.from({ length: 4 }, () => [1, "px", 0] as const);
    expect(axes).toEqual(
      expected.map(([step, unit, origin]) => [expect.closeTo(step, 9), unit, expect.closeTo(origin, 9)]),
    );

    const elsewhere = await openFileSource(structuredClone(source.descriptor));
    expect(Float64Array.from(await readPatterns(elsewhere, 0, rows * columns))).toEqual(all);
    elsewhere.close();
    source.close();
    await expect(readPatterns(source, 0, 1)).rejects.toThrow();
  });

  it("says how many positions were never recorded, and how many frames are not of the scan", async () => {
    const random = await openScan(join(folder, "mrc/random_movie.mrc"));
    expect(random.metadata).toMatchObject({ "missing patterns": 2 });
    const points = await openScan(join(folder, "tvips/points_000.tvips"), { shape: [3, 4] });
    expect(points.metadata).toMatchObject({ "frames left out": 5 });
    for (const source of [random, points]) source.close();
  });

  it("reads the frames as recorded where another shape is asked for", async () => {
    const source = await openScan(join(folder, "mrc/random_movie.mrc"), { shape: [2, 5] });
    const asScan = await openScan(join(folder, "mrc/random_movie.mrc"));
    // The first frame was recorded at position 5.
    expect(await readPatterns(source, 0, 1)).toEqual(await readPatterns(asScan, 5, 1));
    for (const each of [source, asScan]) each.close();
  });
});
