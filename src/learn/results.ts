import type { Images, Patterns } from "../scan/scan.ts";
import type { Validity } from "./validity.ts";

/** X ≈ loadingsᵀ · factors: k images over positions, k patterns over pixels. */
export interface Decomposition {
  readonly loadings: Images;
  readonly factors: Patterns;
}

/** Truncated singular value decomposition. Loadings are U·S, factors V (unit norm). */
export interface Svd extends Decomposition {
  /** Singular values, largest first. */
  readonly singularValues: Float64Array;
  /** singularValues² ÷ total: ratios of the whole data, so they sum to ≤ 1. */
  readonly explained: Float64Array;
  /** ‖X‖² of the data seen (after centring, masks, weighting): not of the kept part. */
  readonly total: number;
  /** How often X was read. */
  readonly reads: number;
}

/** Suggested number of components, with each criterion's vote and the reason in one sentence. */
export interface Rank {
  readonly suggested: number;
  readonly votes: Readonly<Record<string, number>>;
  readonly reason: string;
}

/** Non-negative matrix factorisation; each loading has maximum 1. */
export interface Nmf extends Decomposition {
  readonly components: number;
  /** ‖X − loadingsᵀ·factors‖, Frobenius, over the data as recorded. */
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Objective that each start ended with, best first: their spread tells how far to trust one solution. */
  readonly starts: readonly number[];
  /** Of minimum volume: λ, the weight of the volume as a part of ‖X‖². */
  readonly volume?: number;
}

/** Fuzzy clusters of the SVD loadings. */
export interface Clustering {
  readonly clusters: number;
  readonly fuzzifier: number;
  /** clusters × positions, each position summing to 1. */
  readonly memberships: Images;
  /** Weighted mean of the recorded patterns of each cluster, weights memberships^fuzzifier. */
  readonly centres: Patterns;
  /** Centres in the loading space, clusters × dimensions. */
  readonly loadingCentres: Float64Array;
  /** Σ u^m d². */
  readonly objective: number;
  readonly iterations: number;
  readonly converged: boolean;
  /** Σ u² ÷ positions, 1/clusters … 1. */
  readonly partitionCoefficient: number;
  /** How well the clusters are told apart, by several indices over the positions that count, in the loading space. */
  readonly validity: Validity;
  /** Pairs of clusters whose centres coincide: fewer clusters would say the same. */
  readonly coincident: readonly (readonly [number, number])[];
}
