import type { RowStep } from "../scan/row-steps.ts";
import { area, type Images, images, type Patterns, patterns, type Scan, type Size } from "../scan/scan.ts";
import {
  checkImages,
  checkMinus,
  checkPatterns,
  checkSelection,
  type Load,
  type Pass,
  selecting,
  squaring,
  subtracting,
} from "./pass.ts";

/** What one pass leaves: T (count × positions) and, for toPatterns, sweep and power, the sum Xᵀ·T (count × pixels). */
export interface Passed {
  readonly images?: Float32Array;
  readonly patterns?: Float32Array;
}

/** A scan whose every product is one pass, run by `run`: all that the engines have in common. */
export function scanOfPasses(
  positions: Size,
  pixels: Size,
  run: (pass: Pass) => Promise<Passed>,
  load: Load = { squared: false },
): Scan {
  const product = (
    operand: Images | Patterns,
    name: Pass["product"],
    steps: readonly RowStep[] = [],
  ): Promise<Passed> =>
    run({
      product: name,
      count: operand.count,
      ...(operand.kind === "images" ? { images: operand.values } : { patterns: operand.values }),
      steps,
      ...load,
    });
  return {
    positions,
    pixels,
    async toImages(operand) {
      checkPatterns(operand, pixels);
      return images(positions, (await product(operand, "toImages")).images!);
    },
    async toPatterns(operand) {
      checkImages(operand, positions);
      return patterns(pixels, (await product(operand, "toPatterns")).patterns!);
    },
    async sweep(operand, steps) {
      checkPatterns(operand, pixels);
      const passed = await product(operand, "sweep", steps);
      return { images: images(positions, passed.images!), patterns: patterns(pixels, passed.patterns!) };
    },
    async power(operand, steps) {
      checkPatterns(operand, pixels);
      return patterns(pixels, (await product(operand, "power", steps)).patterns!);
    },
    ...(!load.minus &&
      !load.squared &&
      !load.selection && {
        async ratioSweep(before: Images, operand: Patterns, rounds: number) {
          checkImages(before, positions);
          checkPatterns(operand, pixels);
          const { count, values } = operand;
          const pass = {
            product: "ratioSweep",
            count,
            images: before.values,
            patterns: values,
            steps: [],
            rounds,
          } as const;
          const passed = await run({ ...pass, squared: false });
          const after = passed.images!;
          const split = count * area(positions);
          return {
            images: images(positions, after.subarray(0, split)),
            divergence: images(positions, after.subarray(split)),
            patterns: patterns(pixels, passed.patterns!),
          };
        },
      }),
    squared: () => scanOfPasses(positions, pixels, run, squaring(load)),
    minus(pattern) {
      checkMinus(pattern, pixels, load);
      return scanOfPasses(positions, pixels, run, subtracting(load, pattern));
    },
    async maximum() {
      const { patterns: most } = await run({ product: "maximum", count: 1, steps: [], ...load });
      return patterns(
        pixels,
        most!.map((value) => (value === -Infinity ? Number.NaN : value)),
      );
    },
    selected(chosen) {
      checkSelection(chosen, pixels);
      return scanOfPasses(positions, [1, chosen.length], run, selecting(load, chosen));
    },
    coarse: () => scanOfPasses(positions, pixels, run, { ...load, coarse: true }),
  };
}

/** Where slab `index` of `count` slabs begins: as even as whole positions allow. */
export const slabStart = (positions: number, slabs: number, index: number): number =>
  Math.floor((positions * index) / slabs);

/**
 * Number of slabs: fixed by the scan, never by the number of threads. Many enough to keep threads busy to the end of a pass,
 * few enough that merging their sums costs little beside computing them: some 600 positions each, a multiple of 4 slabs.
 */
export const slabCount = (positions: Size): number =>
  Math.min(32, area(positions), 4 * Math.ceil(area(positions) / 2500));
