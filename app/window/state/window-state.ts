import {
  type Alignment,
  type Analysis,
  type Axes,
  type ColourMap,
  type Display,
  defaultRecipe,
  type Images,
  type Method,
  type Patterns,
  type Recipe,
  type ResultFile,
  uncalibratedAxes,
} from "../../../src/index.ts";
import type { Look, OpenedScan, Opening } from "../../session/session.ts";
import type { Point, Shape } from "./shapes.ts";

export const steps = ["open", "look", "align", "learn", "judge", "keep"] as const;

export type Step = (typeof steps)[number];

/** How one kind of picture is drawn. */
export interface DisplaySettings {
  readonly kind: Display["kind"];
  readonly gamma: number;
  readonly percentiles: readonly [lower: number, upper: number];
  readonly map: ColourMap;
}

/** What the user chose for learning: the part of a recipe that the window sets. */
export type Choices = Omit<Recipe, "endmember" | "input" | "open" | "masks" | "edge" | "axes">;

/** Something that went wrong, in the library's words, and what the user may say about the file to try again. */
export interface Trouble {
  readonly message: string;
  readonly needs?: "shape" | "dataset" | "raw" | "incomplete";
  readonly opening?: Opening;
}

/** Work that takes a while and can be stopped. */
export interface Task {
  readonly name: string;
  readonly stage: string;
  readonly fraction: number;
  readonly began: number;
  readonly cancel: () => void;
}

/** A picture that was asked for by a click: data, model and residual at a position. */
export interface ResidualPatterns {
  readonly method: string;
  readonly position: Point;
  readonly stack: Patterns;
}

export interface WindowState {
  readonly theme: "system" | "light" | "dark";
  readonly step: Step;
  readonly task?: Task | undefined;
  readonly trouble?: Trouble | undefined;
  /** A short line for the status bar and for screen readers. */
  readonly said: string;
  readonly scan?: OpenedScan | undefined;
  readonly look?: Look | undefined;
  /** How long the first look took: what reading the scan costs here. */
  readonly lookSeconds?: number | undefined;
  /** As the file says, or as the user calibrated them. */
  readonly axes: Axes;
  /** Where the direct beam is taken to be when distances in the pattern are read, px. */
  readonly beam: Point;
  readonly displays: { readonly pattern: DisplaySettings; readonly image: DisplaySettings };
  /** The scan position whose pattern is shown. */
  readonly position: Point;
  readonly pattern?: Float32Array | undefined;
  readonly apertures: readonly Shape[];
  readonly regions: readonly Shape[];
  readonly darkFields?: { readonly shapes: readonly Shape[]; readonly stack: Images } | undefined;
  readonly regionMeans?: { readonly shapes: readonly Shape[]; readonly stack: Patterns } | undefined;
  readonly alignment?: Alignment | undefined;
  readonly alignedMean?: Float32Array | undefined;
  /** Painted masks, 1 = used; absent where nothing is masked. */
  readonly pixelMask?: Uint8Array | undefined;
  readonly positionMask?: Uint8Array | undefined;
  readonly choices: Choices;
  /** What is on the screen. */
  readonly analysis?: Analysis | undefined;
  /** What the last run found, which the sliders begin with. */
  readonly learnt?: Analysis | undefined;
  /** When the last run ended, ms. */
  readonly learntAt?: number | undefined;
  /** What is on the screen is roughly what the sliders ask for: files and residuals are of what was exact before. */
  readonly preview: boolean;
  /** A recipe was dropped and waits for its scan. */
  readonly recipe?: Recipe | undefined;
  readonly method: Method;
  /** Of that method, the component whose map is profiled, 0 … */
  readonly component: number;
  /** The method whose residual is shown. */
  readonly model: Method;
  readonly line?: readonly [Point, Point] | undefined;
  readonly lineWidth: number;
  readonly residualMaps: Readonly<Record<string, Images>>;
  readonly residual?: ResidualPatterns | undefined;
  readonly files?: readonly ResultFile[] | undefined;
}

export const initialDisplays: WindowState["displays"] = {
  pattern: { kind: "gamma", gamma: 0.4, percentiles: [0, 100], map: "magma" },
  image: { kind: "linear", gamma: 0.5, percentiles: [0.2, 99.8], map: "grey" },
};

const { edge: _, ...chosen } = defaultRecipe;

/** What a window shows before anything is open. */
export const emptyState: WindowState = {
  theme: "system",
  step: "open",
  said: "",
  axes: uncalibratedAxes,
  beam: [0, 0],
  displays: initialDisplays,
  position: [0, 0],
  apertures: [],
  regions: [],
  choices: chosen,
  method: "unmix",
  component: 0,
  model: "unmix",
  preview: false,
  lineWidth: 3,
  residualMaps: {},
};

/** Everything that belongs to one scan, forgotten when another is opened. */
export const forgotten = {
  look: undefined,
  pattern: undefined,
  apertures: [],
  regions: [],
  darkFields: undefined,
  regionMeans: undefined,
  alignment: undefined,
  alignedMean: undefined,
  pixelMask: undefined,
  positionMask: undefined,
  analysis: undefined,
  learnt: undefined,
  learntAt: undefined,
  preview: false,
  lookSeconds: undefined,
  line: undefined,
  component: 0,
  residualMaps: {},
  residual: undefined,
  files: undefined,
} satisfies Partial<WindowState>;
