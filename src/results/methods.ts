import type { Analysis } from "../analyse/analysis.ts";
import { significant } from "../figures/typography.ts";
import type { Unmixing } from "../learn/unmix.ts";
import type { Images, Patterns } from "../scan/scan.ts";
import { clusterParts } from "./cluster-parts.ts";
import { clusteringResults, factorisationResults, pickedResults } from "./method-variants.ts";

/** One method's outcome as files, figures and report show it: patterns, their maps, and what they are called. */
export interface MethodResult {
  /** Start of file names: "svd" gives svd-factors.npy. */
  readonly name: string;
  /** Short, as in the scree of talk: "SVD". */
  readonly short: string;
  readonly title: string;
  /** What the reader sees, in a sentence or two. */
  readonly about: string;
  readonly patterns: Patterns;
  readonly images: Images;
  /** Of clusters: what part of each position is which centre. May be fewer than the images, of which one may be noise. */
  readonly barycentric?: Images;
  /** Singular names: file names and signals add an s. */
  readonly names: { readonly pattern: string; readonly image: string };
  /** Values may be negative. */
  readonly signed: boolean;
  /** Limits common to all maps. */
  readonly imageRange?: readonly [number, number];
  /** Most components worth a figure; arrays hold all. */
  readonly most?: number;
  /** A line under each pattern. */
  readonly note?: (index: number) => string;
  /** Numbers for the report. */
  readonly facts: readonly (readonly [label: string, value: string | number])[];
}

export type Method = (analysis: Analysis) => MethodResult | undefined;

const svd: Method = ({ svd, rank, recipe }) =>
  svd && {
    name: "svd",
    short: "SVD",
    title: "Singular value decomposition",
    about:
      "Directions of largest sum of squares, best first. Factors are orthogonal and signed (blue negative, red positive), so they are not patterns " +
      "of crystals; they tell how many there are and span the space that other methods work in.",
    patterns: svd.factors,
    images: svd.loadings,
    names: { pattern: "factor", image: "loading" },
    signed: true,
    most: Math.max(4, Math.min(12, (rank?.suggested ?? 3) + 1)),
    note: (index) => `explains ${percent(svd.explained[index] ?? 0)}`,
    facts: [
      ["components kept", svd.singularValues.length],
      [
        recipe.centred ? "share of the variance kept" : "share of ‖X‖² kept",
        percent(svd.explained.reduce((sum, ratio) => sum + ratio, 0)),
      ],
      ["reads of the data", svd.reads],
    ],
  };

const nmf: Method = ({ nmf, svd, recipe }) =>
  nmf && {
    name: "nmf",
    short: "NMF",
    title: "Non-negative matrix factorisation",
    about:
      "Every recorded pattern as a sum of a few patterns, nothing negative. Each loading has its maximum at 1. The factorisation is not unique: " +
      "intensity that patterns share, above all the direct beam, may be booked to any of them.",
    patterns: nmf.factors,
    images: nmf.loadings,
    names: { pattern: "factor", image: "loading" },
    signed: false,
    imageRange: [0, 1],
    facts: [
      ["components", nmf.components],
      ["error ‖X − LᵀF‖", nmf.objective],
      ...(svd !== undefined && !recipe.centred
        ? ([["error, share of ‖X‖", percent(nmf.objective / Math.sqrt(svd.total))]] as const)
        : []),
      ["iterations", nmf.iterations],
      ["converged", nmf.converged ? "yes" : "no: the result is where it stopped"],
      ...(nmf.starts.length > 1
        ? ([
            [
              "spread of the starts",
              `${nmf.starts.length} starts, worst ${percent(nmf.starts[nmf.starts.length - 1]! / nmf.starts[0]! - 1)} above best`,
            ],
          ] as const)
        : []),
    ],
  };

const ica: Method = ({ ica, recipe }) => {
  if (ica === undefined) return undefined;
  const { of = "patterns", differences = false, algorithm = "parallel", contrast = "logcosh" } = recipe.ica ?? {};
  return {
    name: "ica",
    short: "ICA",
    title: "Independent component analysis",
    about:
      `The first SVD components, turned until their ${of} are as independent as they can be. Signed like those of the SVD: what differs between ` +
      "crystals, red against blue, often in one component where the SVD needs two.",
    patterns: ica.factors,
    images: ica.loadings,
    names: { pattern: "factor", image: "loading" },
    signed: true,
    note: (index) => `stability ${significant(ica.stability[index] ?? Number.NaN, 3)}`,
    facts: [
      ["independent", differences ? `${of}, by the differences between neighbours` : of],
      ["algorithm and contrast", `${algorithm}, ${contrast}`],
      ["iterations", ica.iterations],
      ["converged", ica.converged ? "yes" : "no: the result is where it stopped"],
      ["least stability over starts", Math.min(...ica.stability)],
    ],
  };
};

const unmix: Method = ({ unmix, svd, recipe }) =>
  unmix && {
    name: "unmix",
    short: "Unmixing",
    title: "Unmixing",
    about:
      `${unmix.method} Each pattern is a whole one, in counts, direct beam included; each map is the part of it in the position, 0 to 1. These are the ` +
      "numbers to go on with where no warning says otherwise.",
    patterns: unmix.factors,
    images: unmix.loadings,
    names: { pattern: "factor", image: "loading" },
    signed: false,
    imageRange: [0, 1],
    note: (index) => `map noise ${significant(unmix.noise[index] ?? Number.NaN, 2)}`,
    facts: [
      ["components", unmix.components],
      ["error ‖X − LᵀF‖", unmix.residual],
      ...(svd !== undefined && !recipe.centred
        ? ([["error, share of ‖X‖", percent(unmix.residual / Math.sqrt(svd.total))]] as const)
        : []),
      ...unmix.pure.map((_, t) => [`how sure component ${t + 1} is`, sureness(unmix, t)] as const),
    ],
  };

/** What leaves a pattern open: its noise where the component occurs alone, else what other patterns it may hold. */
function sureness({ pure, uncertainty, freedom }: Unmixing, t: number): string {
  const noise = uncertainty[t]! > 0 ? `, others in its pattern ± ${percent(uncertainty[t]!)}` : "";
  const most = Math.max(...freedom[t]!);
  const free = most > 0 ? `may hold up to ${percent(most)} of ${freedom[t]!.indexOf(most) + 1}` : "holds no other";
  return `${pure[t]} pure positions${noise}; by its pattern alone it ${free}`;
}

const fcm: Method = ({ fcm, recipe }) =>
  fcm && {
    name: "fcm",
    short: "Fuzzy clusters",
    title: "Fuzzy c-means clustering",
    about:
      "Positions grouped by their SVD loadings; each belongs to every cluster by a membership from 0 to 1 that sums to 1. A centre is the mean of the " +
      "recorded patterns, weighted by memberships, so it is a pattern that was really measured. Where two crystals overlap, memberships change " +
      "more steeply than the true share does.",
    ...clusterParts(fcm, recipe),
  };

const gk: Method = ({ gk, recipe }) =>
  gk && {
    name: "gk",
    short: "Elliptic clusters",
    title: "Gustafson–Kessel clustering",
    about:
      "Fuzzy clusters that may be ellipses, each with a metric of its own: for groups that are stretched in the space of the loadings. Scaling or " +
      "turning that space changes nothing. A cluster can stretch along a whole boundary; compare with the round clusters.",
    ...clusterParts(gk, recipe),
  };

/** Every method that leaves patterns and maps, in the order that the report tells them. A new method is one entry here. */
const methods: readonly Method[] = [
  ...[svd, ica, nmf, ...factorisationResults],
  ...[unmix, ...pickedResults],
  ...[fcm, gk, ...clusteringResults],
];

/** What the methods of a run left, absent ones left out. */
export const methodResults = (analysis: Analysis): MethodResult[] =>
  methods.map((method) => method(analysis)).filter((result) => result !== undefined);

/** A ratio in percent, three digits. */
export const percent = (ratio: number): string => `${significant(100 * ratio, 3)} %`;
