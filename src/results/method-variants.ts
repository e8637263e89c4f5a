import type { Analysis } from "../analyse/analysis.ts";
import type { Mapped } from "../analyse/mapped.ts";
import { significant } from "../figures/typography.ts";
import type { Nmf } from "../learn/results.ts";
import { images, patterns } from "../scan/scan.ts";
import { clusterParts } from "./cluster-parts.ts";
import type { Method, MethodResult } from "./methods.ts";

type Factorisation = keyof NonNullable<Analysis["factorisations"]>;
type Picking = keyof NonNullable<Analysis["unmixings"]>;
type ClusterName = keyof NonNullable<Analysis["clusterings"]>;

/** What tells one method of a family from the others. */
interface Told {
  readonly short: string;
  readonly title: string;
  readonly about: string;
}

const factorised = (
  name: Factorisation,
  told: Told,
  objective: string,
  more: (recipe: Analysis["recipe"], found: Nmf) => MethodResult["facts"] = () => [],
): Method => {
  return ({ factorisations, recipe }) => {
    const found: Nmf | undefined = factorisations?.[name];
    return (
      found && {
        name,
        ...told,
        patterns: found.factors,
        images: found.loadings,
        names: { pattern: "factor", image: "loading" },
        signed: false,
        imageRange: [0, 1],
        facts: [
          ["components", found.components],
          [objective, found.objective],
          ...more(recipe, found),
          ["iterations", found.iterations],
          ["converged", found.converged ? "yes" : "no: the result is where it stopped"],
        ],
      }
    );
  };
};

const sumFact = ({ sum }: Analysis["recipe"]): MethodResult["facts"] => [["loadings sum to", sum ?? "one"]];

/** The NMF family beside the plain one. */
export const factorisationResults: readonly Method[] = [
  factorised(
    "nmf-poisson",
    {
      short: "Poisson NMF",
      title: "NMF weighted for counting noise",
      about:
        "Non-negative factorisation in which every count weighs by how well it is known, so weak reflections matter beside the direct beam. Each " +
        "loading has its maximum at 1. Shared intensity can still be booked to any pattern.",
    },
    "weighted error ‖X̃ − L̃ᵀF̃‖",
  ),
  factorised(
    "nmf-kl",
    {
      short: "KL NMF",
      title: "NMF of greatest likelihood",
      about:
        "The non-negative patterns and maps under which the recorded counts are likeliest (least Kullback–Leibler divergence). Each loading has its " +
        "maximum at 1. Shared intensity can still be booked to any pattern.",
    },
    "divergence Σ x ln(x/m) − x + m",
  ),
  factorised(
    "nmf-sparse",
    {
      short: "Sparse NMF",
      title: "NMF of given sparsity",
      about:
        "Non-negative factorisation in which each map (or each pattern) has one sparsity, which was chosen, not learned: compare a few values before " +
        "reading anything off it.",
    },
    "error ‖X − LᵀF‖",
    ({ sparsity, sparse }) => [
      ["sparse", sparse ?? "maps"],
      ["sparsity (Hoyer)", sparsity ?? "0.4 (not chosen)"],
    ],
  ),
  factorised(
    "nmf-simplex",
    {
      short: "Sum-to-one NMF",
      title: "NMF with loadings that sum to one",
      about:
        "Each pattern is a whole one, direct beam included, and each map the part of it in the position. Found from corners picked among the positions: " +
        "where no position is pure, patterns stay mixed.",
    },
    "weighted error",
    sumFact,
  ),
  factorised(
    "nmf-volume",
    {
      short: "Least-volume NMF",
      title: "NMF of minimum volume",
      about:
        "Whole patterns and parts of a position; of all that describe the data, those that span least, so that no position need be pure. Too heavy a " +
        "volume draws patterns together.",
    },
    "weighted error",
    (recipe, { volume }) => [
      ...sumFact(recipe),
      ...(volume === undefined
        ? []
        : ([["weight of the volume", recipe.volume ?? `${significant(volume)} (from the noise)`]] as const)),
    ],
  ),
];

const picked =
  (name: Picking, short: string, title: string): Method =>
  ({ unmixings }) => {
    const found = unmixings?.[name];
    return (
      found && {
        name,
        short,
        title,
        about: `${found.method} Good where every pattern occurs pure somewhere; compare with the unmixing, which does not need that.`,
        patterns: found.factors,
        images: found.loadings,
        names: { pattern: "factor", image: "loading" },
        signed: false,
        imageRange: [0, 1],
        note: (index) => `map noise ${significant(found.noise[index] ?? Number.NaN, 2)}`,
        facts: [
          ["components", found.components],
          ["error ‖X − LᵀF‖", found.residual],
        ],
      }
    );
  };

/** Unmixing with corners picked among the positions. */
export const pickedResults: readonly Method[] = [
  picked("spa", "SPA", "Unmixing by successive projection"),
  picked("vca", "VCA", "Unmixing by vertex component analysis"),
  picked("n-findr", "N-FINDR", "Unmixing by the largest simplex of positions"),
];

const clustered =
  (name: ClusterName, told: Told): Method =>
  ({ clusterings, recipe }) => {
    const found: Mapped | undefined = clusterings?.[name];
    return found && { name, ...told, ...clusterParts(found, recipe) };
  };

const noise: Method = ({ clusterings, recipe }) => {
  const found = clusterings?.noise;
  if (!found || !("noiseCentre" in found)) return undefined;
  const joined = (...stacks: readonly { readonly values: Float32Array }[]): Float32Array =>
    Float32Array.from(stacks.flatMap(({ values }) => Array.from(values)));
  const parts = clusterParts(found, recipe);
  return {
    name: "noise",
    short: "Noise clusters",
    title: "Fuzzy clustering with a noise cluster",
    about:
      "Fuzzy clusters beside a noise that is equally far from every position: what resembles no centre (boundaries, bad patterns, a rare phase) goes " +
      "there, the last of the maps, and moves no centre.",
    ...parts,
    patterns: patterns(found.centres.size, joined(found.centres, found.noiseCentre)),
    images: images(found.memberships.size, joined(found.memberships, found.noise)),
    note: (index) => (index === found.clusters ? "noise: like no centre" : ""),
    facts: [...parts.facts, ["distance of the noise", found.noiseDistance]],
  };
};

/** Clusterings beside fuzzy c-means and Gustafson–Kessel. */
export const clusteringResults: readonly Method[] = [
  clustered("k-means", {
    short: "k-means",
    title: "k-means clustering",
    about:
      "Each position belongs to its nearest centre alone: memberships are 0 or 1, also where two crystals overlap. A yardstick for the fuzzy clusters.",
  }),
  clustered("possibilistic", {
    short: "Possibilistic",
    title: "Possibilistic c-means clustering",
    about:
      "How typical each position is of each cluster, whatever the others say: values from 0 to 1 that need not sum to 1. What is like nothing is low " +
      "everywhere; two clusters may find the same place.",
  }),
  clustered("high-contrast", {
    short: "High contrast",
    title: "High-contrast fuzzy clustering",
    about:
      "Fuzzy clusters whose memberships reach 0 and 1, so that pure regions are pure. Boundaries come out narrower still than with fuzzy c-means.",
  }),
  noise,
];
