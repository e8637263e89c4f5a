import type { IcaOptions } from "../learn/ica.ts";
import type { Axes, DType } from "../scan/source.ts";

/** Everything needed to repeat a run to the same bits. Written as recipe.json; `endmember analyse --recipe` reads it. */
export interface Recipe {
  readonly endmember: string;
  /** The scan and its SHA-256, so that a repeated run can tell whether it sees the same data. */
  readonly input: { readonly file: string; readonly sha256: string; readonly bytes: number };
  readonly open: {
    readonly shape?: readonly [number, number];
    readonly dataset?: string;
    /** What plain bytes are, where the file is not of a known format. */
    readonly raw?: {
      readonly dtype: DType;
      readonly bigEndian: boolean;
      readonly shape: readonly [number, number, number, number];
      readonly offset: number;
    };
    /** The recording stopped early: missing patterns read as zeros. */
    readonly allowIncomplete?: boolean;
  };
  /** What is left out of learning, as run lengths (see `maskRuns`): used and unused in turn, used first. */
  readonly masks?: { readonly positions?: readonly number[]; readonly pixels?: readonly number[] };
  /** Calibration in place of the file's. Nothing is learned from it: it is written beside what was. */
  readonly axes?: Axes;
  readonly align: "whole-pixel" | "none";
  /**
   * What becomes of pixels that alignment moves off the detector in some positions. They are never learned from. "fill" keeps the
   * detector's size and fits them afterwards from the positions that recorded them; "crop" cuts them off.
   */
  readonly edge: "crop" | "fill";
  readonly methods: readonly Method[];
  /** Components to learn; "auto" takes the suggested number. */
  readonly components: number | "auto";
  /** Clusters; "auto" takes the number of components. */
  readonly clusters: number | "auto";
  readonly fuzzifier: number;
  /** Scaling of the loadings for clustering: by singular values, or unit norm. */
  readonly loadings: "scaled" | "unit";
  /** Subtract the mean pattern before the SVD (PCA). */
  readonly centred: boolean;
  readonly seed: number;
  /** Number of SVD components kept. */
  readonly rank: number;
  /** How ICA turns the components: what is independent, from what, by which algorithm and contrast; default: as `ica` has it. */
  readonly ica?: Pick<IcaOptions, "of" | "differences" | "algorithm" | "contrast">;
  /** Hoyer's sparsity of each map or pattern for nmf-sparse, between 0 and 1; default 0.4. */
  readonly sparsity?: number;
  /** What is sparse, default "maps". */
  readonly sparse?: "maps" | "patterns";
  /** What loadings of nmf-simplex and nmf-volume sum to, default "one". */
  readonly sum?: "one" | "at most one";
  /** Weight of the volume in nmf-volume; default: from the noise. */
  readonly volume?: number;
  /** Contrast of high-contrast clusters, 0 … below 1; default 0.3. */
  readonly contrast?: number;
  /** What nmf and nmf-poisson are told: components of which the pattern or the map is known. */
  readonly fixed?: { readonly patterns?: KeptStack; readonly maps?: KeptStack };
}

/** Numbers stored in a recipe: float32, little-endian, in base64. */
export interface KeptStack {
  readonly count: number;
  readonly size: readonly [rows: number, columns: number];
  readonly values: string;
}

/** What the main job does unless told otherwise. */
export const defaultMethods = ["svd", "ica", "nmf", "unmix", "fcm", "gk"] as const;

/** Other factorisations of the NMF family. */
export const factorisations = ["nmf-poisson", "nmf-kl", "nmf-sparse", "nmf-simplex", "nmf-volume"] as const;
/** Unmixing with corners that are picked; `unmix` itself lays the smallest simplex around the data. */
export const pickings = ["spa", "vca", "n-findr"] as const;
/** Other ways to cluster. */
export const clusterings = ["k-means", "possibilistic", "high-contrast", "noise"] as const;

/** All methods of the main job, those that it does unless told otherwise first. */
export const methods = [...defaultMethods, ...factorisations, ...pickings, ...clusterings] as const;

export type Method = (typeof methods)[number];
