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
  {
    file: "empad/map4x4.xml",
    positions: [4, 4],
    pixels: [128, 128],
    dtype: "f32",
    sum: 3.48629238e10,
    first: 134209536,
    values: [
      [0, 127, 127, 16383],
      [8, 127, 127, 149503],
      [15, 96, 0, 261888],
    ],
    axes: [
      [1141.58566, "nm"],
      [1141.58566, "nm"],
      [0.0182653706, "1/Å", -1.168984],
      [0.0182653706, "1/Å", -1.168984],
    ],
    metadata: { detector: "EMPAD", "energy [eV]": 300000, "camera length [mm]": 722.5, "exposure [s]": 0.001 },
  },
  {
    file: "empad/scan_x4_y4.raw",
    positions: [4, 4],
    pixels: [128, 128],
    dtype: "f32",
    sum: 3.48629238e10,
    first: 134209536,
    values: [[15, 96, 0, 261888]],
  },
  {
    file: "mrc/20241021_00405_movie.mrc",
    positions: [4, 8],
    pixels: [4, 8],
    dtype: "u16",
    sum: 15872,
    first: 0,
    values: [
      [0, 0, 0, 0],
      [16, 0, 0, 16],
      [31, 3, 0, 31],
    ],
    axes: [[0.2, "nm"], [0.1, "nm"], px, px],
    metadata: { detector: "Direct Electron DESim", "energy [eV]": 300000, "scan path": "Raster" },
  },
  {
    file: "mrc/HAADFscan.mrc",
    ...asked([1, 1]),
    pixels: [16, 16],
    dtype: "u16",
    sum: 1552947,
    first: 1552947,
    values: [
      [0, 0, 4, 9399],
      [0, 8, 0, 4209],
      [0, 12, 0, 4122],
    ],
    metadata: { "energy [eV]": 300000, "camera length [mm]": expect.closeTo(91.1, 6) as unknown as number },
  },
  {
    file: "mrc/ROI_Random_Scan_Sum.mrc",
    ...asked([1, 1]),
    pixels: [29, 12],
    dtype: "f32",
    sum: 104477964,
    first: 104477964,
    values: [
      [0, 14, 11, 300270.6875],
      [0, 14, 6, 300218.8125],
      [0, 21, 9, 300237.0625],
    ],
  },
  {
    file: "mrc/ROI_Random_Scan_movie.mrc",
    ...asked([348, 1]),
    pixels: [16, 16],
    dtype: "u16",
    sum: 104477835,
    first: 300205,
    values: [
      [0, 9, 9, 1593],
      [174, 9, 9, 1590],
      [347, 12, 0, 1502],
    ],
  },
  {
    file: "mrc/ROI_Random_Scan_movie.mrc",
    positions: [29, 12],
    pixels: [16, 16],
    dtype: "u16",
    sum: 104477835,
    first: 300210,
    // Frame 0 was recorded at column 7 of row 12, frame 4 at column 6 of row 12: the first and fifth coordinates.
    values: [[12 * 12 + 7, 9, 9, 1593]],
    metadata: { "scan path": "Random" },
  },
  {
    file: "tvips/test_tvips_2345_000.tvips",
    ...asked([2, 3]),
    pixels: [4, 5],
    dtype: "u16",
    sum: 7140,
    first: 190,
    values: [
      [0, 3, 4, 19],
      [3, 3, 4, 79],
      [5, 3, 0, 115],
    ],
    axes: [px, px, [0.1, "1/Å"], [0.1, "1/Å"]],
    metadata: { "energy [eV]": 200000 },
  },
  {
    file: "tvips/test_tvips_2345_split_000.tvips",
    ...asked([3, 2]),
    pixels: [4, 5],
    dtype: "u16",
    sum: 7140,
    first: 190,
    values: [
      [0, 3, 4, 19],
      [3, 3, 4, 79],
      [5, 3, 0, 115],
    ],
    axes: [px, px, [0.1, "1/Å"], [0.1, "1/Å"]],
    metadata: { files: 3 },
  },
  {
    file: "seq/test.seq",
    ...asked([2, 5]),
    pixels: [64, 64],
    dtype: "u16",
    sum: 13630695,
    first: 1363421,
    values: [
      [0, 21, 56, 441],
      [5, 21, 56, 442],
      [9, 48, 0, 356],
    ],
    metadata: {
      detector: "Celeritas Camera",
      "bits used": 12,
      "frames per second": expect.closeTo(86956.52, 1) as unknown as number,
      "dark reference": "test.seq.dark.mrc, not applied",
    },
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

const total = (numbers: NumericArray): number => {
  let sum = 0;
  for (const value of numbers) sum += value;
  return sum;
};
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
    ["mrc/HAADFscan.mrc", /1 frame of 16×16, one pattern/],
    ["mrc/ROI_Random_Scan_Sum.mrc", /1 frame of 29×12, one pattern/],
    ["seq/test.seq", /10 frames of 64×64.*--shape RxC/],
    ["seq/test.seq.dark.mrc", /expected 32766 sections.*found 8: the file is truncated/],
    ["tvips/test_tvips_2345_000.tvips", /6 frames of 4×5.*--shape RxC/],
    ["tvips/test_tvips_2345_split_001.tvips", /expected one of/],
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
