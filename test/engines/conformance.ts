import { afterAll, describe, expect, it } from "vitest";
import { arraySource } from "../../src/scan/array-source.ts";
import { ratioSweep } from "../../src/scan/ratio-sweep.ts";
import { area, type Scan, type Size } from "../../src/scan/scan.ts";
import { type DType, type PatternSource, readPatterns } from "../../src/scan/source.ts";
import { applySteps } from "../../src/scan/sweep.ts";
import {
  adjointError,
  difference,
  naiveImages,
  naivePatterns,
  naiveRatioSweep,
  someImages,
  somePatterns,
  someValues,
} from "../scan/matrix.ts";

const dtypes: readonly DType[] = ["u8", "i8", "u16", "i16", "u32", "i32", "f32", "f64"];

// Sizes that are no multiple of anything: one row, one pixel, one position, more than one window, block and flush.
const sizes: readonly (readonly [Size, Size])[] = [
  [
    [3, 4],
    [5, 6],
  ],
  [
    [1, 7],
    [3, 5],
  ],
  [
    [1, 1],
    [4, 31],
  ],
  [
    [2, 3],
    [1, 1],
  ],
  [
    [5, 29],
    [19, 27],
  ],
  [
    [9, 37],
    [17, 31],
  ],
];

/** The suite that every engine passes: `open` gives the engine's scan of a source. */
export function conformance(
  name: string,
  open: (source: PatternSource) => Promise<Scan & { close?(): Promise<void> }>,
): void {
  const opened: { close?(): Promise<void> }[] = [];
  afterAll(() => Promise.all(opened.map((scan) => scan.close?.())));

  async function scanOf(dtype: DType, positions: Size, pixels: Size) {
    const values = someValues(dtype, area(positions) * area(pixels), 7);
    const source = arraySource({ positions, pixels, dtype, values });
    const scan = await open(source);
    opened.push(scan);
    return { scan, x: Float64Array.from(await readPatterns(source, 0, area(positions))) };
  }

  describe(`${name}: conformance`, () => {
    for (const dtype of dtypes) {
      it(`multiplies ${dtype} as the definition says`, async () => {
        const [positions, pixels] = [
          [5, 7],
          [9, 11],
        ] as const;
        const { scan, x } = await scanOf(dtype, positions, pixels);
        for (const count of [1, 2, 3, 4, 5, 4 * 7 + 3]) {
          const b = somePatterns(count, pixels, count);
          const a = someImages(count, positions, count);
          expect(difference((await scan.toImages(b)).values, naiveImages(x, 35, 99, b))).toBeLessThan(1e-6);
          expect(difference((await scan.toPatterns(a)).values, naivePatterns(x, 35, 99, a))).toBeLessThan(1e-6);
        }
      });
    }

    for (const [positions, pixels] of sizes) {
      it(`handles a scan of ${positions.join("×")} with patterns of ${pixels.join("×")}`, async () => {
        const { scan, x } = await scanOf("u16", positions, pixels);
        const b = somePatterns(5, pixels, 3);
        const a = someImages(5, positions, 4);
        const [n, p] = [area(positions), area(pixels)];
        expect(difference((await scan.toImages(b)).values, naiveImages(x, n, p, b))).toBeLessThan(1e-6);
        expect(difference((await scan.toPatterns(a)).values, naivePatterns(x, n, p, a))).toBeLessThan(1e-6);
        expect(await adjointError(scan, 3, 11)).toBeLessThan(1e-6);
      });
    }

    it("subtracts and squares element by element before it multiplies", async () => {
      const [positions, pixels] = [
        [4, 5],
        [7, 3],
      ] as const;
      const { scan, x } = await scanOf("u8", positions, pixels);
      const mean = somePatterns(1, pixels, 9).values.map((value) => value * 40);
      const b = somePatterns(2, pixels, 1);
      const a = someImages(2, positions, 2);
      const less = x.map((value, i) => value - mean[i % 21]);
      const shifted = scan.minus!(mean);
      expect(difference((await shifted.toImages(b)).values, naiveImages(less, 20, 21, b))).toBeLessThan(1e-6);
      expect(difference((await shifted.toPatterns(a)).values, naivePatterns(less, 20, 21, a))).toBeLessThan(1e-6);
      const squares = less.map((value) => value * value);
      expect(difference((await shifted.squared().toImages(b)).values, naiveImages(squares, 20, 21, b))).toBeLessThan(
        1e-6,
      );
      expect(
        difference((await shifted.squared().toPatterns(a)).values, naivePatterns(squares, 20, 21, a)),
      ).toBeLessThan(1e-6);
      expect(await adjointError(shifted, 2, 5)).toBeLessThan(1e-6);
      expect(await adjointError(scan.squared(), 2, 5)).toBeLessThan(1e-6);
      const twice = less.map((value, i) => value - mean[i % 21]);
      expect(difference((await shifted.minus!(mean).toImages(b)).values, naiveImages(twice, 20, 21, b))).toBeLessThan(
        1e-6,
      );
    });

    it("keeps distances on a common background (a difference of products would give 816)", async () => {
      const pixels: Size = [128, 128];
      const values = new Float32Array(2 * 16384);
      for (let j = 0; j < 16384; j++) {
        const background = 100 + (50 * j) / 16383;
        values[j] = background;
        values[16384 + j] = background + (j % 2 ? 0.0707 : -0.0707);
      }
      const scan = await open(arraySource({ positions: [1, 2], pixels, dtype: "f32", values }));
      opened.push(scan);
      let expected = 0;
      for (let j = 0; j < 16384; j++) expected += (values[16384 + j] - values[j]) ** 2;
      const ones = { kind: "patterns", count: 1, size: pixels, values: new Float32Array(16384).fill(1) } as const;
      const distances = await scan.minus!(values.slice(0, 16384)).squared().toImages(ones);
      expect(distances.values[0]).toBe(0);
      expect(distances.values[1] / expected).toBeCloseTo(1, 5);
    });

    it("multiplies some pixels only, as recorded, less a pattern and squared, between passes over all", async () => {
      const [positions, pixels] = [
        [8, 31],
        [17, 19],
      ] as const;
      const [n, p] = [248, 323];
      for (const dtype of ["u8", "u16", "f32"] as const) {
        const { scan, x } = await scanOf(dtype, positions, pixels);
        const all = somePatterns(3, pixels, 3);
        const mean = Float32Array.from(somePatterns(1, pixels, 9).values, (value) => value * 40);
        for (const chosen of [Uint32Array.of(0, 7, 8, 21, 322), Uint32Array.from({ length: 161 }, (_, i) => 2 * i)]) {
          const count = chosen.length;
          const seen = Float64Array.from(
            { length: n * count },
            (_, i) => x[Math.floor(i / count) * p + chosen[i % count]],
          );
          const part = scan.selected!(chosen);
          expect(part.pixels).toEqual([1, count]);
          const b = somePatterns(5, part.pixels, 1);
          const a = someImages(5, positions, 2);
          expect(difference((await part.toImages(b)).values, naiveImages(seen, n, count, b))).toBeLessThan(1e-6);
          expect(difference((await part.toPatterns(a)).values, naivePatterns(seen, n, count, a))).toBeLessThan(1e-6);
          expect(difference((await scan.toImages(all)).values, naiveImages(x, n, p, all))).toBeLessThan(1e-6);
          expect(await adjointError(part, 3, 11)).toBeLessThan(1e-6);
          const less = seen.map((value, i) => value - mean[chosen[i % count]]);
          for (const shifted of [
            scan.minus!(mean).selected!(chosen),
            part.minus!(Float32Array.from(chosen, (pixel) => mean[pixel])),
          ]) {
            expect(difference((await shifted.toImages(b)).values, naiveImages(less, n, count, b))).toBeLessThan(1e-6);
            const squares = less.map((value) => value * value);
            const found = await shifted.squared().toPatterns(a);
            expect(difference(found.values, naivePatterns(squares, n, count, a))).toBeLessThan(1e-6);
          }
          const ends = Uint32Array.of(0, count - 1);
          const fewer = Float64Array.from({ length: n * 2 }, (_, i) => seen[(i >> 1) * count + ends[i % 2]]);
          const c = somePatterns(2, [1, 2], 4);
          expect(difference((await part.selected!(ends).toImages(c)).values, naiveImages(fewer, n, 2, c))).toBeLessThan(
            1e-6,
          );
        }
        for (const wrong of [[], [3, 3], [5, 4], [323]]) {
          expect(() => scan.selected!(Uint32Array.from(wrong))).toThrow(/selected: expected ascending pixels/);
        }
      }
    });

    it("takes the maximum of each pixel, of what is loaded", async () => {
      const [positions, pixels] = [
        [21, 33],
        [17, 19],
      ] as const;
      const p = 323;
      const most = (x: Float64Array): Float32Array =>
        Float32Array.from({ length: x.length / 693 }, (_, j) => {
          let value = -Infinity;
          for (let i = 0; i < 693; i++) value = Math.max(value, x[(i * x.length) / 693 + j]);
          return value;
        });
      for (const dtype of dtypes) {
        const { scan, x } = await scanOf(dtype, positions, pixels);
        expect((await scan.maximum!()).values).toEqual(most(x));
        const mean = somePatterns(1, pixels, 9).values;
        const less = x.map((value, i) => Math.fround(Math.fround(value) - mean[i % p]));
        expect(difference((await scan.minus!(mean).maximum!()).values, Float64Array.from(most(less)))).toBeLessThan(
          1e-6,
        );
        const part = scan.selected!(Uint32Array.of(3, 8, 322));
        expect((await part.maximum!()).values).toEqual(Float32Array.of(...[3, 8, 322].map((j) => most(x)[j])));
      }
      const values = Float32Array.of(Number.NaN, Number.NaN, -3, Number.NaN, -5, 2, Number.NaN, Number.NaN, -Infinity);
      const scan = await open(arraySource({ positions: [1, 3], pixels: [1, 3], dtype: "f32", values }));
      opened.push(scan);
      expect((await scan.maximum!()).values).toEqual(Float32Array.of(Number.NaN, -5, 2));
    });

    it("sweeps as the two products do, with every row step", async () => {
      const [positions, pixels] = [
        [6, 7],
        [5, 9],
      ] as const;
      const { scan } = await scanOf("u8", positions, pixels);
      const b = somePatterns(3, pixels, 8);
      const scale = someImages(1, positions, 2).values;
      const gram = Float64Array.of(4, 1, 0.5, 1, 5, 1, 0.5, 1, 6);
      const steps = [
        { step: "offset", values: Float64Array.of(1, -2, 3) },
        { step: "scale", values: scale },
        { step: "nonNegative", gram },
      ] as const;
      for (const some of [[], steps.slice(0, 1), steps.slice(1, 2), steps]) {
        const swept = await scan.sweep!(b, some);
        const images = applySteps(await scan.toImages(b), some);
        expect(difference(swept.images.values, images.values)).toBeLessThan(1e-5);
        expect(difference(swept.patterns.values, (await scan.toPatterns(swept.images)).values)).toBeLessThan(1e-6);
        expect((await scan.power!(b, some)).values).toEqual(swept.patterns.values);
      }
    });

    for (const [dtype, most] of [
      ["u8", 255],
      ["u16", 4095],
      ["u16", 65535],
      ["f32", 3],
    ] as const) {
      it(`multiplies ${dtype} up to ${most} coarsely, within 10⁻³ of the largest entry`, async () => {
        for (const [positions, pixels] of [sizes[0], sizes[2], sizes[5]]) {
          const [n, p] = [area(positions), area(pixels)];
          const values = someValues(dtype, n * p, 5).map((value) => Math.min(most, Math.abs(value)));
          // One row at the limit in every entry: where sums of whole numbers would overflow first.
          values.fill(most, 0, p);
          const source = arraySource({ positions, pixels, dtype, values });
          const scan = await open(source);
          opened.push(scan);
          const x = Float64Array.from(values);
          for (const count of [1, 7]) {
            const b = somePatterns(count, pixels, 3);
            b.values.fill(-2, 0, p);
            const a = someImages(count, positions, 4);
            a.values.fill(3, 0, n);
            const swept = await scan.coarse!().sweep!(b, []);
            const expected = naiveImages(x, n, p, b);
            expect(difference(swept.images.values, expected)).toBeLessThan(1e-3);
            expect(difference(swept.patterns.values, naivePatterns(x, n, p, swept.images))).toBeLessThan(1e-3);
            expect(difference((await scan.coarse!().toImages(b)).values, expected)).toBeLessThan(1e-3);
            const patterns = await scan.coarse!().toPatterns(a);
            expect(difference(patterns.values, naivePatterns(x, n, p, a))).toBeLessThan(1e-3);
          }
        }
      });
    }

    it("sweeps quotients as the definition says, dark parts left out", async () => {
      for (const [count, rounds] of [
        [1, 0],
        [3, 2],
        [4, 1],
        [5, 3],
      ] as const) {
        const [positions, pixels] = [
          [5, 29],
          [19, 27],
        ] as const;
        const { scan, x } = await scanOf("u8", positions, pixels);
        const [a, b] = [someImages(count, positions, 5), somePatterns(count, pixels, 6)];
        for (const { values } of [a, b]) for (let i = 0; i < values.length; i++) values[i] = Math.abs(values[i]);
        for (let k = 0; k < count; k++) b.values.fill(0, k * 513 + 70, k * 513 + 90);
        const swept = await ratioSweep(scan, a, b, rounds);
        const expected = naiveRatioSweep(x, 145, 513, a, b, rounds);
        expect(difference(swept.images.values, expected.images)).toBeLessThan(1e-5);
        expect(difference(swept.patterns.values, expected.patterns)).toBeLessThan(1e-5);
        expect(difference(swept.divergence.values, expected.divergence)).toBeLessThan(1e-5);
      }
    });

    it("refuses operands of another shape, and a fourth power", async () => {
      const { scan } = await scanOf("u8", [3, 4], [5, 6]);
      await expect(scan.toImages(somePatterns(1, [6, 6], 1))).rejects.toThrow(
        "toImages: expected at least one pattern of 5×6 pixels",
      );
      await expect(scan.toPatterns(someImages(1, [3, 5], 1))).rejects.toThrow(
        "toPatterns: expected at least one image of 3×4",
      );
      await expect(scan.toImages(someImages(1, [5, 6], 1) as never)).rejects.toThrow("found 1 images");
      expect(() => scan.squared().squared()).toThrow("fourth power");
      expect(() => scan.squared().minus!(new Float32Array(30))).toThrow("subtract first");
      expect(() => scan.minus!(new Float32Array(29))).toThrow("expected 30 pixels, found 29");
    });
  });
}
