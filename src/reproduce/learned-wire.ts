import { fuzzyCMeans } from "../learn/fuzzy-c-means.ts";
import { nmf } from "../learn/nmf.ts";
import type { Clustering, Nmf, Svd } from "../learn/results.ts";
import { svd } from "../learn/svd.ts";
import { type Unmixing, unmix } from "../learn/unmix.ts";
import { area, item } from "../scan/scan.ts";
import { matched, reordered, rmsDifference } from "./matching.ts";
import { shown } from "./reproduction.ts";
import type { WireScan } from "./wire-scans.ts";
import { backgroundOf } from "./wire-spots.ts";

/** What is learned from a wire with three components: first twin, second twin, background, in this order. */
export interface LearnedWire {
  readonly svd: Svd;
  readonly nmf: Nmf;
  readonly fcm: Clustering;
  readonly unmix: Unmixing;
}

/**
 * HyperSpy, which the paper used, decomposes the transposed data where positions are fewer than pixels: its loadings then have unit norm, and every
 * component weighs the same in the clustering.
 */
export const loadingsOf = ({ scan }: WireScan): "unit" | "scaled" =>
  area(scan.positions) < area(scan.pixels) ? "unit" : "scaled";

/** Everything that Figs 3 and 4 learn. Twins come in the order of the truth where it is known. */
export async function learnedFromWire(wire: WireScan, seed: number): Promise<LearnedWire> {
  const { scan, truth } = wire;
  const found = await svd(scan, { components: Math.min(20, area(scan.positions)), seed });
  const factorised = await nmf(scan, { components: 3, svd: found, seed, starts: 1 });
  const clustered = await fuzzyCMeans(scan, { svd: found, clusters: 3, seed, loadings: loadingsOf(wire) });
  const unmixed = await unmix(scan, { components: 3, seed });
  const background = backgroundOf(clustered.centres, wire);
  const others = [0, 1, 2].filter((k) => k !== background) as [number, number];
  const swapped =
    truth !== undefined &&
    matched(
      { ...truth.abundances, count: 2, values: truth.abundances.values.subarray(0, 2 * area(scan.positions)) },
      reordered(clustered.memberships, others),
    )[0] === 1;
  const clusters = swapped ? [others[1], others[0], background] : [...others, background];
  const memberships = reordered(clustered.memberships, clusters);
  const [factors, ends] = [factorised.loadings, unmixed.loadings].map((loadings) => matched(memberships, loadings)) as [
    number[],
    number[],
  ];
  const dimensions = clustered.loadingCentres.length / clustered.clusters;
  return {
    svd: found,
    nmf: {
      ...factorised,
      factors: reordered(factorised.factors, factors),
      loadings: reordered(factorised.loadings, factors),
    },
    fcm: {
      ...clustered,
      memberships,
      centres: reordered(clustered.centres, clusters),
      loadingCentres: Float64Array.from(
        clusters.flatMap((c) => [...clustered.loadingCentres.subarray(c * dimensions, (c + 1) * dimensions)]),
      ),
    },
    unmix: { ...unmixed, factors: reordered(unmixed.factors, ends), loadings: reordered(unmixed.loadings, ends) },
  };
}

/** The loadings that were clustered. */
export function coordinates(wire: WireScan, { loadings, singularValues }: Svd): Float32Array[] {
  const scale = (k: number): number => (loadingsOf(wire) === "unit" ? 1 / singularValues[k]! : 1);
  return [0, 1, 2].map((k) => item(loadings, k).map((value) => value * scale(k)));
}

/** How far unmixing comes: against the truth where there is one. */
export function unmixedCaption({ truth, scan }: WireScan, { nmf, fcm, unmix }: LearnedWire): string {
  if (!truth) return `Unmixing of the same data. ${unmix.method}`;
  const count = area(scan.positions);
  const true2 = truth.abundances.values.subarray(0, 2 * count);
  const [byNmf, byClusters, byUnmixing] = [nmf.loadings, fcm.memberships, unmix.loadings].map((maps) =>
    rmsDifference(maps.values.subarray(0, 2 * count), true2),
  );
  return `Unmixing of the same data: maps of the twins differ from the true parts by ${shown(byUnmixing!, 2)} (root mean square); NMF loadings by ${shown(byNmf!, 2)}, memberships by ${shown(byClusters!, 2)}. ${unmix.method}`;
}
