import type {
  Alignment,
  Analysis,
  Axes,
  DType,
  Images,
  Method,
  OpenOptions,
  Patterns,
  Recipe,
  ResultFile,
  Size,
} from "../../src/index.ts";

/** What the user gave: the dropped files or the files of a dropped folder, the file that `endmember open` serves, or the example. */
export type Opening =
  | { readonly from: "files"; readonly files: readonly File[] }
  | { readonly from: "served"; readonly url: string; readonly name: string }
  | { readonly from: "example" };

/** What is known of a scan as soon as it is open. */
export interface OpenedScan {
  readonly name: string;
  readonly format: string;
  readonly positions: Size;
  readonly pixels: Size;
  readonly dtype: DType;
  readonly axes: Axes;
  readonly metadata: Readonly<Record<string, string | number>>;
  /** Bytes of all patterns. */
  readonly bytes: number;
  /** Bytes that an analysis takes besides the patterns it keeps. */
  readonly working: number;
  /** Bytes of patterns that the session may keep between passes. */
  readonly memory: number;
  readonly recipe: Recipe;
}

/** A first look: enough to draw the window. */
export interface Look {
  readonly meanPattern: Patterns;
  readonly maximumPattern: Patterns;
  readonly brightField: Images;
  readonly brightFieldDisk: { readonly centre: readonly [row: number, column: number]; readonly radius: number };
}

export interface Progress {
  readonly signal?: AbortSignal;
  readonly onProgress?: (stage: string, fraction: number) => void;
}

/** What the sliders change. */
export interface Relearning {
  readonly components: number;
  readonly clusters: number;
  readonly fuzzifier: number;
  /** Default: those of the analysis. */
  readonly methods?: readonly Method[];
  /** Only to be there when it is asked for: files and residuals stay those of the analysis before. */
  readonly ahead?: boolean;
}

/**
 * One open scan in its worker, as the window sees it. Positions and pixels are [row, column], px; apertures are patterns of weights
 * from `disk`, `annulus`, `polygon`; regions are images of weights. Every promise rejects with the library's own errors.
 * Of several calls of `patternAt`, `darkFields` or `meanOf` in flight only the latest need be answered: the earlier reject with AbortError.
 */
export interface Session {
  open(opening: Opening, options: OpenOptions, progress?: Progress): Promise<OpenedScan>;
  look(progress?: Progress): Promise<Look>;
  patternAt(position: readonly [number, number]): Promise<Float32Array>;
  /** One image per aperture, in one read. */
  darkFields(apertures: Patterns): Promise<Images>;
  /** One mean pattern per region, in one read. */
  meanOf(regions: Images): Promise<Patterns>;
  align(progress?: Progress): Promise<Alignment>;
  /** The main job, as the command line does it. */
  analyse(recipe: Recipe, progress?: Progress): Promise<Analysis>;
  /** What `analyse` finds with other numbers, to the same bits, without what does not depend on them. */
  relearn(relearning: Relearning, progress?: Progress): Promise<Analysis>;
  /** Roughly that, in the time of a picture, from the SVD that an analysis holds. In a worker of its own; of several calls the latest. */
  preview(analysis: Analysis, relearning: Relearning): Promise<Analysis>;
  /** Data, model Σ loadings·factors and residual of one method at a position, patterns in that order. */
  residualAt(method: string, position: readonly [number, number]): Promise<Patterns>;
  /** ‖data − model‖² per counted electron at each position. */
  residualMap(method: string, progress?: Progress): Promise<Images>;
  /** The files that the command line would write of the last analysis, with these axes; default: those of its recipe. */
  files(axes?: Axes, progress?: Progress): Promise<ResultFile[]>;
  close(): void;
}
