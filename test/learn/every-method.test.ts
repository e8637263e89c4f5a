import { describe, expect, it } from "vitest";
import { onReference } from "../../src/engines/reference.ts";
import { fuzzyCMeans } from "../../src/learn/fuzzy-c-means.ts";
import { gustafsonKessel } from "../../src/learn/gustafson-kessel.ts";
import { highContrastCMeans } from "../../src/learn/high-contrast-c-means.ts";
import { ica } from "../../src/learn/ica.ts";
import { kMeans } from "../../src/learn/k-means.ts";
import type { ClusteringOptions } from "../../src/learn/loading-space.ts";
import { nmf } from "../../src/learn/nmf.ts";
import { nmfErrors } from "../../src/learn/nmf-errors.ts";
import { nmfKullbackLeibler } from "../../src/learn/nmf-kullback-leibler.ts";
import { nmfPoisson } from "../../src/learn/nmf-poisson.ts";
import { nmfSimplex } from "../../src/learn/nmf-simplex.ts";
import { nmfSparse } from "../../src/learn/nmf-sparse.ts";
import { nmfVolume } from "../../src/learn/nmf-volume.ts";
import { noiseClustering } from "../../src/learn/noise-clustering.ts";
import { numberOfClusters } from "../../src/learn/number-of-clusters.ts";
import { possibilisticCMeans } from "../../src/learn/possibilistic-c-means.ts";
import { suggestRank } from "../../src/learn/rank.ts";
import type { Clustering, Decomposition, Svd } from "../../src/learn/results.ts";
import { svd } from "../../src/learn/svd.ts";
import { unmix } from "../../src/learn/unmix.ts";
import { onThreads } from "../../src/node/threads.ts";
import { arraySource } from "../../src/scan/array-source.ts";
import { DataError, ShapeError } from "../../src/scan/errors.ts";
import { type Masks, masked } from "../../src/scan/masked.ts";
import { area, type Scan, type Size } from "../../src/scan/scan.ts";
import type { PatternSource, Watch } from "../../src/scan/source.ts";
import { example } from "./example.ts";

/** What every method starts from, here with the masks that the scan already has. */
interface Given extends Watch {
  readonly scan: Scan;
  readonly svd: Svd;
  readonly seed: number;
  readonly components: number;
  readonly masks: Masks;
}

/** All numbers of a result; of methods that make them, patterns and images too. */
interface Found {
  readonly numbers: readonly ArrayLike<number>[];
  readonly patterns?: Float32Array;
  readonly images?: Float32Array;
}

const decomposed = ({ loadings, factors }: Decomposition, ...numbers: ArrayLike<number>[]): Found => ({
  numbers: [loadings.values, factors.values, ...numbers],
  patterns: factors.values,
  images: loadings.values,
});

const clustered =
  (method: (scan: Scan, options: ClusteringOptions) => Promise<Clustering>) =>
  async ({ scan, masks, components: clusters, ...given }: Given): Promise<Found> => {
    const found = await method(scan, { ...given, clusters, ...(masks.positions && { positions: masks.positions }) });
    const { memberships, centres, loadingCentres, objective } = found;
    return decomposed({ loadings: memberships, factors: centres }, loadingCentres, [objective]);
  };

const unmixed =
  (geometry: NonNullable<Parameters<typeof unmix>[1]["geometry"]>) =>
  async ({ scan, ...given }: Given): Promise<Found> => {
    const found = await unmix(scan, { ...given, geometry });
    return decomposed(found, [found.residual], found.noise, found.uncertainty, ...found.freedom);
  };

const turned =
  (of: "patterns" | "maps") =>
  async ({ svd: found, masks, ...given }: Given): Promise<Found> => {
    const { unmixing, stability, ...parts } = ica(found, { ...given, of, ...masks });
    return decomposed(parts, unmixing, stability);
  };

/** A new method is one entry here. */
const methods: Readonly<Record<string, (given: Given) => Promise<Found>>> = {
  svd: async ({ scan, ...given }) => {
    const found = await svd(scan, { ...given, components: 4 });
    return decomposed(found, found.singularValues, found.explained);
  },
  rank: async ({ scan, ...given }) => ({ numbers: [Object.values((await suggestRank(scan, given)).votes)] }),
  "ica of patterns": turned("patterns"),
  "ica of maps": turned("maps"),
  nmf: async ({ scan, ...given }) => decomposed(await nmf(scan, given)),
  "nmf errors": async ({ svd: found, ...given }) => ({
    numbers: [Object.values(nmfErrors(found, given))],
  }),
  "nmf-poisson": async ({ scan, svd: _, ...given }) => decomposed(await nmfPoisson(scan, given)),
  "nmf-kl": async ({ scan, ...given }) => decomposed(await nmfKullbackLeibler(scan, given)),
  "nmf-sparse": async ({ scan, ...given }) => decomposed(await nmfSparse(scan, { ...given, sparsity: 0.4 })),
  "nmf-simplex": async ({ scan, ...given }) => decomposed(await nmfSimplex(scan, given)),
  "nmf-volume": async ({ scan, ...given }) => decomposed(await nmfVolume(scan, given)),
  unmix: unmixed("minimum-volume"),
  spa: unmixed("successive-projection"),
  vca: unmixed("vertex-component-analysis"),
  "n-findr": unmixed("n-findr"),
  fcm: clustered(fuzzyCMeans),
  gk: clustered(gustafsonKessel),
  "k-means": clustered(kMeans),
  possibilistic: clustered(possibilisticCMeans),
  "high-contrast": clustered(highContrastCMeans),
  noise: clustered(noiseClustering),
  "number of clusters": async ({ masks, ...given }) => {
    const { votes, indices, gap } = numberOfClusters({
      ...given,
      most: 4,
      ...(masks.positions && { positions: masks.positions }),
    });
    return { numbers: [Object.values(votes), ...indices.map(Object.values), gap.gaps, gap.errors] };
  },
};

const { positions, pixels, x: counts } = example(3, 2000, 4, [11, 13], [9, 11]);
const [n, p] = [area(positions), area(pixels)];

const source = (x: Float64Array, size: Size = positions) =>
  arraySource({ positions: size, pixels, dtype: "u16", values: Uint16Array.from(x) });

const scanOf = (x: Float64Array): Promise<Scan> => onReference(source(x));

const run = async (name: string, scan: Scan, { components = 3, seed = 1, masks = {}, ...watch }: Partial<Given> = {}) =>
  methods[name]({
    scan: masks.positions || masks.pixels ? masked(scan, masks) : scan,
    svd: await svd(masked(scan, masks), { components: Math.min(8, n), seed }),
    components,
    seed,
    masks,
    ...watch,
  });

const bits = ({ numbers }: Found): string =>
  numbers.map((values) => Buffer.from(Float64Array.from(values).buffer).toString("base64")).join();

describe.each(Object.keys(methods))("%s", (name) => {
  it("has the same bits for the same seed, and for any number of threads", async () => {
    const dense = await scanOf(counts);
    expect(bits(await run(name, dense))).toBe(bits(await run(name, dense)));
    const found: string[] = [];
    for (const threads of [1, 3]) {
      const scan = await onThreads(source(counts), { threads, memory: 1e8 });
      found.push(bits(await run(name, scan)));
      await scan.close();
    }
    expect(found[1]).toBe(found[0]);
  });

  it("sees nothing of what is masked, and puts nothing there", async () => {
    const masks = {
      positions: Uint8Array.from({ length: n }, (_, i) => (i % 13 < 2 || i === 100 ? 0 : 1)),
      pixels: Uint8Array.from({ length: p }, (_, j) => (j % 11 === 6 || j === 20 ? 0 : 1)),
    };
    const spoilt = counts.map((value, at) =>
      masks.positions[Math.floor(at / p)] && masks.pixels[at % p] ? value : 40 + ((7 * at) % 501),
    );
    const found = await run(name, await scanOf(counts), { masks });
    expect(bits(await run(name, await scanOf(spoilt), { masks }))).toBe(bits(found));
    expect(found.patterns?.some((value, at) => value !== 0 && !masks.pixels[at % p]) ?? false).toBe(false);
    // Clusters show memberships of all positions that a mask shows: none elsewhere.
    expect(found.images?.some((value, at) => value !== 0 && !masks.positions[at % n]) ?? false).toBe(false);
    expect(found.numbers.every((values) => Array.from(values).every(Number.isFinite))).toBe(true);
  });

  it("reports rising progress up to 1, and ends at once when told to", async () => {
    let read = 0;
    const recorded = source(counts);
    const counting: PatternSource = {
      ...recorded,
      async read(...range) {
        read++;
        return recorded.read(...range);
      },
    };
    const scan = await onReference(counting);
    const fractions: number[] = [];
    await run(name, scan, { onProgress: (_, fraction) => fractions.push(fraction) });
    expect(fractions).toEqual(fractions.toSorted((a, b) => a - b));
    expect(fractions.at(-1)).toBe(1);
    expect(fractions[0]).toBeLessThan(1);

    const controller = new AbortController();
    let readThen = 0;
    const stopped = run(name, scan, {
      signal: controller.signal,
      onProgress: () => {
        if (!controller.signal.aborted) readThen = read;
        controller.abort();
      },
    });
    await expect(stopped).rejects.toMatchObject({ name: "AbortError" });
    // What was being read may be read to its end.
    expect(read - readThen).toBeLessThanOrEqual(2 * n);
  });

  it("gives finite numbers or a clear reason on data from which nothing can be learned", async () => {
    const pattern = counts.subarray(0, p);
    const everywhere = (value: (i: number, j: number) => number) =>
      scanOf(Float64Array.from({ length: n * p }, (_, at) => value(Math.floor(at / p), at % p)));
    const scans: Record<string, Scan> = {
      zeros: await everywhere(() => 0),
      constant: await everywhere(() => 3),
      "one pattern": await everywhere((_, j) => pattern[j]),
      "one pattern, brighter and darker": await everywhere((i, j) => (1 + (i % 5)) * pattern[j]),
      "one count": await everywhere((i, j) => (i === 5 && j === 7 ? 1 : 0)),
      "fewer positions than components": await onReference(source(counts.slice(0, 2 * p), [1, 2])),
    };
    for (const [what, scan] of Object.entries(scans)) {
      const small = area(scan.positions) < 3;
      const found = await methods[name]({
        scan,
        svd: await svd(scan, { components: small ? 2 : 8, seed: 1 }),
        components: 3,
        seed: 1,
        masks: {},
      }).catch((error: unknown) => {
        expect(error instanceof ShapeError || error instanceof DataError, `${what}: ${error}`).toBe(true);
        expect((error as Error).message, what).toMatch(/expected .*, found /);
        return undefined;
      });
      const infinite = found?.numbers.some((values) => Array.from(values).some((value) => !Number.isFinite(value)));
      expect(infinite ?? false, what).toBe(false);
    }
  }, 120_000);
});
