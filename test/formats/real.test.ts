import { existsSync } from "node:fs";
import { join } from "node:path";
import { fileURLToPath } from "node:url";
import { afterAll, describe, expect, it } from "vitest";
import type { OpenOptions } from "../../src/formats/format.ts";
import { openScan } from "../../src/node/open-scan.ts";
import { area } from "../../src/scan/scan.ts";
import { type NumericArray, type PatternSource, readPatterns } from "../../src/scan/source.ts";

// Genuine files from instruments and other writers. They may not be redistributed, so they lie beside the checkout or nowhere.
const folder = fileURLToPath(new URL("../../../shared/data", import.meta.url));
const there = existsSync(folder);
if (!there) console.warn(`skipped: genuine files are not beside this checkout (${folder})`);

type Pixel = readonly [row: number, column: number, y: number, x: number, value: number];
type AxisFacts = readonly [step: number, unit: string, origin?: number];

interface Facts {
  readonly file: string;
  readonly options?: OpenOptions;
  readonly positions: readonly [number, number];
  readonly pixels: readonly [number, number];
  readonly dtype: string;
  readonly sum: number;
  readonly first: number;
  readonly values: readonly Pixel[];
  /** Scan rows, scan columns, pattern rows, pattern columns. */
  readonly axes: readonly [AxisFacts, AxisFacts, AxisFacts, AxisFacts];
}

const px: AxisFacts = [1, "px"];
const nistStep: AxisFacts = [5.48258394, "nm"];

const files: readonly Facts[] = [
  {
    file: "real/blo/test1.blo",
    positions: [3, 2],
    pixels: [144, 144],
    dtype: "u8",
    sum: 5164570,
    first: 845297,
    values: [
      [0, 0, 69, 72, 255],
      [1, 1, 69, 72, 255],
      [2, 1, 108, 26, 36],
    ],
    // 62.26 px/cm at a camera length of 200 mm
    axes: [
      [12.8, "nm"],
      [12.8, "nm"],
      [0.803083842, "mrad"],
      [0.803083842, "mrad"],
    ],
  },
  {
    file: "real/blo/nist_16x16_crop144_u8.blo",
    positions: [16, 16],
    pixels: [144, 144],
    dtype: "u8",
    sum: 1203017,
    first: 4420,
    values: [
      [0, 0, 73, 72, 214],
      [8, 0, 71, 72, 255],
      [15, 15, 87, 78, 1],
    ],
    axes: [nistStep, nistStep, [0.016, "cm"], [0.016, "cm"]],
  },
  {
    file: "real/fpd_hdf5/FPD_HDF5.hdf5",
    positions: [16, 16],
    pixels: [256, 256],
    dtype: "u16",
    sum: 1304983,
    first: 4871,
    values: [
      [0, 0, 126, 128, 214],
      [8, 0, 126, 128, 309],
      [15, 15, 149, 123, 2],
    ],
    axes: [nistStep, nistStep, px, px],
  },
  {
    file: "real/hspy/nist_16x16_crop128.hspy",
    positions: [16, 16],
    pixels: [128, 128],
    dtype: "u16",
    sum: 1193109,
    first: 4360,
    values: [
      [0, 0, 65, 64, 214],
      [8, 0, 65, 64, 309],
      [15, 15, 78, 66, 1],
    ],
    axes: [nistStep, nistStep, px, px],
  },
  {
    file: "real/hspy/particle_a_48x58_48x48.hspy",
    positions: [48, 58],
    pixels: [48, 48],
    dtype: "u16",
    sum: 39588192,
    first: 14191,
    values: [
      [0, 0, 23, 24, 3973],
      [24, 0, 24, 24, 1977],
      [47, 57, 27, 21, 41],
    ],
    axes: [px, px, [0.0625, "1/Å", -1.46875], [0.0625, "1/Å", -1.46875]],
  },
  {
    file: "real/hspy/subset_data.hspy",
    positions: [2, 2],
    pixels: [256, 256],
    dtype: "u16",
    sum: 47803598,
    first: 11883505,
    values: [
      [0, 0, 129, 132, 57238],
      [1, 0, 129, 132, 57278],
      [1, 1, 192, 0, 18],
    ],
    axes: [
      [2, "nm", 200],
      [2, "nm", 200],
      [0.01261, "1/Å", -1.61408],
      [0.01261, "1/Å", -1.61408],
    ],
  },
  {
    file: "real/npy/nist_16x16_bin4_64x64.npy",
    positions: [16, 16],
    pixels: [64, 64],
    dtype: "u16",
    sum: 1304983,
    first: 4871,
    values: [
      [0, 0, 31, 31, 1330],
      [8, 0, 31, 32, 2070],
      [15, 15, 41, 24, 4],
    ],
    axes: [px, px, px, px],
  },
  {
    file: "real/npy/particle_a_48x58_48x48.npy",
    positions: [48, 58],
    pixels: [48, 48],
    dtype: "u16",
    sum: 39588192,
    first: 14191,
    values: [
      [0, 0, 23, 24, 3973],
      [24, 0, 24, 24, 1977],
      [47, 57, 27, 21, 41],
    ],
    axes: [px, px, px, px],
  },
  {
    file: "real/npy/patterns.npy",
    positions: [3, 3],
    pixels: [60, 60],
    dtype: "u8",
    sum: 4732574,
    first: 523589,
    values: [
      [0, 0, 24, 26, 245],
      [1, 1, 24, 26, 240],
      [2, 2, 45, 0, 113],
    ],
    axes: [px, px, px, px],
  },
  {
    file: "real/emd_py4dstem/py4DSTEM_size2x3x4x5.h5",
    positions: [2, 3],
    pixels: [4, 5],
    dtype: "f32",
    sum: 28255.8762,
    first: 3877.98952,
    values: [
      [0, 0, 2, 3, 712.978271],
      [1, 0, 3, 4, 641.804688],
      [1, 2, 3, 0, 265.496857],
    ],
    axes: [
      [0.126796875, "nm"],
      [0.126796875, "nm"],
      [0.044251566616, "1/Å"],
      [0.044251566616, "1/Å"],
    ],
  },
  {
    file: "real/emd_berkeley/Si100_4D.emd",
    options: { dataset: "4DSTEM_simulation/data/datacubes/CBED_array_depth0000/datacube" },
    positions: [11, 11],
    pixels: [8, 8],
    dtype: "f32",
    sum: Number.NaN, // the given sum is that of both datasets
    first: 0.915975249,
    values: [[0, 0, 5, 5, 0.017880965]],
    axes: [
      [0.5, "nm"],
      [0.5, "nm"],
      [0.018416205, "1/Å", -0.0736648262],
      [0.018416205, "1/Å", -0.0736648262],
    ],
  },
  {
    file: "real/emd_berkeley/Si100_4D.emd",
    options: { dataset: "/4DSTEM_simulation/data/datacubes/CBED_array_depth0001/datacube" },
    positions: [11, 11],
    pixels: [8, 8],
    dtype: "f32",
    sum: Number.NaN,
    first: Number.NaN,
    values: [
      [0, 0, 4, 4, 0.0183576178],
      [10, 10, 6, 0, 0.00285656634],
    ],
    axes: [
      [0.5, "nm"],
      [0.5, "nm"],
      [0.018416205, "1/Å", -0.0736648262],
      [0.018416205, "1/Å", -0.0736648262],
    ],
  },
  {
    file: "real/nexus/simple_signal.nxs",
    positions: [15, 1],
    pixels: [40, 40],
    dtype: "f64",
    sum: 0,
    first: 0,
    values: [
      [0, 0, 0, 0, 0],
      [7, 0, 0, 0, 0],
      [14, 0, 39, 39, 0],
    ],
    axes: [px, px, px, px],
  },
  {
    file: "real/arina/test_00_data_000001.h5",
    options: { shape: [4, 4] },
    positions: [4, 4],
    pixels: [192, 192],
    dtype: "u32",
    sum: 0,
    first: 0,
    values: [
      [0, 0, 0, 0, 0],
      [3, 3, 191, 191, 0],
    ],
    axes: [px, px, px, px],
  },
  {
    // Finds its data and the scan size in the files beside it.
    file: "real/arina/test_00_master.h5",
    positions: [4, 4],
    pixels: [192, 192],
    dtype: "u32",
    sum: 0,
    first: 0,
    values: [[2, 0, 0, 0, 0]],
    axes: [px, px, px, px],
  },
  {
    file: "real/app5/topspin_test_A.app5",
    positions: [2, 5],
    pixels: [14, 12],
    dtype: "f32",
    sum: 10079,
    first: 1023,
    values: [
      [0, 0, 6, 6, 50],
      [1, 0, 6, 6, 49],
      [1, 4, 10, 3, 3],
    ],
    axes: [
      [2, "nm"],
      [2, "nm"],
      [0.0213275792, "mrad", -2.72993014],
      [0.0213275792, "mrad", -2.72993014],
    ],
  },
  {
    file: "real/app5/topspin_test_B.app5",
    positions: [3, 7],
    pixels: [31, 26],
    dtype: "f32",
    sum: 2678698,
    first: 127454,
    values: [
      [0, 0, 13, 14, 5737],
      [1, 3, 13, 14, 5505],
      [2, 6, 23, 6, 171],
    ],
    axes: [
      [5, "nm"],
      [5, "nm"],
      [0.109869359, "mrad", -31.862114],
      [0.109869359, "mrad", -31.862114],
    ],
  },
  {
    file: "real/emd_velox/fei_example_tem_stack.emd",
    options: { shape: [2, 1] },
    positions: [2, 1],
    pixels: [3, 3],
    dtype: "i16",
    sum: 153,
    first: 72,
    values: [
      [0, 0, 2, 2, 16],
      [1, 0, 2, 2, 17],
      [1, 0, 2, 0, 13],
    ],
    axes: [px, px, [8.17288319e-12, "m", -1.67380648e-8], [8.17288319e-12, "m", -1.67380648e-8]],
  },
  {
    file: "real/emd_velox/Camera_Ceta_Diffraction_Micro.emd",
    options: { shape: [1, 1] },
    positions: [1, 1],
    pixels: [512, 512],
    dtype: "i16",
    sum: -404955,
    first: -404955,
    values: [
      [0, 0, 503, 511, 7],
      [0, 0, 247, 130, -1],
      [0, 0, 385, 40, -2],
    ],
    axes: [px, px, [0.011442968, "1/Å", -2.9293998], [0.011442968, "1/Å", -2.9293998]],
  },
  {
    // HyperSpy writes .emd with its axes reversed.
    file: "real/emd_berkeley/example_signal.emd",
    options: { shape: [1, 3] },
    positions: [1, 3],
    pixels: [3, 3],
    dtype: "i32",
    sum: 351,
    first: 108,
    values: [
      [0, 0, 2, 2, 24],
      [0, 1, 2, 2, 25],
      [0, 2, 2, 0, 8],
    ],
    axes: [px, px, px, px],
  },
  {
    file: "real/zspy/nist_16x16_crop128.zspy",
    positions: [16, 16],
    pixels: [128, 128],
    dtype: "u16",
    sum: 1193109,
    first: 4360,
    values: [
      [0, 0, 65, 64, 214],
      [8, 0, 65, 64, 309],
      [15, 15, 78, 66, 1],
    ],
    axes: [nistStep, nistStep, px, px],
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

const near = (value: number) => expect.closeTo(value, Math.max(0, 7 - Math.ceil(Math.log10(Math.abs(value) || 1))));

describe.skipIf(!there)("genuine files", () => {
  it.each(files)("$file", async ({ file, options, positions, pixels, dtype, sum, first, values, axes }) => {
    const source = await openReal(file, options);
    expect([source.positions, source.pixels, source.dtype]).toEqual([positions, pixels, dtype]);
    const all = await readPatterns(source, 0, area(positions));
    const total = (numbers: NumericArray) => Array.from(numbers).reduce((s, n) => s + n, 0);
    if (!Number.isNaN(sum)) expect(total(all)).toBeCloseTo(sum, 3);
    if (!Number.isNaN(first)) expect(total(await readPatterns(source, 0, 1))).toBeCloseTo(first, 4);
    for (const [row, column, y, x, value] of values) {
      const pattern = await readPatterns(source, row * positions[1] + column, 1);
      expect(pattern[y * pixels[1] + x]).toBeCloseTo(value, 5);
    }
    const calibrated = [...source.axes.positions, ...source.axes.pixels];
    expect(calibrated.map(({ step, unit, origin }) => [step, unit, origin])).toEqual(
      axes.map(([step, unit, origin = 0]) => [near(step), unit, near(origin)]),
    );
  });

  it("names the datasets of a file that holds several scans", async () => {
    await expect(openReal("real/emd_berkeley/Si100_4D.emd")).rejects.toThrow(/depth0000.*depth0001.*--dataset/);
  });

  it.each([
    ["real/hspy/au_xgrating_100kX.hspy", /not a 4-D scan.*254×254/],
    ["real/hspy/stem_diffraction_pattern.hspy", /not a 4-D scan.*167×167/],
    ["real/emd_berkeley/example_signal.emd", /--shape/],
    ["real/emd_velox/Camera_Ceta_Diffraction_Micro.emd", /512×512×1.*one image or pattern/],
    ["real/emd_velox/fei_example_tem_stack.emd", /3×3×2.*--shape/],
    ["real/arina/test_00.h5", /no datasets/],
    ["real/zspy/signal1d_10x10-DirectoryStore.zspy", /not a 4-D scan.*10×10/],
    ["real", /a folder that is not a Zarr hierarchy/],
  ])("says why it does not read %s", async (file, message) => {
    await expect(openReal(file)).rejects.toThrow(message);
  });

  it("reads the nanowire alike from .blo, .hspy and .zspy", async () => {
    const blo = await openReal("nanowire/nanowire.blo");
    const hspy = await openReal("nanowire/nanowire.hspy");
    const counts = await readPatterns(blo, 0, 36 * 40);
    const again = await readPatterns(hspy, 0, 36 * 40);
    const zspy = await openReal("nanowire/nanowire.zspy");
    const third = await readPatterns(zspy, 0, 36 * 40);
    expect(again.every((value, index) => value === counts[index])).toBe(true); // toEqual takes minutes on 9 MB
    expect(third.length === counts.length && third.every((value, index) => value === counts[index])).toBe(true);
    expect(zspy.axes).toEqual(hspy.axes);
    expect(Array.from(counts).reduce((sum, value) => sum + value, 0)).toBe(39131867);
    expect(hspy.axes.pixels[0]).toEqual({ name: "dy", step: 0.032, unit: "1/Å", origin: 0 });
    expect(blo.axes.positions[0]).toEqual({ name: "y", step: 10, unit: "nm", origin: 0 });
    const aligned = await openReal("nanowire/aligned.npy");
    expect(Array.from(await readPatterns(aligned, 0, 36 * 40)).reduce((sum, value) => sum + value, 0)).toBe(39139153);
  });
});
