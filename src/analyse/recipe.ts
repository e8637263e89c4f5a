import type { DType } from "../scan/source.ts";

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
}

/** The methods of the main job, in the order in which they run. */
export const methods = ["svd", "ica", "nmf", "unmix", "fcm", "gk"] as const;

export type Method = (typeof methods)[number];
