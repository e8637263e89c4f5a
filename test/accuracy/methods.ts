import { onReference } from "../../src/engines/reference.ts";
import { barycentric } from "../../src/learn/barycentric.ts";
import { fuzzyCMeans } from "../../src/learn/fuzzy-c-means.ts";
import { gustafsonKessel } from "../../src/learn/gustafson-kessel.ts";
import { highContrastCMeans } from "../../src/learn/high-contrast-c-means.ts";
import { ica } from "../../src/learn/ica.ts";
import { kMeans } from "../../src/learn/k-means.ts";
import type { ClusteringOptions } from "../../src/learn/loading-space.ts";
import { nmf } from "../../src/learn/nmf.ts";
import { nmfKullbackLeibler } from "../../src/learn/nmf-kullback-leibler.ts";
import { nmfPoisson } from "../../src/learn/nmf-poisson.ts";
import { nmfSimplex } from "../../src/learn/nmf-simplex.ts";
import { nmfSparse } from "../../src/learn/nmf-sparse.ts";
import { nmfVolume } from "../../src/learn/nmf-volume.ts";
import { noiseClustering } from "../../src/learn/noise-clustering.ts";
import { possibilisticCMeans } from "../../src/learn/possibilistic-c-means.ts";
import { suggestRank } from "../../src/learn/rank.ts";
import type { Clustering, Svd } from "../../src/learn/results.ts";
import { svd } from "../../src/learn/svd.ts";
import { type Geometry, unmix } from "../../src/learn/unmix.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import type { Scan } from "../../src/scan/scan.ts";
import type { Truth } from "./synthetic-scan.ts";

/** A scan and what methods share of it. */
export interface Given {
  readonly scan: Scan;
  /** What the scan holds, positions × pixels. */
  readonly counts: Float64Array;
  readonly components: number;
  readonly seed: number;
  readonly svd: Svd;
}

export interface Found extends Truth {
  /** Whether the scale of a map means something by itself. */
  readonly scaled: boolean;
  readonly assumptions?: readonly { readonly code: string }[];
}

type Run = (given: Given) => Promise<Found>;

const unmixed =
  (geometry: Geometry): Run =>
  async ({ scan, components, seed }) => ({ ...(await unmix(scan, { components, seed, geometry })), scaled: true });

const clusters =
  (cluster: (scan: Scan, options: ClusteringOptions) => Promise<Clustering>): Run =>
  async ({ scan, svd: found, components, seed }) => {
    const options = { svd: found, clusters: components, dimensions: components, seed };
    const { memberships, centres } = await cluster(scan, options);
    return { loadings: memberships, factors: centres, scaled: true };
  };

/** The scan on an engine, for what no product of it can tell. */
const recorded = ({ scan: { positions, pixels }, counts }: Given): Promise<Scan> =>
  onReference(arraySource({ positions, pixels, dtype: "f32", values: Float32Array.from(counts) }));

const told = ({ components, seed }: Given) => ({ components, seed });

/** Every method as `analyse` runs it, told the number of components. A new one is one entry here. */
export const methods: Readonly<Record<string, Run>> = {
  unmix: unmixed("minimum-volume"),
  SPA: unmixed("successive-projection"),
  "N-FINDR": unmixed("n-findr"),
  VCA: unmixed("vertex-component-analysis"),
  NMF: async (given) => ({ ...(await nmf(given.scan, given)), scaled: false }),
  "Poisson NMF": async (given) => ({ ...(await nmfPoisson(given.scan, told(given))), scaled: false }),
  "KL NMF": async (given) => ({ ...(await nmfKullbackLeibler(await recorded(given), told(given))), scaled: false }),
  "sparse NMF": async (given) => ({
    ...(await nmfSparse(given.scan, { ...told(given), svd: given.svd, sparsity: 0.4, on: "maps" })),
    scaled: false,
  }),
  "sum-to-one NMF": async (given) => ({ ...(await nmfSimplex(given.scan, told(given))), scaled: true }),
  "least-volume NMF": async (given) => ({ ...(await nmfVolume(given.scan, told(given))), scaled: true }),
  FCM: clusters(fuzzyCMeans),
  "barycentric FCM": async ({ scan, svd: found, components, seed }) => {
    const options = { svd: found, clusters: components, dimensions: components };
    const { centres, loadingCentres } = await fuzzyCMeans(scan, { ...options, seed });
    return { loadings: barycentric({ ...options, loadingCentres }).maps, factors: centres, scaled: true };
  },
  GK: clusters(gustafsonKessel),
  "k-means": clusters(kMeans),
  "high contrast": clusters(highContrastCMeans),
  possibilistic: clusters(possibilisticCMeans),
  "noise clusters": clusters(noiseClustering),
  ICA: async ({ svd: found, components, seed }) => ({ ...ica(found, { components, seed, starts: 3 }), scaled: false }),
  SVD: async ({ svd: { loadings, factors }, components: k }) => ({
    loadings: {
      ...loadings,
      count: k,
      values: loadings.values.subarray(0, (k * loadings.values.length) / loadings.count),
    },
    factors: { ...factors, count: k, values: factors.values.subarray(0, (k * factors.values.length) / factors.count) },
    scaled: false,
  }),
};

export async function given(scan: Scan, counts: Float64Array, components: number, seed: number): Promise<Given> {
  return { scan, counts, components, seed, svd: await svd(scan, { components: 20, seed }) };
}

/** The number of components that the scan itself suggests. */
export const rankOf = async ({ scan, svd: plain, seed }: Given): Promise<number> =>
  (await suggestRank(scan, { svd: plain, seed })).suggested;
