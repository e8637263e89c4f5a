import { fuzzyCMeans } from "../learn/fuzzy-c-means.ts";
import { type GustafsonKessel, gustafsonKessel } from "../learn/gustafson-kessel.ts";
import { type Ica, ica } from "../learn/ica.ts";
import { nmf } from "../learn/nmf.ts";
import { nmfErrors } from "../learn/nmf-errors.ts";
import { type NumberOfClusters, numberOfClusters } from "../learn/number-of-clusters.ts";
import type { Nmf, Svd } from "../learn/results.ts";
import { type Unmixing, unmix } from "../learn/unmix.ts";
import { DataError, ShapeError, UnsupportedError } from "../scan/errors.ts";
import type { Masks } from "../scan/masked.ts";
import type { Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { fixedOf, learnedVariants, quickly, type Variants } from "./learned-variants.ts";
import { type Mapped, mapped } from "./mapped.ts";
import { clusterings, type Method, type Recipe } from "./recipe.ts";
import type { Stages } from "./stages.ts";

/** What the methods of a recipe found; those that it did not name are absent. */
export interface Learned extends Variants {
  readonly ica?: Ica;
  readonly nmf?: Nmf & { readonly errorByComponents: Readonly<Record<string, number>> };
  readonly unmix?: Unmixing;
  readonly fcm?: Mapped;
  readonly gk?: Mapped<GustafsonKessel>;
  /** How many clusters the positions form, by several indices; where anything was clustered. */
  readonly numberOfClusters?: NumberOfClusters;
  /** Methods that the recipe named but that these data do not allow, and why. */
  readonly impossible?: readonly Impossible[];
}

/** A method that cannot work on the data: a finding about them, not a failure of the run. */
export interface Impossible {
  readonly method: Method;
  readonly reason: string;
}

/** What all methods start from. */
export interface Basis {
  /** The scan, without what is masked. */
  readonly scan: Scan;
  readonly masks: Masks;
  readonly plain: Svd;
  /** The plain SVD, or the centred one where the recipe asks for it. */
  readonly decomposed: Svd;
  readonly components: number;
  readonly clusters: number;
  /** One start and few iterations each: for a preview. */
  readonly quick?: boolean;
}

/** Errors by which a method says that the data are not for it. */
const refusals = [ShapeError, DataError, UnsupportedError];

/** How many clusters there are, where anything is clustered and the positions are different enough to be counted. */
async function counting(
  methods: readonly Method[],
  stage: Stages,
  count: (watch: Watch) => NumberOfClusters,
): Promise<NumberOfClusters | undefined> {
  const clustered: readonly Method[] = ["fcm", "gk", ...clusterings];
  if (!methods.some((method) => clustered.includes(method))) return undefined;
  return stage("number of clusters", async (watch) => count(watch)).catch((error: unknown) => {
    // Of a few different positions nothing can be said.
    if (error instanceof ShapeError) return undefined;
    throw error;
  });
}

/** Runs the methods that the recipe names, one stage each. */
export async function learned(basis: Basis, recipe: Recipe, stage: Stages): Promise<Learned> {
  const { scan, masks, plain, decomposed, components, clusters, quick = false } = basis;
  const { seed, fuzzifier, loadings, methods } = recipe;
  const kept = plain.singularValues.length;
  const impossible: Impossible[] = [];
  const named = <T>(method: Method, work: (watch: Watch) => Promise<T>) =>
    methods.includes(method) ? stage(method, work) : undefined;
  /** For methods that need more of the data than that there are enough of them. */
  const ifPossible = <T>(method: Method, work: (watch: Watch) => Promise<T>) =>
    named(method, (watch) =>
      work(watch).catch((error: unknown) => {
        if (!(error instanceof Error && refusals.some((kind) => error instanceof kind))) throw error;
        impossible.push({ method, reason: error.message });
        return undefined;
      }),
    );
  const inLoadings = {
    svd: decomposed,
    dimensions: Math.min(clusters, kept),
    clusters,
    fuzzifier,
    loadings,
    seed,
    ...(masks.positions && { positions: masks.positions }),
    ...(quick && { starts: 1, maximumIterations: 30 }),
  };

  const turned = await ifPossible("ica", async (watch) =>
    ica(decomposed, {
      ...recipe.ica,
      components: Math.min(components, kept),
      // Enough to tell whether starts agree; maps and patterns no longer move visibly at this tolerance.
      starts: quick ? 1 : 3,
      tolerance: quick ? 1e-4 : 1e-7,
      maximumIterations: quick ? 30 : 100,
      seed,
      ...(masks.pixels && { pixels: masks.pixels }),
      ...(masks.positions && { positions: masks.positions }),
      ...watch,
    }),
  );
  const fixed = fixedOf(basis, recipe);
  const factorised = await named("nmf", async (watch) => ({
    ...(await nmf(scan, {
      ...{ components, svd: plain, seed },
      ...(fixed && { fixed }),
      ...(quick && quickly),
      ...watch,
    })),
    errorByComponents: quick ? {} : nmfErrors(plain, { components: Math.min(components + 3, kept), seed, ...watch }),
  }));
  const unmixed = await ifPossible("unmix", (watch) =>
    unmix(scan, { components, seed, ...(quick && { geometry: "successive-projection" }), ...watch }),
  );
  const clustered = await named("fcm", (watch) => mapped(fuzzyCMeans(scan, { ...inLoadings, ...watch }), inLoadings));
  const elliptic = await named("gk", (watch) => mapped(gustafsonKessel(scan, { ...inLoadings, ...watch }), inLoadings));
  const counted = quick
    ? undefined
    : await counting(methods, stage, (watch) =>
        numberOfClusters({ ...inLoadings, dimensions: undefined, most: Math.max(5, clusters + 2), ...watch }),
      );
  const variants = await learnedVariants(basis, recipe, inLoadings, ifPossible);
  return {
    ...(turned && { ica: turned }),
    ...(factorised && { nmf: factorised }),
    ...(unmixed && { unmix: unmixed }),
    ...(clustered && { fcm: clustered }),
    ...(elliptic && { gk: elliptic }),
    ...(counted && { numberOfClusters: counted }),
    ...variants,
    ...(impossible.length > 0 && { impossible }),
  };
}
