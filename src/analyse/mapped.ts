import { type Barycentric, barycentric } from "../learn/barycentric.ts";
import type { ClusteringOptions } from "../learn/loading-space.ts";
import type { Clustering } from "../learn/results.ts";

/** Clusters, and beside the memberships what part of each position is which centre. */
export type Mapped<Found extends Clustering = Clustering> = Found & { readonly barycentric: Barycentric };

/** A clustering with the barycentric maps of its centres, in the loading space that it was made in. The scan is not read again. */
export async function mapped<Found extends Clustering>(
  work: Promise<Found>,
  inLoadings: ClusteringOptions,
): Promise<Mapped<Found>> {
  const found = await work;
  const { loadingCentres } = found;
  const dimensions = loadingCentres.length / found.clusters;
  return { ...found, barycentric: barycentric({ ...inLoadings, loadingCentres, dimensions }) };
}
