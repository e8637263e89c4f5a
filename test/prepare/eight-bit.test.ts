import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { eightBit } from "../../src/prepare/eight-bit.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { readPatterns } from "../../src/scan/source.ts";

const scan = (values: readonly number[]) =>
  arraySource({
    positions: [1, values.length / 2],
    pixels: [1, 2],
    dtype: "f64",
    values: Float64Array.from(values),
  });
const read = async (values: readonly number[], options?: Parameters<typeof eightBit>[1]): Promise<number[]> =>
  Array.from(await readPatterns(eightBit(scan(values), options), 0, values.length / 2));

describe("eight bits", () => {
  it("hold whole numbers 0 … 255 unchanged, and nothing else unless told how", async () => {
    const all = Array.from({ length: 256 }, (_, i) => i);
    expect(await read(all)).toEqual(all);
    for (const wrong of [-1, 256, 0.5, Number.NaN, Infinity]) {
      await expect(read([0, 1, 2, wrong])).rejects.toThrow(`found ${wrong} at position 1, pixel 1`);
    }
    await expect(read([0, Number.NaN], { clip: true })).rejects.toThrow(/NaN/);
    await expect(read([0, 101], { max: 100 })).rejects.toThrow(/0 … 100/);
    expect(() => eightBit(scan([0, 1]), { max: 0 })).toThrow(/above 0/);
  });

  it("are scaled linearly and clipped as asked", async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -1e4, max: 1e4, noNaN: true }), { minLength: 2, maxLength: 2 }),
        fc.double({ min: 0.5, max: 5000, noNaN: true }),
        async (values, max) => {
          const clipped = values.map((value) => Math.round(value <= 0 ? 0 : value > 255 ? 255 : value));
          expect(await read(values, { clip: true })).toEqual(clipped);
          const found = await read(values, { max, clip: true });
          for (const [i, value] of values.entries()) {
            expect(Math.abs(found[i] - (255 * Math.min(max, Math.max(0, value))) / max)).toBeLessThanOrEqual(
              0.5 + 1e-9,
            );
          }
        },
      ),
      { seed: 5, numRuns: 100 },
    );
  });
});
