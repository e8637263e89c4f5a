import { log } from "../algebra/elementary.ts";
import { ShapeError } from "../scan/errors.ts";
import type { Watch } from "../scan/source.ts";
import { alternate } from "./alternate.ts";
import { fuzzyRule, requireFuzzifier } from "./fuzzy-rule.ts";
import { type Gaps, gapStatistic } from "./gap-statistic.ts";
import { type ClusteringOptions, loadingSpace, squaredDistance, thinnedPoints } from "./loading-space.ts";
import { bestOfStarts, type Descent } from "./prototypes.ts";
import { elbow } from "./scree.ts";
import { type Partition, type Validity, validity } from "./validity.ts";

export interface NumberOfClustersOptions
  extends Watch,
    Pick<ClusteringOptions, "svd" | "loadings" | "positions" | "starts" | "seed"> {
  /** Largest number looked at, default 8, at least 2. */
  readonly most?: number;
  /** How many leading loadings span the space, for every number alike; default where the scree plot bends. */
  readonly dimensions?: number | undefined;
  /** m > 1, default 2. */
  readonly fuzzifier?: number;
}

export interface NumberOfClusters {
  readonly suggested: number;
  /** What each index prefers. */
  readonly votes: Readonly<Record<string, number>>;
  readonly reason: string;
  /** Indices for 2, 3, … clusters. */
  readonly indices: readonly (Validity & { readonly clusters: number })[];
  /** For 1, 2, … clusters. */
  readonly gap: Gaps;
}

/** Of more positions, so many evenly spread ones stand for all: indices are means over positions. */
const MOST_POINTS = 4000;

/**
 * How many clusters the loadings form: fuzzy c-means for 2 … `most`, judged by all indices.
 *
 * The suggestion is the middle vote of Xie–Beni, the fuzzy silhouette and the gap statistic. Partition coefficient and entropy vote only
 * after their fall or rise with the number is taken out, and are shown for comparison. Clusters are groups of positions, not phases:
 * a row of mixed positions can be a group, and a rare phase may be none. X is not read.
 *
 * @throws ShapeError most below 2 or above the number of different points, fuzzifier not above 1; dimensions or mask out of range
 * @throws DataError  a loading is not finite
 * @throws AbortError signal was aborted; nothing is returned
 * @example
 * const { suggested, reason } = numberOfClusters({ svd: found, most: 5, seed: 1 });
 */
export function numberOfClusters(options: NumberOfClustersOptions): NumberOfClusters {
  const { svd, most = 8, fuzzifier = 2, starts = 6, seed, signal, onProgress } = options;
  requireFuzzifier("number of clusters", fuzzifier);
  if (!(Number.isInteger(most) && most >= 2)) {
    throw new ShapeError(`number of clusters: expected to look at 2 or more, found ${most}`, {
      expected: "≥ 2",
      got: most,
    });
  }
  const { fitted: all, dimensions } = loadingSpace("number of clusters", options, elbow(svd.explained));
  const fitted = thinnedPoints(all, dimensions, MOST_POINTS);
  const descend = alternate(dimensions, fuzzyRule(fuzzifier));
  const indices = Array.from({ length: most - 1 }, (_, i) => {
    const clusters = i + 2;
    const found = bestOfStarts("number of clusters", fitted, dimensions, { clusters, starts, seed, signal }, descend);
    onProgress?.("number of clusters", (0.7 * (i + 1)) / (most - 1));
    return { clusters, ...validity(partitionOf(fitted, dimensions, found, fuzzifier)) };
  });
  const gap = gapStatistic(fitted, dimensions, { most, seed, signal });
  onProgress?.("number of clusters", 1);
  const votes = {
    xieBeni: best(indices, (index) => -index.xieBeni),
    fuzzySilhouette: best(indices, (index) => index.fuzzySilhouette),
    gap: gap.suggested,
    fukuyamaSugeno: best(indices, (index) => -index.fukuyamaSugeno),
    // Davé 1996: 0 where nothing is told apart, 1 where memberships are crisp, for any number of clusters.
    partitionCoefficient: best(indices, (index) => {
      return 1 - (index.clusters / (index.clusters - 1)) * (1 - index.partitionCoefficient);
    }),
    partitionEntropy: best(indices, (index) => -index.partitionEntropy / log(index.clusters)),
  };
  const deciding = [votes.xieBeni, votes.fuzzySilhouette, votes.gap].sort((a, b) => a - b);
  const suggested = deciding[1];
  return Object.freeze({ suggested, votes: Object.freeze(votes), reason: reasonFor(votes, suggested), indices, gap });
}

function reasonFor(votes: Readonly<Record<string, number>>, suggested: number): string {
  const { xieBeni, fuzzySilhouette, gap } = votes;
  const agree = [xieBeni, fuzzySilhouette, gap].filter((vote) => vote === suggested).length;
  if (agree === 3) return `Xie–Beni, the fuzzy silhouette and the gap statistic agree on ${suggested}.`;
  const each = `Xie–Beni prefers ${xieBeni}, the fuzzy silhouette ${fuzzySilhouette}, the gap statistic ${gap}`;
  return agree === 2 ? `${each}: two of three.` : `${each}: they disagree, and ${suggested} is the middle one.`;
}

type Index = NumberOfClusters["indices"][number];

function best(indices: readonly Index[], merit: (index: Index) => number): number {
  return indices.reduce((most, next) => (merit(next) > merit(most) ? next : most)).clusters;
}

function partitionOf(points: Float64Array, dimensions: number, { centres }: Descent, fuzzifier: number): Partition {
  const clusters = centres.length / dimensions;
  const rows = points.length / dimensions;
  const memberships = new Float64Array(rows * clusters);
  const rule = fuzzyRule(fuzzifier);
  const [squared, w] = [new Float64Array(clusters), new Float64Array(clusters)];
  for (let i = 0; i < rows; i++) {
    for (let k = 0; k < clusters; k++) squared[k] = squaredDistance(points, i, centres, k, dimensions);
    rule(squared, memberships.subarray(i * clusters, (i + 1) * clusters), w);
  }
  return { points, dimensions, centres, memberships, fuzzifier };
}
