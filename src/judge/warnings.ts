import type { Ica } from "../learn/ica.ts";
import type { Clustering, Nmf, Rank, Svd } from "../learn/results.ts";
import type { Unmixing } from "../learn/unmix.ts";
import { area, item, type Patterns, type Size } from "../scan/scan.ts";
import type { DType, PatternSource } from "../scan/source.ts";

/** Something that a user should know before trusting the result: what, in plain words, and what to do. */
export interface Warning {
  readonly code: string;
  readonly message: string;
  readonly remedy: string;
}

/** What is looked at: the parts of an analysis that were made. */
export interface Judged {
  readonly scan: {
    readonly positions: Size;
    readonly pixels: Size;
    readonly analysedPixels: Size;
    readonly dtype?: DType;
    readonly metadata?: PatternSource["metadata"];
  };
  readonly alignment?: { readonly repaired: Uint8Array };
  readonly brightFieldDisk: { readonly centre: readonly [row: number, column: number]; readonly radius: number };
  readonly meanPattern: Patterns;
  readonly maximumPattern?: Patterns;
  readonly svd?: Svd;
  readonly rank?: Rank;
  readonly ica?: Ica;
  readonly nmf?: Nmf;
  /** Others of the NMF family, by name. */
  readonly factorisations?: Readonly<Record<string, Nmf>>;
  readonly unmix?: Unmixing;
  /** Methods that were asked for but that the data do not allow, and why. */
  readonly impossible?: readonly { readonly method: string; readonly reason: string }[];
  readonly fcm?: Clustering;
  readonly gk?: Clustering;
  /** Other clusterings, by name. */
  readonly clusterings?: Readonly<Record<string, Clustering>>;
}

/** One check: a warning where it applies. */
type Check = (found: Judged) => Warning | undefined;

/** Everything in a result that a user should know of, most basic first. */
export const warningsOf = (found: Judged): readonly Warning[] => [
  ...checks.flatMap((check) => check(found) ?? []),
  ...factorisationsOf(found).flatMap((each) => [beamMisbooked(each, found), notConverged(each)].filter(present)),
  ...Object.entries(found.clusterings ?? {}).flatMap(([name, clustering]) =>
    clusterChecks(`${name} clustering`, name, () => clustering).flatMap((check) => check(found) ?? []),
  ),
  ...(found.impossible ?? []).map(({ method, reason }) => ({
    code: `no-${method}`,
    message: `These data do not allow one of the methods (${reason}).`,
    remedy: "Its results are absent; ask for fewer components, or read the other methods.",
  })),
  ...(found.unmix?.assumptions ?? []).map(({ code, message, remedy }) => ({ code: `unmix-${code}`, message, remedy })),
];

const present = <T>(value: T | undefined): value is T => value !== undefined;

const percent = (fraction: number): string => `${(100 * fraction).toFixed(fraction < 0.1 ? 1 : 0)} %`;

const incomplete: Check = ({ scan }) => {
  const missing = scan.metadata?.["missing patterns"];
  if (typeof missing !== "number" || missing === 0) return undefined;
  const all = area(scan.positions);
  return {
    code: "recording-incomplete",
    message: `${missing} of ${all} patterns (${percent(missing / all)}) are missing from the file and were read as zeros.`,
    remedy: "Leave these positions out with --mask before reading means, clusters or the number of components.",
  };
};

const beamNotFound: Check = ({ alignment, scan }) => {
  if (!alignment) return undefined;
  const share = alignment.repaired.reduce((sum, mark) => sum + mark, 0) / area(scan.positions);
  if (share <= 0.05) return undefined;
  return {
    code: "direct-beam-repaired",
    message: `The direct beam was not found, or not where its neighbours have it, in ${percent(share)} of the patterns; its place there is that of the plane fit.`,
    remedy: "Look at the shift maps; where they jump, compare with a run with --no-align.",
  };
};

const cropped: Check = ({ scan }) => {
  const lost = 1 - area(scan.analysedPixels) / area(scan.pixels);
  if (lost <= 0.15) return undefined;
  return {
    code: "cropped",
    message: `Alignment moves the patterns so far that ${percent(lost)} of the detector is not covered by all of them and was left out.`,
    remedy: "Reflections near the edge are lost; reduce the descan of the scan, or compare with --edge fill.",
  };
};

const negativeValues: Check = ({ meanPattern }) => {
  const share = meanPattern.values.filter((value) => value < 0).length / meanPattern.values.length;
  if (share === 0) return undefined;
  return {
    code: "negative-values",
    message: `The mean pattern is negative in ${percent(share)} of its pixels: these are no counts, perhaps a dark image was subtracted.`,
    remedy: "NMF fits negative values by zero; learn from the recorded counts where you have them.",
  };
};

const saturated: Check = ({ maximumPattern, scan }) => {
  const top = { u8: 255, u16: 65535, i16: 32767 }[scan.dtype as string];
  if (top === undefined || !maximumPattern) return undefined;
  const count = maximumPattern.values.filter((value) => value >= top).length;
  // One or two pixels may be hot; a beam that is cut off is flat over several.
  if (count < 3) return undefined;
  return {
    code: "saturated",
    message: `${count} pixels reach ${top}, the most that the detector's numbers hold: there, intensity is cut off and no longer adds up.`,
    remedy:
      "Amounts from unmixing and NMF are biased by it; mask these pixels (--mask), or record with a lower dose or more bits.",
  };
};

const rankUncertain: Check = ({ rank }) => {
  if (!rank) return undefined;
  const { parallelAnalysis, splitHalf } = rank.votes;
  // An elbow that misses components weaker than the strongest is no doubt about those that noise cannot explain.
  if (parallelAnalysis !== undefined && parallelAnalysis === splitHalf) return undefined;
  const votes = Object.values(rank.votes);
  const [least, most] = [Math.min(...votes), Math.max(...votes)];
  if (most - least <= 1) return undefined;
  return {
    code: "components-uncertain",
    message: `The criteria for the number of components disagree: from ${least} to ${most}; ${rank.suggested} is suggested.`,
    remedy:
      "Compare runs with --components of the numbers beside it; a component without structure in its map is noise.",
  };
};

/** A factorisation of the NMF family as messages name it. */
interface Named {
  readonly name: string;
  readonly of: string;
  readonly nmf: Nmf;
}

const factorisationsOf = ({ nmf, factorisations = {} }: Judged): Named[] => [
  ...(nmf ? [{ name: "nmf", of: "NMF", nmf }] : []),
  ...Object.entries(factorisations).map(([name, found]) => ({ name, of: name.replace("nmf", "NMF"), nmf: found })),
];

const beamMisbooked = ({ name, of, nmf }: Named, { meanPattern, brightFieldDisk }: Judged): Warning | undefined => {
  if (nmf.components < 2) return undefined;
  const inDisk = (pattern: Float32Array): number => {
    const [rows, columns] = meanPattern.size;
    let sum = 0;
    let all = 0;
    for (let r = 0; r < rows; r++) {
      for (let c = 0; c < columns; c++) {
        const value = pattern[r * columns + c];
        all += value;
        const [y, x] = [r - brightFieldDisk.centre[0], c - brightFieldDisk.centre[1]];
        if (y * y + x * x <= brightFieldDisk.radius ** 2) sum += value;
      }
    }
    return all > 0 ? sum / all : 0;
  };
  const usual = inDisk(item(meanPattern, 0));
  const weak = Array.from({ length: nmf.components }, (_, k) => k).filter(
    (k) => inDisk(item(nmf.factors, k)) < usual / 4,
  );
  if (usual < 0.02 || weak.length === 0) return undefined;
  const which = weak.map((k) => k + 1).join(", ");
  return {
    code: `${name}-direct-beam`,
    message: `The direct beam is far weaker in ${of} pattern ${which} than in the data: intensity that patterns share is booked to any of them.`,
    remedy: "Do not read intensities off NMF patterns; the unmixing and the cluster centres keep the shared beam.",
  };
};

const notConverged = ({ name, of, nmf }: Named): Warning | undefined =>
  nmf.converged
    ? undefined
    : {
        code: `${name}-not-converged`,
        message: `${of} stopped after ${nmf.iterations} iterations before it had converged.`,
        remedy: "The objective may still fall a little; try fewer components.",
      };

const nmfSpread: Check = ({ nmf }) => {
  if (!nmf || nmf.starts.length < 2) return undefined;
  const [best, worst] = [nmf.starts[0], nmf.starts[nmf.starts.length - 1]];
  if (!(worst > best * 1.001)) return undefined;
  return {
    code: "nmf-starts-disagree",
    message: `NMF ends in different solutions from different starts (objectives from ${best.toPrecision(6)} to ${worst.toPrecision(6)}); the best is shown.`,
    remedy: "Check that the patterns stay the same with another --seed before interpreting them.",
  };
};

const icaUnstable: Check = ({ ica }) => {
  if (!ica) return undefined;
  const unstable = Array.from(ica.stability.keys()).filter((k) => ica.stability[k] < 0.95);
  if (ica.converged && unstable.length === 0) return undefined;
  return {
    code: "ica-unstable",
    message: ica.converged
      ? `ICA components ${unstable.map((k) => k + 1).join(", ")} come out differently from different starts.`
      : `ICA stopped after ${ica.iterations} iterations before it had converged.`,
    remedy: "Do not interpret them one by one; the space that they span is that of the SVD all the same.",
  };
};

/** The checks of a clustering, which `of` names in messages. */
const clusterChecks = (of: string, code: string, take: (found: Judged) => Clustering | undefined): readonly Check[] => [
  (found) => {
    const clustering = take(found);
    if (!clustering || clustering.coincident.length === 0) return undefined;
    const pairs = clustering.coincident.map(([a, b]) => `${a + 1} and ${b + 1}`).join(", ");
    return {
      code: `${code}-coincide`,
      message: `Centres ${pairs} of ${of} lie in the same place: they share their positions equally and mean nothing apart.`,
      remedy: `Use fewer clusters: --clusters ${Math.max(1, clustering.clusters - clustering.coincident.length)}.`,
    };
  },
  (found) => {
    const clustering = take(found);
    if (!clustering || clustering.clusters < 2) return undefined;
    const { partitionCoefficient, clusters } = clustering;
    // Typicalities need not sum to 1.
    if (code === "possibilistic" || code === "noise") return undefined;
    // 0 where all memberships are equal, 1 where all are 0 or 1.
    const contrast = (partitionCoefficient - 1 / clusters) / (1 - 1 / clusters);
    if (contrast >= 0.4) return undefined;
    return {
      code: `${code}-blurred`,
      message: `The clusters of ${of} overlap strongly (partition coefficient ${partitionCoefficient.toFixed(2)} of 1): most positions belong to several.`,
      remedy: "Memberships are no mixing fractions here; try another number of clusters, or read the unmixing.",
    };
  },
  (found) => {
    const clustering = take(found);
    if (!clustering || clustering.converged) return undefined;
    return {
      code: `${code}-not-converged`,
      message: `${of} stopped after ${clustering.iterations} iterations before it had converged.`,
      remedy: "Memberships may still move a little; try another number of clusters.",
    };
  },
];

const checks: readonly Check[] = [
  incomplete,
  beamNotFound,
  cropped,
  negativeValues,
  saturated,
  rankUncertain,
  nmfSpread,
  icaUnstable,
  ...clusterChecks("fuzzy c-means", "fcm", ({ fcm }) => fcm),
  ...clusterChecks("Gustafson–Kessel", "gk", ({ gk }) => gk),
];
