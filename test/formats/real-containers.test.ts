import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { describe, expect, it } from "vitest";
import { openScan } from "../../src/node/open-scan.ts";
import { area } from "../../src/scan/scan.ts";
import { type NumericArray, readPatterns } from "../../src/scan/source.ts";

// Genuine files of formats that hold images behind tags. They may not be redistributed, so they lie beside the checkout or nowhere.
const folder = fileURLToPath(new URL("../../../shared/data/real", import.meta.url));
const there = existsSync(folder);
if (!there) console.warn(`skipped: genuine files are not beside this checkout (${folder})`);

/** Pattern counted along the scan, row, column, value. */
type Pixel = readonly [pattern: number, y: number, x: number, value: number];
type AxisFacts = readonly [step: number, unit: string, origin?: number];

interface Facts {
  readonly file: string;
  /** Given with --shape: none of these files says how a scan was laid out. One pattern is a scan of 1×1. */
  readonly shape: readonly [number, number];
  readonly pixels: readonly [number, number];
  readonly dtype: string;
  readonly sum: number;
  readonly first: number;
  readonly values: readonly Pixel[];
  /** Pattern rows and columns; in pixels where absent. */
  readonly axes?: readonly [AxisFacts, AxisFacts];
  readonly metadata?: Readonly<Record<string, string | number>>;
}

const tiny = (file: string, dtype: string): Facts => ({
  file,
  shape: [1, 1],
  pixels: [2, 2],
  dtype,
  sum: 10,
  first: 10,
  values: [
    [0, 1, 0, 3],
    [0, 1, 1, 4],
  ],
});
const tinyStack = (file: string, dtype: string): Facts => ({
  ...tiny(file, dtype),
  shape: [1, 2],
  sum: 36,
  values: [
    [0, 1, 1, 4],
    [1, 1, 1, 8],
  ],
});

const files: readonly Facts[] = [
  tiny("dm/test2D-1.dm4", "i16"),
  tiny("dm/test2D-2.dm4", "f32"),
  tiny("dm/test2D-7.dm4", "i32"),
  tiny("dm/test2D-9.dm4", "i8"),
  tiny("dm/test2D-10.dm4", "u16"),
  tiny("dm/test2D-11.dm4", "u32"),
  { ...tiny("dm/test2D-14.dm4", "u8"), sum: 4, first: 4, values: [[0, 1, 0, 1]] },
  tinyStack("dm/test3D-1.dm4", "i16"),
  tinyStack("dm/test3D-2.dm3", "f32"),
  tinyStack("dm/test3D-2.dm4", "f32"),
  {
    file: "dm/dmTest_3D_int16_64-65-66.dm4",
    shape: [6, 11],
    pixels: [65, 64],
    dtype: "i16",
    sum: 8648640,
    first: 131040,
    values: [
      [0, 0, 63, 63],
      [33, 0, 63, 63],
      [65, 48, 48, 48],
    ],
    axes: [
      [3, "nm"],
      [2, "pm"],
    ],
  },
  {
    file: "dm/nist_HAADF_16x16.dm3",
    shape: [1, 1],
    pixels: [16, 16],
    dtype: "u32",
    sum: 203800,
    first: 203800,
    values: [
      [0, 9, 13, 4086],
      [0, 7, 15, 2331],
      [0, 12, 1, 167],
    ],
    axes: [
      [0.187723681, "µm"],
      [0.187723681, "µm"],
    ],
  },
  {
    file: "dm/test_diffraction_pattern.dm3",
    shape: [1, 1],
    pixels: [87, 87],
    dtype: "i32",
    sum: 9459771,
    first: 9459771,
    values: [
      [0, 86, 9, 2974],
      [0, 43, 43, 2482],
      [0, 65, 21, 2165],
    ],
    axes: [
      [0.0174432859, "1/Å", 13.1871],
      [0.0174432859, "1/Å", 13.7104],
    ],
  },
  {
    file: "ser_emi/128x128x5-diffraction_preview_1.ser",
    shape: [1, 5],
    pixels: [128, 128],
    dtype: "i32",
    sum: 9416326,
    first: 1755276,
    values: [
      [0, 47, 0, 1317],
      [2, 27, 32, 549],
      [4, 96, 15, 117],
    ],
    // 4.24641346e7 1/m, which another reader takes for metres
    axes: [
      [0.00424641346, "1/Å", -0.27177],
      [0.00424641346, "1/Å", -0.27177],
    ],
    metadata: { "energy [eV]": 200000, "camera length [mm]": 1100, mode: "TEM uP SA Zoom Diffraction" },
  },
  {
    file: "ser_emi/64x64_diffraction_acquire_1.ser",
    shape: [1, 1],
    pixels: [64, 64],
    dtype: "f32",
    sum: 51634.9803,
    first: 51634.9803,
    values: [
      [0, 46, 54, 2531.02856],
      [0, 32, 0, -333.689758],
      [0, 48, 0, -327.852783],
    ],
    axes: [
      [0.0101571996, "1/Å", -0.32503],
      [0.0101571996, "1/Å", -0.32503],
    ],
    metadata: { "energy [eV]": 200000, "camera length [mm]": 490 },
  },
  {
    file: "tif/TVIPS_bin4.tif",
    shape: [1, 1],
    pixels: [1024, 1024],
    dtype: "u8",
    sum: 109550672,
    first: 109550672,
    values: [
      [0, 0, 0, 255],
      [0, 510, 177, 145],
      [0, 766, 344, 72],
    ],
  },
  {
    file: "tif/au_xgrating_20cm.tif",
    shape: [1, 1],
    pixels: [256, 256],
    dtype: "f32",
    sum: 5919.57436,
    first: 5919.57436,
    values: [
      [0, 127, 127, 62.3199997],
      [0, 130, 244, 0.00728501473],
      [0, 193, 122, 0.0233430471],
    ],
  },
  {
    file: "prz/panta_rhei_sample.prz",
    shape: [1, 1],
    pixels: [16, 16],
    dtype: "u16",
    sum: 9854583,
    first: 9854583,
    values: [
      [0, 10, 10, 40571],
      [0, 8, 0, 38065],
      [0, 12, 0, 37847],
    ],
    axes: [
      [7.79582829e-9, "m"],
      [7.79582829e-9, "m"],
    ],
  },
];

const close = (value: number, digits = 6) =>
  expect.closeTo(value, digits - Math.ceil(Math.log10(Math.abs(value) || 1)));

describe.skipIf(!there)("genuine files", () => {
  it.each(files)("$file", async ({ file, shape, pixels, dtype, sum, first, values, axes, metadata }) => {
    const source = await openScan(join(folder, file), { shape });
    expect([source.positions, source.pixels, source.dtype]).toEqual([shape, pixels, dtype]);
    const all = await readPatterns(source, 0, area(shape));
    const total = (numbers: NumericArray) => Float64Array.from(numbers).reduce((sum, number) => sum + number, 0);
    expect(total(all)).toEqual(close(sum, 8));
    expect(total(await readPatterns(source, 0, 1))).toEqual(close(first, 8));
    for (const [index, y, x, value] of values) {
      const pattern = await readPatterns(source, index, 1);
      expect(pattern[y * pixels[1] + x]).toEqual(close(value));
    }
    const expected = axes ?? [
      [1, "px"],
      [1, "px"],
    ];
    expect(source.axes.pixels.map(({ step, unit, origin }) => [step, unit, origin])).toEqual(
      expected.map(([step, unit, origin = 0]) => [close(step), unit, close(origin)]),
    );
    expect(source.metadata).toMatchObject(metadata ?? {});
    source.close();
  });

  it.each([
    ["dm/EELS_SI.dm4", /2048×2×2 numbers.*a spectrum image; expected a scan of diffraction patterns/],
    ["dm/test2D-5.dm4", /real numbers.*found complex numbers \(data type 3\)/],
    ["dm/test_diffraction_pattern.dm3", /1 frame of 87×87, one pattern, not a scan/],
    ["dm/test3D-1.dm4", /2 frames of 2×2.*--shape RxC/],
    ["ser_emi/64x64_diffraction_acquire_1.ser", /1 frame of 64×64, one pattern, not a scan/],
    ["ser_emi/128x128x5-diffraction_preview_1.ser", /5 frames of 128×128.*--shape RxC/],
    ["tif/TVIPS_bin4.tif", /1 frame of 1024×1024, one pattern, not a scan/],
    ["prz/panta_rhei_sample.prz", /an array of 16×16, .*it is one pattern or image, not a scan; --shape 1x1 opens it/],
  ])("says why %s is not a scan", async (file, message) => {
    await expect(openScan(join(folder, file))).rejects.toThrow(message);
  });
});
