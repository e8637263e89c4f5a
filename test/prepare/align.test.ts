import { existsSync, readFileSync } from "node:fs";
import { describe, expect, test } from "vitest";
import { align } from "../../src/prepare/align.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { DataError, ShapeError } from "../../src/scan/errors.ts";
import { hitRate, type Wandering, wanderingBeam } from "./wandering-beam.ts";

const descanned: Wandering = {
  positions: [12, 14],
  descan: [
    [3, -2],
    [-2, 5],
  ],
  jitter: 1,
};

describe("align", () => {
  test.each<[string, Wandering]>([
    ["a Gaussian beam", {}],
    ["a beam of less than a pixel", { sigma: 0.6 }],
    ["a disk of 2 px", { disk: 2 }],
    ["a disk of 5 px", { disk: 5, pixels: [64, 72], beam: 0.3 }],
    ["a saturated 8-bit beam", { dtype: "u8", dose: 60_000, disk: 4 }],
    ["a jitter of ±6 px", { jitter: 6 }],
    ["reflections three times brighter than the beam", { reflection: 3 }],
    ["reflections ten times brighter than the beam", { reflection: 10 }],
    ["a beam near the detector's edge", { centre: [6.2, 47.4] }],
    ["hot and dead pixels", { hot: [500, 1300, 48 * 20 + 20], dead: [24 * 56 + 27, 700] }],
    ["float values", { dtype: "f32" }],
    ["2000 counts a pattern", { dose: 2000 }],
    ["descan of 20 px", { pixels: [80, 88], descan: [[14, -5], [6, 20]], reflection: 2 }], // biome-ignore format: one case a line
  ])("finds whole-pixel shifts exactly: %s", async (_, difficulty) => {
    const { source, rows, columns } = wanderingBeam({ ...descanned, ...difficulty });
    const { shifts, repaired } = await align(source);
    expect(hitRate(shifts.values, rows, columns)).toBeGreaterThanOrEqual(0.995);
    expect(repaired.some((flag) => flag === 1)).toBe(false);
  });

  test("shifts are 0 without descan, and the centre is the beam's place", async () => {
    const { source } = wanderingBeam({ centre: [23.2, 28.4] });
    const { shifts, centre, plane } = await align(source);
    expect(shifts.values.every((shift) => Object.is(shift, 0))).toBe(true);
    expect(centre[0]).toBeCloseTo(23.2, 1);
    expect(centre[1]).toBeCloseTo(28.4, 1);
    expect(Math.abs(plane[0].perRow)).toBeLessThan(0.005);
  });

  test("measures fractions of pixels", async () => {
    const { source, rows, columns } = wanderingBeam({ ...descanned, jitter: 0, fractional: true, sigma: 1.2 });
    const { measured, plane } = await align(source);
    let squares = 0;
    for (let i = 0; i < rows.length; i++) {
      squares += (measured.values[i]! - rows[i]!) ** 2 + (measured.values[rows.length + i]! - columns[i]!) ** 2;
    }
    expect(Math.sqrt(squares / (2 * rows.length))).toBeLessThan(0.06);
    expect(plane[0].perRow).toBeCloseTo(3 / 11, 2);
    expect(plane[0].perColumn).toBeCloseTo(-2 / 13, 2);
    expect(plane[1].perColumn).toBeCloseTo(5 / 13, 2);
  });

  test("200 counts a pattern: the plane is found, places to half a pixel", async () => {
    const { source, rows, columns } = wanderingBeam({ ...descanned, dose: 200, jitter: 0, fractional: true });
    const { fitted, measured } = await align(source);
    let worst = 0;
    const off: number[] = [];
    for (let i = 0; i < rows.length; i++) {
      worst = Math.max(
        worst,
        Math.abs(fitted.values[i]! - rows[i]!),
        Math.abs(fitted.values[rows.length + i]! - columns[i]!),
      );
      off.push(Math.abs(measured.values[i]! - rows[i]!));
    }
    expect(worst).toBeLessThan(0.3);
    expect(off.sort((a, b) => a - b)[off.length >> 1]).toBeLessThan(0.5);
  });

  test("empty patterns are NaN as measured, and repaired from their neighbours", async () => {
    const empty = [0, 1, 5, 40, 77, 100];
    const { source, rows } = wanderingBeam({ ...descanned, jitter: 0, empty });
    const { measured, repaired, shifts } = await align(source);
    for (let i = 0; i < rows.length; i++) {
      expect(repaired[i]).toBe(empty.includes(i) ? 1 : 0);
      expect(Number.isNaN(measured.values[i]!)).toBe(empty.includes(i));
      expect(Math.abs(shifts.values[i]! - shifts.values[15]! - (rows[i]! - rows[15]!))).toBeLessThanOrEqual(
        empty.includes(i) ? 1 : 0,
      );
    }
  });

  test.each([[[1, 30]], [[30, 1]], [[1, 1]], [[2, 1]], [[3, 3]]] as const)(
    "copes with a scan of %j",
    async (positions) => {
      const { source, rows, columns } = wanderingBeam({ positions, descan: [[4, 3], [-3, 2]] }); // biome-ignore format: short
      const { shifts, plane } = await align(source);
      expect(hitRate(shifts.values, rows, columns)).toBe(1);
      expect(plane.every((fit) => Object.values(fit).every(Number.isFinite))).toBe(true);
    },
  );

  test("says so where there is no beam", async () => {
    for (const fill of [0, 7]) {
      const values = new Uint8Array(3 * 4 * 20 * 24).fill(fill);
      const source = arraySource({ positions: [3, 4], pixels: [20, 24], dtype: "u8", values });
      await expect(align(source)).rejects.toThrow(DataError);
      await expect(align(source)).rejects.toThrow("--no-align");
    }
  });

  test("refuses impossible radii, and stops when told", async () => {
    const { source } = wanderingBeam({ positions: [2, 3] });
    await expect(align(source, { radius: 0 })).rejects.toThrow(ShapeError);
    await expect(align(source, { searchRadius: 4000 })).rejects.toThrow("more than 0");
    await expect(align(source, { signal: AbortSignal.abort() })).rejects.toThrow("abort");
  });

  test("is deterministic", async () => {
    const { source } = wanderingBeam({ ...descanned, reflection: 3 });
    expect(await align(source)).toEqual(await align(source));
  });
});

const shared = new URL("../../../shared/data/", import.meta.url);

describe.skipIf(!existsSync(shared))("align on shared data (skipped where ../shared/data is absent)", () => {
  test("the reference nanowire: every shift equals the truth", async () => {
    const aligned = npy("nanowire/aligned.npy");
    const truth = new Int16Array(npy("nanowire/truth-shifts.npy").values);
    const [rows, columns, height, width] = aligned.shape as [number, number, number, number];
    const still = new Uint8Array(aligned.values);
    const moved = new Uint8Array(still.length);
    const count = rows * columns;
    for (let i = 0; i < count; i++) {
      for (let r = 0; r < height; r++) {
        for (let c = 0; c < width; c++) {
          const y = r - truth[i]!;
          const x = c - truth[count + i]!;
          if (y >= 0 && y < height && x >= 0 && x < width) {
            moved[(i * height + r) * width + c] = still[(i * height + y) * width + x]!;
          }
        }
      }
    }
    const source = arraySource({ positions: [rows, columns], pixels: [height, width], dtype: "u8", values: moved });
    const { shifts } = await align(source);
    const trueRows = Float64Array.from(truth.subarray(0, count));
    expect(hitRate(shifts.values, trueRows, Float64Array.from(truth.subarray(count)))).toBe(1);
  });

  test.each([
    ["real/npy/particle_a_48x58_48x48.npy", [23.45, 23.55]],
    ["real/npy/nist_16x16_bin4_64x64.npy", [30.97, 31.45]],
  ] as const)("the real scan %s has no descan", async (file, beam) => {
    const { shape, values } = npy(file);
    const [rows, columns, height, width] = shape as [number, number, number, number];
    const source = arraySource({
      positions: [rows, columns],
      pixels: [height, width],
      dtype: "u16",
      values: new Uint16Array(values),
    });
    const { shifts, centre } = await align(source);
    expect(shifts.values.every((shift) => shift === 0)).toBe(true);
    expect(Math.abs(centre[0] - beam[0])).toBeLessThan(0.2);
    expect(Math.abs(centre[1] - beam[1])).toBeLessThan(0.2);
  });
});

function npy(path: string): { readonly shape: readonly number[]; readonly values: ArrayBuffer } {
  const bytes = readFileSync(new URL(path, shared));
  const start = 10 + bytes.readUInt16LE(8);
  const shape = /\(([^)]*)\)/.exec(bytes.subarray(10, start).toString("latin1"))![1]!;
  return {
    shape: shape
      .split(",")
      .filter((part) => part.trim() !== "")
      .map(Number),
    values: Uint8Array.from(bytes.subarray(start)).buffer,
  };
}
