import { warningsOf } from "../judge/warnings.ts";
import { ShapeError, UnsupportedError } from "../scan/errors.ts";
import { lowRank } from "../scan/low-rank.ts";
import { images, patterns, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { usedIn } from "./aligned-masks.ts";
import type { Analysis } from "./analysis.ts";
import { learned } from "./learned.ts";
import type { Recipe } from "./recipe.ts";
import { stages } from "./stages.ts";

/** What may change without reading the scan again. */
export type Relearning = Pick<Recipe, "components" | "clusters" | "fuzzifier"> & Partial<Pick<Recipe, "methods">>;

/** An analysis made from what an earlier one kept of the data. */
export interface Preview extends Analysis {
  readonly preview: true;
}

/**
 * The methods after the SVD once more, with other numbers of components and clusters, at once: in place of the scan stands what the SVD
 * kept of it, so that the scan is not read.
 *
 * Independent components and memberships are what `analyse` would find. Patterns are projected on the singular vectors, which takes noise off
 * them; NMF and unmixing end near where they would; pixels that alignment moved off the detector stay 0. So this is a preview:
 * to keep a result, analyse with the new numbers.
 *
 * @param analysis  from `analyse`, with an SVD
 * @throws ShapeError        more components than the SVD kept
 * @throws UnsupportedError  the SVD was centred: it says nothing of the mean
 * @throws AbortError        signal was aborted
 * @example
 * const preview = await relearnt(analysis, { components: 3, clusters: 4, fuzzifier: 2 });
 */
export async function relearnt(analysis: Analysis, relearning: Relearning, watch: Watch = {}): Promise<Preview> {
  const { scan, alignment, svd, rank } = analysis;
  const recipe: Recipe = { ...analysis.recipe, ...relearning };
  if (!svd || recipe.centred) {
    throw new UnsupportedError("expected an SVD of the counts, found one without their mean; analyse again instead", {
      feature: "preview from a centred SVD",
    });
  }
  const kept = svd.singularValues.length;
  const components = recipe.components === "auto" ? (rank?.suggested ?? 1) : recipe.components;
  const clusters = recipe.clusters === "auto" ? components : recipe.clusters;
  if (components > kept || clusters > kept) {
    throw new ShapeError(
      `expected at most the ${kept} components that the SVD kept, found ${Math.max(components, clusters)}; analyse again instead`,
      { expected: [1, kept], got: Math.max(components, clusters) },
    );
  }
  const masks = usedIn({ scan, recipe, ...(alignment && { alignment }) });
  const stage = stages(watch);
  const stand = summingToCounts(lowRank(svd));
  const learnt = await learned(
    { scan: stand, masks, plain: svd, decomposed: svd, components, clusters },
    recipe,
    stage,
  );
  watch.signal?.throwIfAborted();
  const { ica: _ica, nmf: _nmf, unmix: _unmix, fcm: _fcm, gk: _gk, impossible: _impossible, ...others } = analysis;
  const { factorisations: _factorisations, unmixings: _unmixings, clusterings: _clusterings, ...before } = others;
  const found = { ...before, recipe, ...learnt };
  return Object.freeze({ ...found, warnings: warningsOf(found), seconds: stage.seconds(), preview: true });
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
