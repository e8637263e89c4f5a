import { highContrastCMeans } from "../learn/high-contrast-c-means.ts";
import { kMeans } from "../learn/k-means.ts";
import type { ClusteringOptions } from "../learn/loading-space.ts";
import type { Fixed } from "../learn/nmf.ts";
import { nmfKullbackLeibler } from "../learn/nmf-kullback-leibler.ts";
import { nmfPoisson } from "../learn/nmf-poisson.ts";
import { nmfSimplex } from "../learn/nmf-simplex.ts";
import { nmfSparse } from "../learn/nmf-sparse.ts";
import { nmfVolume } from "../learn/nmf-volume.ts";
import { type NoiseClustering, noiseClustering } from "../learn/noise-clustering.ts";
import { possibilisticCMeans } from "../learn/possibilistic-c-means.ts";
import { reproject } from "../learn/reproject.ts";
import type { Clustering, Nmf } from "../learn/results.ts";
import { type Unmixing, unmix } from "../learn/unmix.ts";
import { images, type Patterns, patterns, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { valuesOfKept } from "./kept-stack.ts";
import type { Basis } from "./learned.ts";
import { type Mapped, mapped } from "./mapped.ts";
import { clusterings, factorisations, type Method, pickings, type Recipe } from "./recipe.ts";

/** Noise clusters with the mean of the patterns that belong to none. */
export interface KeptNoise extends NoiseClustering {
  readonly noiseCentre: Patterns;
}

/** What the methods beside the usual ones found, by name. */
export interface Variants {
  readonly factorisations?: Readonly<Partial<Record<(typeof factorisations)[number], Nmf>>>;
  readonly unmixings?: Readonly<Partial<Record<(typeof pickings)[number], Unmixing>>>;
  readonly clusterings?: Readonly<Partial<Record<(typeof clusterings)[number], Mapped | Mapped<KeptNoise>>>>;
}

/** Runs one method as a stage; undefined where the recipe does not name it, or the data do not allow it. */
export type IfPossible = <T>(method: Method, work: (watch: Watch) => Promise<T>) => Promise<T | undefined> | undefined;

/** What a factorisation is told for a preview. */
export const quickly = { starts: 1, sweeps: 1, tolerance: 1e-4 } as const;

/** Hoyer's sparsity that maps are given where nothing is said. */
const SPARSITY = 0.4;

/** Runs the methods beside the usual ones that the recipe names. */
export async function learnedVariants(
  basis: Basis,
  recipe: Recipe,
  inLoadings: ClusteringOptions & { readonly fuzzifier: number },
  ifPossible: IfPossible,
): Promise<Variants> {
  const { scan, plain, components } = basis;
  const { seed, sparsity = SPARSITY, sparse = "maps", sum = "one", volume, contrast } = recipe;
  const k = { components, seed, ...(basis.quick && quickly) };
  const fixed = fixedOf(basis, recipe);
  const factorise: Record<(typeof factorisations)[number], (watch: Watch) => Promise<Nmf>> = {
    "nmf-poisson": (watch) => nmfPoisson(scan, { ...k, ...(fixed && { fixed }), ...watch }),
    "nmf-kl": (watch) => nmfKullbackLeibler(scan, { ...k, ...watch }),
    "nmf-sparse": (watch) => nmfSparse(scan, { ...k, svd: plain, sparsity, on: sparse, ...watch }),
    "nmf-simplex": (watch) => nmfSimplex(scan, { ...k, sum, ...watch }),
    "nmf-volume": (watch) => nmfVolume(scan, { ...k, sum, ...(volume !== undefined && { volume }), ...watch }),
  };
  const geometries = { spa: "successive-projection", vca: "vertex-component-analysis", "n-findr": "n-findr" } as const;
  const cluster: Record<(typeof clusterings)[number], (watch: Watch) => Promise<Clustering>> = {
    "k-means": (watch) => kMeans(scan, { ...inLoadings, ...watch }),
    possibilistic: (watch) => possibilisticCMeans(scan, { ...inLoadings, ...watch }),
    "high-contrast": (watch) =>
      highContrastCMeans(scan, { ...inLoadings, ...(contrast !== undefined && { contrast }), ...watch }),
    noise: (watch) => withNoiseCentre(scan, inLoadings.fuzzifier, noiseClustering(scan, { ...inLoadings, ...watch })),
  };
  const found = {
    factorisations: await each(factorisations, (name) => ifPossible(name, factorise[name])),
    unmixings: await each(pickings, (name) =>
      ifPossible(name, (watch) => unmix(scan, { ...k, geometry: geometries[name], ...watch })),
    ),
    clusterings: await each(clusterings, (name) =>
      ifPossible(name, (watch) => mapped(cluster[name](watch), inLoadings)),
    ),
  };
  return {
    ...(found.factorisations && { factorisations: found.factorisations }),
    ...(found.unmixings && { unmixings: found.unmixings }),
    ...(found.clusterings && { clusterings: found.clusterings }),
  };
}

/** What one method after the other found; undefined where none did. */
async function each<Name extends string, T>(
  names: readonly Name[],
  run: (name: Name) => Promise<T | undefined> | undefined,
): Promise<Partial<Record<Name, T>> | undefined> {
  const found: Partial<Record<Name, T>> = {};
  for (const name of names) {
    const result = await run(name);
    if (result !== undefined) found[name] = result;
  }
  return Object.keys(found).length > 0 ? found : undefined;
}

async function withNoiseCentre(scan: Scan, fuzzifier: number, work: Promise<NoiseClustering>): Promise<KeptNoise> {
  const found = await work;
  return { ...found, noiseCentre: await reproject(scan, found.noise, fuzzifier) };
}

/** What the recipe holds fixed; masked pixels and positions are 0, as they are in the scan. */
export function fixedOf({ masks }: Pick<Basis, "masks">, { fixed }: Recipe): Fixed | undefined {
  if (!fixed) return undefined;
  const shown = (values: Float32Array, mask: Uint8Array | undefined): Float32Array =>
    mask ? values.map((value, at) => (mask[at % mask.length] ? value : 0)) : values;
  return {
    ...(fixed.patterns && {
      patterns: patterns(fixed.patterns.size, shown(valuesOfKept(fixed.patterns), masks.pixels)),
    }),
    ...(fixed.maps && { maps: images(fixed.maps.size, shown(valuesOfKept(fixed.maps), masks.positions)) }),
  };
}
