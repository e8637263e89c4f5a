import { warningsOf } from "../judge/warnings.ts";
import type { Svd } from "../learn/results.ts";
import { lowRank } from "../scan/low-rank.ts";
import { area, images, patterns, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { usedIn } from "./aligned-masks.ts";
import type { Analysis } from "./analysis.ts";
import { learned } from "./learned.ts";
import { numbersOf, type Relearning, withoutMethods } from "./relearnt.ts";
import { stages } from "./stages.ts";

/** What other numbers of components and clusters would show, roughly. */
export interface Preview extends Analysis {
  readonly preview: true;
}

/** Singular components used beyond the wanted ones. */
const MARGIN = 4;

/**
 * The methods after the SVD once more, with other numbers of components and clusters, in the time of a picture: in place of the scan stand
 * the first components of its SVD, each method starts once, and corners of the unmixing are picked, not refined.
 *
 * Patterns are projected on singular vectors, which takes noise off them; pixels that alignment moved off the detector stay 0; the errors of NMF
 * are those of the analysis. `nmf-kl`, which needs the counts themselves, is left out. {@link relearnt} is what it is a preview of.
 *
 * @param analysis  from `analyse` or {@link relearnt}, with an SVD
 * @throws as {@link relearnt}
 * @example
 * const seen = await preview(analysis, { components: 3, clusters: 4, fuzzifier: 2 });
 */
export async function preview(analysis: Analysis, relearning: Relearning, watch: Watch = {}): Promise<Preview> {
  const { svd, recipe, components, clusters } = numbersOf(analysis, relearning);
  const methods = recipe.methods.filter((method) => method !== "nmf-kl");
  const first = leading(svd, Math.max(components, clusters) + MARGIN);
  const masks = usedIn({ ...analysis, recipe });
  const stage = stages(watch);
  const basis = { scan: summingToCounts(lowRank(first)), masks, plain: first, decomposed: first, components, clusters };
  const { nmf, ...others } = await learned({ ...basis, quick: true }, { ...recipe, methods }, stage);
  watch.signal?.throwIfAborted();
  const { errorByComponents } = analysis.nmf ?? { errorByComponents: {} };
  const learnt = { ...others, ...(nmf && { nmf: { ...nmf, errorByComponents } }) };
  const found = { ...withoutMethods(analysis), recipe, ...learnt };
  return Object.freeze({ ...found, warnings: warningsOf(found), seconds: stage.seconds(), preview: true });
}

/** The first components of a decomposition. */
function leading(svd: Svd, count: number): Svd {
  const { loadings, factors } = svd;
  if (count >= svd.singularValues.length) return svd;
  return {
    ...svd,
    singularValues: svd.singularValues.slice(0, count),
    explained: svd.explained.slice(0, count),
    loadings: images(loadings.size, loadings.values.subarray(0, count * area(loadings.size))),
    factors: patterns(factors.size, factors.values.subarray(0, count * area(factors.size))),
  };
}

/** What an SVD kept may sum to a little less than nothing where hardly anything was counted; counts never do. */
function summingToCounts(scan: Scan): Scan {
  const isSum = ({ values }: { readonly values: Float32Array }): boolean => values.every((value) => value === 1);
  const least0 = (values: Float32Array): Float32Array => values.map((value) => Math.max(0, value));
  return {
    ...scan,
    toImages: async (stack) => {
      const found = await scan.toImages(stack);
      return isSum(stack) ? images(found.size, least0(found.values)) : found;
    },
    toPatterns: async (stack) => {
      const found = await scan.toPatterns(stack);
      return isSum(stack) ? patterns(found.size, least0(found.values)) : found;
    },
  };
}
