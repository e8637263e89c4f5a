import { fuzzyCMeans } from "../learn/fuzzy-c-means.ts";
import { nmf } from "../learn/nmf.ts";
import { svd } from "../learn/svd.ts";
import { unmix } from "../learn/unmix.ts";
import { item, type Scan } from "../scan/scan.ts";
import type { InclinedBoundaryOptions, simulateInclinedBoundary } from "../simulate/inclined-boundary.ts";
import { angle, matched, reordered, rmsDifference } from "./matching.ts";
import { percent, shown } from "./reproduction.ts";

/** Everything that Figs 5 and 6 learn from a model scan, crystals in the order of the truth. */
export async function learnedFromModel(
  scan: Scan,
  truth: ReturnType<typeof simulateInclinedBoundary>["truth"],
  seed: number,
) {
  const found = await svd(scan, { components: 2, seed });
  const factorised = await nmf(scan, { components: 2, svd: found, seed, starts: 1 });
  const clustered = await fuzzyCMeans(scan, { svd: found, clusters: 2, seed });
  const unmixed = await unmix(scan, { components: 2, seed });
  const inOrder = matched(truth.abundances, factorised.loadings);
  const clusters = matched(truth.abundances, clustered.memberships);
  const ends = matched(truth.abundances, unmixed.loadings);
  return {
    found,
    nmf: {
      ...factorised,
      factors: reordered(factorised.factors, inOrder),
      loadings: reordered(factorised.loadings, inOrder),
    },
    fcm: {
      ...clustered,
      centres: reordered(clustered.centres, clusters),
      memberships: reordered(clustered.memberships, clusters),
      // One centre a row, in the two loadings.
      loadingCentres: Float64Array.from(
        clusters.flatMap((c) => [0, 1].map((d) => clustered.loadingCentres[2 * c + d]!)),
      ),
    },
    unmix: { ...unmixed, factors: reordered(unmixed.factors, ends), loadings: reordered(unmixed.loadings, ends) },
  };
}

export type Learned = Awaited<ReturnType<typeof learnedFromModel>>;

export type Truth = ReturnType<typeof simulateInclinedBoundary>["truth"];

export const mapError = (found: Learned["nmf"]["loadings"], truth: Truth["abundances"]): number =>
  rmsDifference(found.values, truth.values);

export const patternErrors = (found: Learned["nmf"]["factors"], truth: Truth["patterns"]): string =>
  [0, 1].map((k) => `${shown(angle(item(found, k), item(truth, k)), 2)}°`).join(" and ");

export const parametersOf = (
  { positions, pixels, dtype, metadata, descriptor }: ReturnType<typeof simulateInclinedBoundary>["source"],
  seed: number,
): (readonly [string, string | number])[] => {
  const options = descriptor.options as Required<InclinedBoundaryOptions>;
  return [
    ["scan", `${positions.join(" × ")} positions, ${pixels.join(" × ")} px, ${dtype}`],
    ["positions over the boundary", percent(Number(metadata.mixed), 0)],
    ["peaks", `${options.peaks} × ${options.peaks}, ${options.spacing} px apart, σ = ${options.width} px`],
    ["NMF", "2 components, from NNDSVD as in the paper"],
    ["clustering", "fuzzy c-means, 2 clusters, fuzzifier 2, on 2 SVD loadings (not centred)"],
    ["seed", seed],
    ["not stated in the paper", "all of these but the numbers of components and clusters"],
  ];
};
