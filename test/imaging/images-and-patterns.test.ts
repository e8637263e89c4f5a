import { describe, expect, it } from "vitest";
import { onReference } from "../../src/engines/reference.ts";
import { annulus, disk } from "../../src/imaging/apertures.ts";
import { centreOfMass } from "../../src/imaging/centre-of-mass.ts";
import { maximumPattern } from "../../src/imaging/maximum-pattern.ts";
import { meanPattern, regionMeanPattern } from "../../src/imaging/mean-pattern.ts";
import { virtualImages } from "../../src/imaging/virtual-image.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { ShapeError } from "../../src/scan/errors.ts";
import { images, item } from "../../src/scan/scan.ts";
import { pixels, positions, smallScan, smallSource, uneven } from "./small-scan.ts";

const close = (found: ArrayLike<number>, expected: number[], digits = 4) => {
  expect(found.length).toBe(expected.length);
  expected.forEach((value, i) => {
    expect(found[i]).toBeCloseTo(value, digits);
  });
};

/** Sum over row and column loops of the pixels that `inside` accepts. */
const summed = (position: number, inside: (row: number, column: number) => boolean): number => {
  let sum = 0;
  for (let row = 0; row < 5; row++)
    for (let column = 0; column < 6; column++) if (inside(row, column)) sum += uneven(position, row * 6 + column);
  return sum;
};

describe("virtualImages", () => {
  it("sums each pattern over each aperture", async () => {
    const found = await virtualImages(await smallScan(), [disk(pixels, [1, 2], 1.2), annulus(pixels, [2, 2], 1, 2)]);
    expect([found.kind, found.count, ...found.size]).toEqual(["images", 2, 3, 4]);
    for (let position = 0; position < 12; position++) {
      expect(found.values[position]).toBe(summed(position, (r, c) => Math.hypot(r - 1, c - 2) <= 1.2));
      expect(found.values[12 + position]).toBe(
        summed(position, (r, c) => Math.hypot(r - 2, c - 2) <= 2 && Math.hypot(r - 2, c - 2) > 1),
      );
    }
  });

  it("refuses an aperture of another detector", async () => {
    await expect(virtualImages(await smallScan(), [disk([6, 5], [1, 2], 1)])).rejects.toThrow(/5×6 pixels, found 6×5/);
    await expect(virtualImages(await smallScan(), [])).rejects.toThrow(ShapeError);
  });
});

describe("mean patterns", () => {
  it("average over all positions", async () => {
    const found = await meanPattern(await smallScan());
    close(
      found.values,
      Array.from({ length: 30 }, (_, pixel) => {
        let sum = 0;
        for (let position = 0; position < 12; position++) sum += uneven(position, pixel);
        return sum / 12;
      }),
    );
  });

  it("average over weighted regions, each by its own weight", async () => {
    const weights = new Float32Array(24);
    weights[5] = 0.5;
    weights[7] = 1.5;
    weights[12 + 2] = 3;
    const found = await regionMeanPattern(await smallScan(), images(positions, weights));
    close(
      item(found, 0),
      Array.from({ length: 30 }, (_, pixel) => (uneven(5, pixel) + 3 * uneven(7, pixel)) / 4),
    );
    close(
      item(found, 1),
      Array.from({ length: 30 }, (_, pixel) => uneven(2, pixel)),
    );
  });

  it("refuse empty, negative and misshapen regions", async () => {
    const scan = await smallScan();
    await expect(regionMeanPattern(scan, images(positions, new Float32Array(12)))).rejects.toThrow(
      /region 0, found none/,
    );
    await expect(regionMeanPattern(scan, images(positions, new Float32Array(12).fill(-1)))).rejects.toThrow(/found -1/);
    await expect(regionMeanPattern(scan, images([4, 3], new Float32Array(12).fill(1)))).rejects.toThrow(
      /3×4 positions, found 4×3/,
    );
  });
});

describe("maximumPattern", () => {
  it("is the largest value of each pixel", async () => {
    const found = await maximumPattern(smallSource(uneven));
    expect(Array.from(found.values)).toEqual(
      Array.from({ length: 30 }, (_, pixel) =>
        Math.max(...Array.from({ length: 12 }, (_, position) => uneven(position, pixel))),
      ),
    );
  });

  it("reports progress and stops when told to", async () => {
    const seen: number[] = [];
    await maximumPattern(smallSource(uneven), { onProgress: (_, fraction) => seen.push(fraction) });
    expect(seen.at(-1)).toBe(1);
    await expect(maximumPattern(smallSource(uneven), { signal: AbortSignal.abort() })).rejects.toThrow(/abort/i);
  });

  it("passes over values that are not numbers", async () => {
    const values = Float32Array.from({ length: 360 }, (_, i) => (i % 30 === 4 || i === 0 ? Number.NaN : -i));
    const source = arraySource({ positions, pixels, dtype: "f32", values });
    const found = await maximumPattern(source);
    expect([found.values[0], found.values[1], found.values[4]]).toEqual([-30, -1, Number.NaN]);
  });
});

describe("centreOfMass", () => {
  it("is the weighted mean of rows and of columns", async () => {
    const found = await centreOfMass(await smallScan());
    for (let position = 0; position < 12; position++) {
      let sum = 0;
      let rows = 0;
      let columns = 0;
      for (let row = 0; row < 5; row++) {
        for (let column = 0; column < 6; column++) {
          const value = uneven(position, row * 6 + column);
          sum += value;
          rows += value * row;
          columns += value * column;
        }
      }
      expect(found.values[position]).toBeCloseTo(rows / sum, 5);
      expect(found.values[12 + position]).toBeCloseTo(columns / sum, 5);
    }
  });

  it("sees only the aperture, and is NaN where nothing is in it", async () => {
    const scan = await onReference(
      smallSource((position, pixel) => (pixel === 29 ? 50 : pixel === 8 && position > 0 ? 7 : 0)),
    );
    const found = await centreOfMass(scan, { aperture: disk(pixels, [1, 2], 1), origin: [1, 2] });
    expect(found.values[0]).toBeNaN();
    close([found.values[3], found.values[12 + 3]], [1, 2], 6);
  });
});
