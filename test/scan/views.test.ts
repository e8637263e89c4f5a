import fc from "fast-check";
import { describe, expect, it } from "vitest";
import { onReference } from "../../src/engines/reference.ts";
import { onThreads } from "../../src/node/threads.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { centred } from "../../src/scan/centred.ts";
import { masked } from "../../src/scan/masked.ts";
import { poissonScaled } from "../../src/scan/poisson-scaled.ts";
import type { Patterns, Scan } from "../../src/scan/scan.ts";
import { power, sweep } from "../../src/scan/sweep.ts";
import { weighted } from "../../src/scan/weighted.ts";
import {
  adjointError,
  difference,
  lcg,
  naiveImages,
  naivePatterns,
  someImages,
  somePatterns,
  someValues,
} from "./matrix.ts";

const [positions, pixels] = [
  [3, 4],
  [5, 6],
] as const;
const [n, p] = [12, 30];
const source = () => arraySource({ positions, pixels, dtype: "u8", values: someValues("u8", n * p, 3) });
const x = Float64Array.from(someValues("u8", n * p, 3));

/** A scan that offers the three members only, so that the fall-backs are tested too. */
const bare = ({ positions, pixels, toImages, toPatterns, squared }: Scan): Scan => ({
  positions,
  pixels,
  toImages,
  toPatterns,
  squared: () => bare(squared()),
});

async function agrees(
  view: Scan,
  matrix: Float64Array,
  tolerance = 1e-5,
  used = new Uint8Array(n).fill(1),
): Promise<void> {
  const b = somePatterns(3, pixels, 1);
  const a = someImages(3, positions, 2);
  expect(difference((await view.toImages(b)).values, naiveImages(matrix, n, p, b))).toBeLessThan(tolerance);
  expect(difference((await view.toPatterns(a)).values, naivePatterns(matrix, n, p, a))).toBeLessThan(tolerance);
  const squares = matrix.map((value) => value * value);
  expect(difference((await view.squared().toImages(b)).values, naiveImages(squares, n, p, b))).toBeLessThan(tolerance);
  expect(difference((await view.squared().toPatterns(a)).values, naivePatterns(squares, n, p, a))).toBeLessThan(
    tolerance,
  );
  expect(await adjointError(view, 2, 7)).toBeLessThan(1e-5);
  const steps = [{ step: "offset", values: Float64Array.of(1, 2, 3) }] as const;
  const swept = await sweep(view, b, steps);
  expect((await power(view, b, steps)).values).toEqual(swept.patterns.values);
  const offset = naiveImages(matrix, n, p, b).map((value, i) => (value - 1 - Math.floor(i / n)) * used[i % n]);
  expect(difference(swept.images.values, offset)).toBeLessThan(tolerance);
  const weights = { kind: "images", count: 3, size: positions, values: Float32Array.from(offset) } as const;
  expect(difference(swept.patterns.values, naivePatterns(matrix, n, p, weights))).toBeLessThan(tolerance);
}

const random = lcg(4);
const positionMask = Uint8Array.from({ length: n }, () => (random() < 0.7 ? 1 : 0));
const pixelMask = Uint8Array.from({ length: p }, () => (random() < 0.7 ? 1 : 0));
const mean: Patterns = {
  kind: "patterns",
  count: 1,
  size: pixels,
  values: Float32Array.from({ length: p }, (_, j) => x[j] * 0.5 + 30),
};
const maskedMatrix = (matrix: Float64Array) =>
  matrix.map((value, i) => value * positionMask[Math.floor(i / p)] * pixelMask[i % p]);
const centredMatrix = (matrix: Float64Array) => matrix.map((value, i) => value - mean.values[i % p]);

for (const [engine, open] of [
  ["reference", async () => onReference(source())],
  ["threads", async () => onThreads(source(), { threads: 2 })],
  ["a scan of three members", async () => bare(await onReference(source()))],
] as const) {
  describe(`views on ${engine}`, () => {
    it("masked: what is left out counts as zero", async () => {
      await agrees(
        masked(await open(), { positions: positionMask, pixels: pixelMask }),
        maskedMatrix(x),
        1e-5,
        positionMask,
      );
      await agrees(
        masked(await open(), { pixels: pixelMask }),
        x.map((value, i) => value * pixelMask[i % p]),
      );
    });

    it("centred: one pattern less", async () => {
      await agrees(centred(await open(), mean), centredMatrix(x), 1e-4);
    });

    it("masked(centred(scan)) and centred(masked(scan)) keep their order", async () => {
      await agrees(
        masked(centred(await open(), mean), { positions: positionMask, pixels: pixelMask }),
        maskedMatrix(centredMatrix(x)),
        1e-4,
        positionMask,
      );
    });

    it("weighted: a weight per position and per pixel", async () => {
      const rows = Float32Array.from({ length: n }, () => random() + 0.1);
      const columns = Float32Array.from({ length: p }, () => random() + 0.1);
      await agrees(
        weighted(await open(), rows, columns),
        x.map((value, i) => value * rows[Math.floor(i / p)] * columns[i % p]),
      );
    });

    it("weighted, through some pixels: their weights go with them", async () => {
      const rows = Float32Array.from({ length: n }, () => random() + 0.1);
      const columns = Float32Array.from({ length: p }, () => random() + 0.1);
      const chosen = Uint32Array.of(1, 4, 5, 17, 29);
      const part = weighted(await open(), rows, columns).selected?.(chosen);
      if (engine === "a scan of three members") {
        expect(part).toBeUndefined();
        return;
      }
      const seen = Float64Array.from({ length: n * 5 }, (_, index) => {
        const [i, j] = [Math.floor(index / 5), chosen[index % 5]];
        return x[i * p + j] * rows[i] * columns[j];
      });
      const b = somePatterns(3, [1, 5], 1);
      const a = someImages(3, positions, 2);
      expect(difference((await part!.toImages(b)).values, naiveImages(seen, n, 5, b))).toBeLessThan(1e-5);
      expect(difference((await part!.toPatterns(a)).values, naivePatterns(seen, n, 5, a))).toBeLessThan(1e-5);
      expect(await adjointError(part!, 2, 7)).toBeLessThan(1e-5);
    });

    it("poissonScaled: X ÷ √(a b), and the way back", async () => {
      const scan = await open();
      const even = await poissonScaled(scan);
      const rows = new Float64Array(n);
      const columns = new Float64Array(p);
      x.forEach((value, i) => {
        rows[Math.floor(i / p)] += value;
        columns[i % p] += value;
      });
      const total = rows.reduce((a, b) => a + b);
      await agrees(
        even.scan,
        x.map((value, i) => value / Math.sqrt((rows[Math.floor(i / p)] / total) * columns[i % p])),
      );
      const ones = someImages(1, positions, 1);
      expect(even.loadings(ones).values[4]).toBeCloseTo(ones.values[4] * Math.sqrt(rows[4] / total), 5);
    });
  });
}

describe("views", () => {
  it("refuse masks and means of another shape, and negative sums", async () => {
    const scan = await onReference(source());
    expect(() => masked(scan, { positions: new Uint8Array(11) })).toThrow("expected 12 values, found 11");
    expect(() => centred(scan, somePatterns(2, pixels, 1))).toThrow("expected one pattern of 30 pixels");
    const negative = arraySource({ positions, pixels, dtype: "i16", values: new Int16Array(n * p).fill(-1) });
    await expect(poissonScaled(await onReference(negative))).rejects.toThrow(
      "expected counts ≥ 0, found a sum of -30 at position 0",
    );
  });

  it("leave empty positions and pixels at zero instead of dividing by zero", async () => {
    const values = new Uint8Array(n * p);
    values[p + 2] = 9;
    const even = await poissonScaled(await onReference(arraySource({ positions, pixels, dtype: "u8", values })));
    const found = await even.scan.toImages(somePatterns(1, pixels, 2));
    expect([...found.values].every(Number.isFinite)).toBe(true);
  });

  it("property: weights of one change nothing, and a mask applied twice is the mask", async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.boolean(), { minLength: p, maxLength: p }), async (used) => {
        const mask = Uint8Array.from(used, Number);
        const scan = await onReference(source());
        const b = somePatterns(1, pixels, 6);
        const once = masked(scan, { pixels: mask });
        expect((await masked(once, { pixels: mask }).toImages(b)).values).toEqual((await once.toImages(b)).values);
        const all = masked(scan, { pixels: new Uint8Array(p).fill(1) });
        expect((await all.toImages(b)).values).toEqual((await scan.toImages(b)).values);
      }),
      { numRuns: 20, seed: 1 },
    );
  });
});
