import { disk } from "../imaging/apertures.ts";
import { brightFieldDisk } from "../imaging/bright-field-disk.ts";
import { maximumPattern } from "../imaging/maximum-pattern.ts";
import { meanPattern, regionMeanPattern } from "../imaging/mean-pattern.ts";
import { virtualImages } from "../imaging/virtual-image.ts";
import { warningsOf } from "../judge/warnings.ts";
import { suggestRank } from "../learn/rank.ts";
import { svd } from "../learn/svd.ts";
import { align } from "../prepare/align.ts";
import { coverage } from "../prepare/coverage.ts";
import { recentred } from "../prepare/recentred.ts";
import { centred } from "../scan/centred.ts";
import { DataError } from "../scan/errors.ts";
import { type Masks, masked } from "../scan/masked.ts";
import { area, type Images, images, item, type Patterns, type Scan } from "../scan/scan.ts";
import type { PatternSource, Watch } from "../scan/source.ts";
import { alignedMasks, masksOf } from "./aligned-masks.ts";
import type { Analysis } from "./analysis.ts";
import { completed } from "./completed.ts";
import { learned } from "./learned.ts";
import type { Recipe } from "./recipe.ts";
import { stages } from "./stages.ts";

export interface AnalyseOptions extends Watch {
  /** Most memory that the process has had so far, MiB; where the platform can tell. */
  readonly peakMemoryMiB?: () => number;
}

/**
 * The main job: aligns a scan, images it, learns its components and clusters, and says what to beware of.
 *
 * Only the direct beam is aligned before learning, by whole pixels; everything is learned from the counts as recorded.
 * The same recipe on the same data gives the same bits, on any number of threads.
 *
 * @param source  the scan as recorded
 * @param scanOf  puts a source on an engine, e.g. `onThreads`; what it opens is closed here
 * @param recipe  what to do
 * @returns       everything found, frozen numbers only: nothing is written
 * @throws DataError   the data cannot be learned from: no direct beam, nothing counted, a value that is no number
 * @throws ShapeError  more components or clusters than the scan can have
 * @throws AbortError  signal was aborted
 * @see Martineau et al., Adv. Struct. Chem. Imaging 5 (2019) 3
 */
export async function analyse(
  source: PatternSource,
  scanOf: (source: PatternSource) => Promise<Scan & { close?(): Promise<void> }>,
  recipe: Recipe,
  options: AnalyseOptions = {},
): Promise<Analysis> {
  const { signal } = options;
  const { seed } = recipe;
  const stage = stages(options);

  const alignment =
    recipe.align === "none"
      ? undefined
      : await stage("align", (watch) => align(source, { edge: recipe.edge, ...watch }));
  const calibrated = recipe.axes ? { ...source, axes: recipe.axes } : source;
  const aligned = alignment ? recentred(calibrated, alignment.shifts, recipe.edge) : calibrated;
  const scan = await scanOf(aligned);
  try {
    const imaged = await stage("image", async (watch) => {
      const mean = await meanPattern(scan);
      const beam = alignment
        ? { centre: alignment.centre, radius: Math.max(1, alignment.radius) }
        : brightFieldDisk(mean);
      const brightField = await virtualImages(scan, [disk(mean.size, beam.centre, beam.radius)]);
      requireCounts(source, mean, brightField);
      return { mean, beam, brightField, maximum: await maximumPattern(aligned, { scan, ...watch }) };
    });
    const cover = alignment && recipe.edge === "fill" ? coverage(source.pixels, alignment.shifts) : undefined;
    const masks = alignedMasks(masksOf(recipe, source), source, aligned, alignment?.shifts, recipe.edge);
    const used = masks.pixels || masks.positions ? masked(scan, masks) : scan;
    const kept = Math.min(recipe.rank, area(scan.positions), area(aligned.pixels));

    const plain = await stage("svd", (watch) => svd(used, { components: kept, seed, ...watch }));
    const decomposed = recipe.centred
      ? await stage("svd", async (watch) =>
          svd(withoutMean(scan, masks, await regionMeanPattern(scan, shown(scan, masks))), {
            components: kept,
            seed,
            ...watch,
          }),
        )
      : plain;

    const rank = await stage("rank", (watch) => suggestRank(used, { svd: plain, seed, ...watch }));
    const components = recipe.components === "auto" ? rank.suggested : recipe.components;
    const clusters = recipe.clusters === "auto" ? components : recipe.clusters;

    const learnt = await learned({ scan: used, masks, plain, decomposed, components, clusters }, recipe, stage);
    const whole = cover && (await stage("edge", () => completed(scan, cover, imaged.mean, learnt)));
    signal?.throwIfAborted();

    const { name, format, positions, pixels, dtype, metadata } = source;
    const found = {
      scan: { name, format, positions, pixels, analysedPixels: aligned.pixels, dtype, axes: aligned.axes, metadata },
      recipe,
      ...(alignment && { alignment }),
      brightField: imaged.brightField,
      brightFieldDisk: imaged.beam,
      meanPattern: whole?.mean ?? imaged.mean,
      maximumPattern: imaged.maximum,
      svd: decomposed,
      rank,
      ...(whole?.found ?? learnt),
    };
    return Object.freeze({
      ...found,
      warnings: warningsOf(found),
      seconds: stage.seconds(),
      peakMemoryMiB: options.peakMemoryMiB?.() ?? Number.NaN,
    });
  } finally {
    await scan.close?.();
  }
}

/** The positions that count, as weights. */
function shown({ positions }: Scan, masks: Masks): Images {
  return images(positions, Float32Array.from(masks.positions ?? new Uint8Array(area(positions)).fill(1)));
}

/** Centred first, masked then: what is masked is 0, not minus the mean. */
const withoutMean = (scan: Scan, masks: Masks, mean: Patterns): Scan => masked(centred(scan, mean), masks);

/** Refuses what no method can learn from, in words that say which. */
function requireCounts(source: PatternSource, mean: Patterns, brightField: Images): void {
  const wrong = mean.values.findIndex((value) => !Number.isFinite(value));
  if (wrong >= 0) {
    const position = item(brightField, 0).findIndex((value) => !Number.isFinite(value));
    const where = position >= 0 ? ` at position ${at(position, source.positions[1])}` : "";
    throw new DataError(
      `${source.name}: expected numbers only, found NaN or an infinite value${where} in pixel ${at(wrong, mean.size[1])}; replace it first: a mask does not hide what is no number`,
      { pixel: wrong, ...(position >= 0 && { position }) },
    );
  }
  if (mean.values.every((value) => value === 0)) {
    throw new DataError(
      `${source.name}: expected counts, found 0 in every pixel of every pattern; was the beam blanked?`,
      {},
    );
  }
}

const at = (index: number, columns: number): string => `[${Math.floor(index / columns)}, ${index % columns}]`;
