import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { random } from "../../src/algebra/random.ts";
import { binned, openBinned } from "../../src/prepare/binned.ts";
import { cropped, openCropped } from "../../src/prepare/cropped.ts";
import { openRecentred, recentred } from "../../src/prepare/recentred.ts";
import { arraySource, openArray } from "../../src/scan/array-source.ts";
import { DataError, ShapeError } from "../../src/scan/errors.ts";
import { images } from "../../src/scan/scan.ts";
import { type PatternSource, readPatterns } from "../../src/scan/source.ts";

const positions = [3, 4] as const;
const pixels = [9, 11] as const;
const axes = {
  positions: [
    { name: "y", step: 10, unit: "nm", origin: 0 },
    { name: "x", step: 10, unit: "nm", origin: 0 },
  ],
  pixels: [
    { name: "ky", step: 0.5, unit: "1/Å", origin: -2 },
    { name: "kx", step: 0.25, unit: "1/Å", origin: -1 },
  ],
} as const;

function scan(dtype: "u8" | "u16" | "f32") {
  const { integer } = random(4);
  const make = { u8: Uint8Array, u16: Uint16Array, f32: Float32Array }[dtype];
  const values = new make(Array.from({ length: 12 * 99 }, () => integer(200) + (dtype === "u16" ? 300 : 0)));
  return arraySource({ positions, pixels, dtype, values, axes });
}

const openInner = async (descriptor: Parameters<typeof openArray>[0]) => openArray(descriptor);

async function same(a: PatternSource, b: PatternSource) {
  expect(await readPatterns(b, 0, 12)).toEqual(await readPatterns(a, 0, 12));
  expect({ ...b, read: 0, close: 0 }).toEqual({ ...a, read: 0, close: 0 });
}

describe("recentred", () => {
  const whole = fc.array(fc.integer({ min: -2, max: 2 }), { minLength: 24, maxLength: 24 });

  test.each(["u8", "u16", "f32"] as const)("moves content by minus the shifts: %s", async (dtype) => {
    const source = scan(dtype);
    const recorded = await readPatterns(source, 0, 12);
    await fc.assert(
      fc.asyncProperty(whole, fc.constantFrom("crop" as const, "fill" as const), async (shifts, edge) => {
        const view = recentred(source, images(positions, Float32Array.from(shifts)), edge);
        const values = await readPatterns(view, 0, 12);
        const top = edge === "crop" ? -Math.min(...shifts.slice(0, 12)) : 0;
        const left = edge === "crop" ? -Math.min(...shifts.slice(12)) : 0;
        for (let i = 0; i < 12; i++) {
          for (let r = 0; r < view.pixels[0]; r++) {
            for (let c = 0; c < view.pixels[1]; c++) {
              const y = r + top + shifts[i]!;
              const x = c + left + shifts[12 + i]!;
              const inside = y >= 0 && y < 9 && x >= 0 && x < 11;
              if (edge === "crop") expect(inside).toBe(true);
              const found = values[(i * view.pixels[0] + r) * view.pixels[1] + c];
              expect(found).toBe(inside ? recorded[(i * 9 + y) * 11 + x] : 0);
            }
          }
        }
      }),
      { numRuns: 20 },
    );
  });

  test("crops to what all patterns cover and moves the axes' origin with it", async () => {
    const shifts = new Float32Array(24);
    shifts[3] = 2;
    shifts[5] = -1;
    shifts[12 + 7] = -3;
    const view = recentred(scan("u8"), images(positions, shifts), "crop");
    expect(view.pixels).toEqual([6, 8]);
    expect(view.axes.pixels[0].origin).toBe(-2 + 0.5); // one row down
    expect(view.axes.pixels[1].origin).toBe(-1 + 3 * 0.25);
    expect(view.dtype).toBe("u8");
  });

  test("reads in pieces, and two reads at once, as in one", async () => {
    const shifts = Float32Array.from({ length: 24 }, (_, i) => (i % 5) - 2);
    const view = recentred(scan("u16"), images(positions, shifts));
    const whole = await readPatterns(view, 0, 12);
    const size = view.pixels[0] * view.pixels[1];
    const [a, b] = await Promise.all([readPatterns(view, 2, 3), readPatterns(view, 5, 7)]);
    expect(a).toEqual(whole.slice(2 * size, 5 * size));
    expect(b).toEqual(whole.slice(5 * size));
  });

  test("opens again from its descriptor, cloned", async () => {
    const view = recentred(scan("u8"), images(positions, new Float32Array(24).fill(1, 4, 9)));
    await same(view, await openRecentred(structuredClone(view.descriptor), openInner));
  });

  test("refuses shifts of another scan, fractions, and shifts that leave too little", () => {
    expect(() => recentred(scan("u8"), images([4, 3], new Float32Array(24)))).toThrow(ShapeError);
    expect(() => recentred(scan("u8"), images(positions, new Float32Array(24).fill(0.5)))).toThrow("whole pixels");
    const far = new Float32Array(24);
    far[0] = 6;
    expect(() => recentred(scan("u8"), images(positions, far))).toThrow(DataError);
    expect(() => recentred(scan("u8"), images(positions, far), "fill")).not.toThrow();
  });
});

describe("cropped", () => {
  test("is the region, with its calibration", async () => {
    const source = scan("u16");
    const view = cropped(source, { row: 2, column: 3, rows: 5, columns: 4 });
    const recorded = await readPatterns(source, 0, 12);
    const values = await readPatterns(view, 4, 3);
    for (let i = 0; i < 3; i++) {
      for (let r = 0; r < 5; r++) {
        for (let c = 0; c < 4; c++)
          expect(values[(i * 5 + r) * 4 + c]).toBe(recorded[((i + 4) * 9 + r + 2) * 11 + c + 3]);
      }
    }
    expect(view.axes.pixels.map((axis) => axis.origin)).toEqual([-1, -0.25]);
    await same(view, await openCropped(structuredClone(view.descriptor), openInner));
    expect(() => cropped(source, { row: 5, column: 0, rows: 5, columns: 4 })).toThrow(ShapeError);
  });
});

describe("binned", () => {
  test.each([
    ["u8", "u16"],
    ["u16", "u32"],
    ["f32", "f32"],
  ] as const)("sums %s pixels as %s", async (dtype, wide) => {
    const source = scan(dtype);
    const view = binned(source, 2);
    expect(view.dtype).toBe(wide);
    expect(view.pixels).toEqual([4, 5]);
    const recorded = await readPatterns(source, 0, 12);
    const values = await readPatterns(view, 6, 2);
    for (let i = 0; i < 2; i++) {
      for (let r = 0; r < 4; r++) {
        for (let c = 0; c < 5; c++) {
          const at = (i + 6) * 99 + 2 * r * 11 + 2 * c;
          const sum = recorded[at]! + recorded[at + 1]! + recorded[at + 11]! + recorded[at + 12]!;
          expect(values[(i * 4 + r) * 5 + c]).toBe(sum);
        }
      }
    }
    expect(view.axes.pixels[0]).toEqual({ name: "ky", step: 1, unit: "1/Å", origin: -1.75 });
    await same(view, await openBinned(structuredClone(view.descriptor), openInner));
    expect(() => binned(source, 10)).toThrow(ShapeError);
  });

  test("no sum overflows", async () => {
    const values = new Uint8Array(17 * 17).fill(255);
    const source = arraySource({ positions: [1, 1], pixels: [17, 17], dtype: "u8", values });
    expect(await readPatterns(binned(source, 17), 0, 1)).toEqual(Uint32Array.of(255 * 289));
    expect(await readPatterns(binned(source, 16), 0, 1)).toEqual(Uint16Array.of(255 * 256));
  });
});
