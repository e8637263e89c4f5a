import { fuzzyCMeans } from "../../src/learn/fuzzy-c-means.ts";
import { gustafsonKessel } from "../../src/learn/gustafson-kessel.ts";
import { ica } from "../../src/learn/ica.ts";
import { nmf } from "../../src/learn/nmf.ts";
import { suggestRank } from "../../src/learn/rank.ts";
import type { Svd } from "../../src/learn/results.ts";
import { svd } from "../../src/learn/svd.ts";
import { type Geometry, unmix } from "../../src/learn/unmix.ts";
import type { Scan } from "../../src/scan/scan.ts";
import type { Truth } from "./synthetic-scan.ts";

/** A scan and what methods share of it. */
export interface Given {
  readonly scan: Scan;
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

/** Every method as `analyse` runs it, told the number of components. A new one is one entry here. */
export const methods: Readonly<Record<string, Run>> = {
  unmix: unmixed("minimum-volume"),
  SPA: unmixed("successive-projection"),
  "N-FINDR": unmixed("n-findr"),
  VCA: unmixed("vertex-component-analysis"),
  NMF: async (given) => ({ ...(await nmf(given.scan, given)), scaled: false }),
  FCM: async (given) => {
    const { memberships, centres } = await fuzzyCMeans(given.scan, clustered(given));
    return { loadings: memberships, factors: centres, scaled: true };
  },
  GK: async (given) => {
    const { memberships, centres } = await gustafsonKessel(given.scan, clustered(given));
    return { loadings: memberships, factors: centres, scaled: true };
  },
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

const clustered = ({ svd: found, components, seed }: Given) => ({
  svd: found,
  clusters: components,
  dimensions: components,
  seed,
});

export async function given(scan: Scan, components: number, seed: number): Promise<Given> {
  return { scan, components, seed, svd: await svd(scan, { components: 20, seed }) };
}

/** The number of components that the scan itself suggests. */
export const rankOf = async ({ scan, svd: plain, seed }: Given): Promise<number> =>
  (await suggestRank(scan, { svd: plain, seed })).suggested;
