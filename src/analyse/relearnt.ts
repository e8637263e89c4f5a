import { warningsOf } from "../judge/warnings.ts";
import type { Svd } from "../learn/results.ts";
import { coverage } from "../prepare/coverage.ts";
import { ShapeError, UnsupportedError } from "../scan/errors.ts";
import { masked } from "../scan/masked.ts";
import type { Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { usedIn } from "./aligned-masks.ts";
import type { Analysis } from "./analysis.ts";
import { completed } from "./completed.ts";
import { learned } from "./learned.ts";
import type { Recipe } from "./recipe.ts";
import { recipeFor } from "./recipe-for.ts";
import { stages } from "./stages.ts";

/** What may change without aligning, imaging and decomposing the scan again. */
export type Relearning = Pick<Recipe, "components" | "clusters" | "fuzzifier"> & Partial<Pick<Recipe, "methods">>;

/**
 * What `analyse` finds with other numbers of components and clusters, to the same bits: alignment, images, the SVD and the suggested number
 * do not depend on them and are taken over; the methods read the scan again.
 *
 * @param analysis  from `analyse`, with an SVD
 * @param scan      the scan as it was analysed, aligned, on an engine; it stays open
 * @throws ShapeError        more components than the SVD was made for
 * @throws UnsupportedError  the SVD was centred: the one of the counts was not kept
 * @throws AbortError        signal was aborted
 * @example
 * const found = await relearnt(analysis, scan, { components: 3, clusters: 4, fuzzifier: 2 });
 */
export async function relearnt(
  analysis: Analysis,
  scan: Scan,
  relearning: Relearning,
  watch: Watch = {},
): Promise<Analysis> {
  const { svd, recipe, components, clusters } = numbersOf(analysis, relearning);
  const { alignment, meanPattern } = analysis;
  if (recipe.rank !== analysis.recipe.rank) throw tooFew(svd.singularValues.length, components);
  const masks = usedIn({ ...analysis, recipe });
  const used = masks.pixels || masks.positions ? masked(scan, masks) : scan;
  const stage = stages(watch);
  const learnt = await learned({ scan: used, masks, plain: svd, decomposed: svd, components, clusters }, recipe, stage);
  const cover = alignment && recipe.edge === "fill" ? coverage(analysis.scan.pixels, alignment.shifts) : undefined;
  const whole = cover && (await stage("edge", () => completed(scan, cover, meanPattern, learnt)));
  watch.signal?.throwIfAborted();
  const found = { ...withoutMethods(analysis), recipe, ...(whole?.found ?? learnt) };
  const seconds = { ...analysis.seconds, ...stage.seconds() };
  return Object.freeze({ ...found, warnings: warningsOf(found), seconds });
}

/** The recipe with the new numbers, and what they are. @throws as {@link relearnt} */
export function numbersOf(
  { svd, rank, recipe: before }: Analysis,
  relearning: Relearning,
): { readonly svd: Svd; readonly recipe: Recipe; readonly components: number; readonly clusters: number } {
  const recipe = recipeFor({ ...before, ...relearning }, before.input, before.open);
  if (!svd || recipe.centred) {
    throw new UnsupportedError("expected an SVD of the counts, found one without their mean; analyse again instead", {
      feature: "other numbers from a centred SVD",
    });
  }
  const components = recipe.components === "auto" ? (rank?.suggested ?? 1) : recipe.components;
  const clusters = recipe.clusters === "auto" ? components : recipe.clusters;
  if (Math.max(components, clusters) > svd.singularValues.length) {
    throw tooFew(svd.singularValues.length, Math.max(components, clusters));
  }
  return { svd, recipe, components, clusters };
}

const tooFew = (kept: number, asked: number): ShapeError =>
  new ShapeError(
    `expected no more components than the ${kept} that the SVD kept allow, found ${asked}; analyse again instead`,
    { expected: [1, kept], got: asked },
  );

/** An analysis before any method but the SVD. */
export function withoutMethods(analysis: Analysis) {
  const { ica: _ica, nmf: _nmf, unmix: _unmix, fcm: _fcm, gk: _gk, impossible: _impossible, ...others } = analysis;
  const { numberOfClusters: _number, ...rest } = others;
  const { factorisations: _factorisations, unmixings: _unmixings, clusterings: _clusterings, ...before } = rest;
  return before;
}
