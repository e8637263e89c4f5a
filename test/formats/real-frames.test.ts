import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { OpenOptions } from "../../src/formats/format.ts";
import { openFileSource, openScan } from "../../src/node/open-scan.ts";
import { area } from "../../src/scan/scan.ts";
import { type NumericArray, type PatternSource, readPatterns } from "../../src/scan/source.ts";

// Genuine files of formats that are stacks of frames. They may not be redistributed, so they lie beside the checkout or nowhere.
const folder = fileURLToPath(new URL("../../../shared/data/real", import.meta.url));
const there = existsSync(folder);
if (!there) console.warn(`skipped: genuine files are not beside this checkout (${folder})`);

/** Frame counted along the scan, row, column, value. */
type Pixel = readonly [frame: number, y: number, x: number, value: number];
type AxisFacts = readonly [step: number, unit: string, origin?: number];

interface Facts {
  readonly file: string;
  readonly shape?: readonly [number, number];
  readonly positions: readonly [number, number];
  readonly pixels: readonly [number, number];
  readonly dtype: string;
  readonly sum: number;
  readonly first: number;
  readonly values: readonly Pixel[];
  /** Scan rows, scan columns, pattern rows, pattern columns; in pixels where absent. */
  readonly axes?: readonly [AxisFacts, AxisFacts, AxisFacts, AxisFacts];
  readonly metadata?: Readonly<Record<string, string | number>>;
}

const px: AxisFacts = [1, "px"];
/** A file that does not say its scan: all its frames, laid out as given. */
const asked = (shape: readonly [number, number]) => ({ shape, positions: shape });

const files: readonly Facts[] = [
  {
    file: "mib/001_4x2_6bit.mib",
    ...asked([2, 4]),
    pixels: [256, 256],
    dtype: "u8",
    sum: 3623664,
    first: 448386,
    values: [
      [0, 73, 19, 63],
      [4, 79, 10, 63],
      [7, 190, 215, 1],
    ],
    metadata: { "counter depth [bit]": 6, "exposure [s]": 0.1, "threshold [keV]": 40, "chip mode": "SPM" },
  },
  {
    file: "mib/002_merlin_test_roi_sig256x128_nav4x2_hot_pixel_52x_39y.mib",
    positions: [2, 4],
    pixels: [128, 256],
    dtype: "u16",
    sum: 79,
    first: 10,
    values: [
      [0, 39, 52, 8],
      [4, 39, 52, 9],
      [7, 106, 111, 2],
    ],
    metadata: { "counter depth [bit]": 12, "exposure [s]": 0.001, software: "1.5.0.197" },
  },
  {
    file: "mib/002_merlin_test_roi_sig256x128_nav4x2_hot_pixel_52x_39y.hdr",
    positions: [2, 4],
    pixels: [128, 256],
    dtype: "u16",
    sum: 79,
    first: 10,
    values: [],
  },
  {
    file: "mib/200kV_CL_77mm.mib",
    ...asked([1, 1]),
    pixels: [256, 256],
    dtype: "u16",
    sum: 371313,
    first: 371313,
    values: [
      [0, 220, 99, 1568],
      [0, 118, 131, 198],
      [0, 131, 132, 193],
    ],
  },
  {
    file: "mib/300kV_CL_130mm.mib",
    ...asked([1, 1]),
    pixels: [256, 256],
    dtype: "u16",
    sum: 329694,
    first: 329694,
    values: [
      [0, 151, 132, 86],
      [0, 118, 171, 5],
      [0, 139, 85, 18],
    ],
  },
  {
    file: "mib/300kV_CL_380mm_Si110.mib",
    ...asked([1, 1]),
    pixels: [256, 256],
    dtype: "u16",
    sum: 349648,
    first: 349648,
    values: [
      [0, 128, 129, 184],
      [0, 121, 32, 27],
      [0, 173, 150, 3],
    ],
  },
  {
    file: "mib/80kV_CL_60mm.mib",
    ...asked([1, 1]),
    pixels: [256, 256],
    dtype: "u16",
    sum: 494921,
    first: 494921,
    values: [
      [0, 124, 114, 723],
      [0, 121, 88, 669],
      [0, 131, 98, 585],
    ],
  },
  {
    file: "mib/Quad_1_Frame_CounterDepth_12_Rows_256.mib",
    ...asked([1, 1]),
    pixels: [512, 512],
    dtype: "u16",
    sum: 845907,
    first: 845907,
    values: [
      [0, 12, 286, 4093],
      [0, 268, 31, 10],
      [0, 396, 124, 10],
    ],
    metadata: { detector: "Merlin, 4 Medipix 3RX chips, 2x2" },
  },
  {
    file: "mib/Quad_1_Frame_CounterDepth_1_Rows_256.mib",
    ...asked([1, 1]),
    pixels: [512, 512],
    dtype: "u8",
    sum: 10331,
    first: 10331,
    values: [
      [0, 0, 0, 1],
      [0, 269, 295, 1],
      [0, 396, 391, 1],
    ],
  },
  {
    file: "mib/Quad_1_Frame_CounterDepth_1_Rows_256RAW.mib",
    ...asked([1, 1]),
    pixels: [512, 512],
    dtype: "u8",
    sum: 10348,
    first: 10348,
    values: [
      [0, 0, 0, 1],
      [0, 269, 267, 1],
      [0, 396, 390, 1],
    ],
  },
  {
    file: "mib/Single_9_Frame_CounterDepth_12_Rows_256.mib",
    ...asked([3, 3]),
    pixels: [256, 256],
    dtype: "u16",
    sum: 260753,
    first: 29032,
    values: [
      [0, 210, 213, 1975],
      [4, 210, 213, 2025],
      [8, 146, 84, 10],
    ],
  },
  {
    file: "mib/Single_9_Frame_CounterDepth_1_Rows_256.mib",
    ...asked([9, 1]),
    pixels: [256, 256],
    dtype: "u8",
    sum: 21614,
    first: 2389,
    values: [
      [0, 0, 0, 1],
      [4, 0, 0, 1],
      [8, 146, 87, 1],
    ],
  },
  {
    file: "mib/Single_9_Frame_CounterDepth_1_Rows_256RAW.mib",
    ...asked([1, 9]),
    pixels: [256, 256],
    dtype: "u8",
    sum: 21605,
    first: 2390,
    values: [
      [0, 0, 0, 1],
      [4, 0, 0, 1],
      [8, 146, 83, 1],
    ],
  },
  {
    file: "mib/Single_9_Frame_CounterDepth_6_Rows_256.mib",
    ...asked([3, 3]),
    pixels: [256, 256],
    dtype: "u8",
    sum: 217684,
    first: 24125,
    values: [
      [0, 1, 134, 63],
      [4, 1, 134, 63],
      [8, 146, 81, 10],
    ],
  },
];

const opened: PatternSource[] = [];
const openReal = async (file: string, options?: OpenOptions): Promise<PatternSource> => {
  const source = await openScan(join(folder, file), options);
  opened.push(source);
  return source;
};

afterAll(() => {
  for (const source of opened) source.close();
});

const total = (numbers: NumericArray): number => numbers.reduce((sum: number, value: number) => sum + value, 0);
const near = (value: number) => expect.closeTo(value, Math.max(0, 7 - Math.ceil(Math.log10(Math.abs(value) || 1))));

describe.skipIf(!there)("genuine files of frames", () => {
  it.each(files)("$file", async ({ file, shape, positions, pixels, dtype, sum, first, values, axes, metadata }) => {
    const source = await openReal(file, shape ? { shape } : {});
    expect([source.positions, source.pixels, source.dtype]).toEqual([positions, pixels, dtype]);
    expect(total(await readPatterns(source, 0, area(positions))) / (sum || 1)).toBeCloseTo(sum ? 1 : 0, 7);
    expect(total(await readPatterns(source, 0, 1)) / (first || 1)).toBeCloseTo(first ? 1 : 0, 7);
    for (const [frame, y, x, value] of values) {
      const pattern = await readPatterns(source, frame, 1);
      expect(pattern[y * pixels[1] + x]).toBe(value);
    }
    const calibrated = [...source.axes.positions, ...source.axes.pixels];
    expect(calibrated.map(({ step, unit, origin }) => [step, unit, origin])).toEqual(
      (axes ?? [px, px, px, px]).map(([step, unit, origin = 0]) => [near(step), unit, near(origin)]),
    );
    expect(source.metadata).toMatchObject(metadata ?? {});
    const elsewhere = await openFileSource(structuredClone(source.descriptor));
    opened.push(elsewhere);
    expect([elsewhere.name, elsewhere.positions, elsewhere.metadata]).toEqual([
      source.name,
      source.positions,
      source.metadata,
    ]);
  });

  it.each([
    ["mib/001_4x2_6bit.mib", /8 frames of 256×256.*--shape RxC/],
    ["mib/200kV_CL_77mm.mib", /1 frame of 256×256, one pattern, not a scan.*--shape 1x1/],
    ["mib/test_CL30cm_corrupted.mib", /expected a number type.*found "1x1"; the frame header is damaged/],
  ])("says why it does not read %s", async (file, message) => {
    await expect(openReal(file)).rejects.toThrow(message);
  });

  it("leaves out what is less than a row, and asks where a row or more is left", async () => {
    const file = "mib/Single_9_Frame_CounterDepth_1_Rows_256.mib";
    const source = await openReal(file, { shape: [2, 4] });
    expect(source.metadata).toMatchObject({ "frames left out": 1 });
    await expect(openReal(file, { shape: [1, 4] })).rejects.toThrow(/9 frames.*only 4 positions/);
    await expect(openReal(file, { shape: [2, 5] })).rejects.toThrow(/9 frames.*10 positions.*give a shape of 9/);
    const incomplete = await openReal(file, { shape: [2, 5], allowIncomplete: true });
    expect(incomplete.metadata).toMatchObject({ "missing patterns": 1 });
    expect(total(await readPatterns(incomplete, 8, 2))).toBe(total(await readPatterns(incomplete, 8, 1)));
    expect(total(await readPatterns(incomplete, 9, 1))).toBe(0);
  });
});
