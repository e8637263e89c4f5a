import { type Biwhitened, biwhitened } from "../scan/biwhitened.ts";
import { DataError } from "../scan/errors.ts";
import type { Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { aboveNoise, noiseEdge } from "./noise-edge.ts";
import { parallelAnalysis } from "./parallel-analysis.ts";
import type { Rank, Svd } from "./results.ts";
import { elbow } from "./scree.ts";
import { splitHalf } from "./split-half.ts";
import { blockWidth, svd } from "./svd.ts";

export interface SuggestRankOptions extends Watch {
  /** Uncentred SVD of the scan, 10 or more components: for the scree plot. */
  readonly svd: Svd;
  /** Weighted singular values looked at, default 12: a vote is at most this. */
  readonly most?: number;
  /** ‖X − loadingsᵀ·factors‖ of NMF with 1, 2, … components: one more vote. */
  readonly nmfErrors?: Readonly<Record<string, number>>;
  /** Integer for start patterns and simulated counts. */
  readonly seed: number;
}

/**
 * How many components a scan holds: one suggestion, with the vote of each criterion and the reason in one sentence.
 *
 * - `elbow`: where the scree plot bends ({@link elbow}).
 * - `marchenkoPastur`: singular values of the {@link biwhitened} scan above what even noise of the remaining energy reaches.
 * - `parallelAnalysis`: the same, with the edge that simulated counts of this dose have ({@link parallelAnalysis}).
 * - `splitHalf`: directions learned on half of the positions that the other half repeats ({@link splitHalf}).
 * - `nmf`: after which component the error of NMF stops falling, where errors are given.
 *
 * A vote equal to `most` means that no noise floor was reached: noise that is no counting noise, or more components than that.
 * What both of the last two confirm is suggested; where noise has no floor, what halves repeat; where that has none either, the elbow.
 *
 * Reads the scan five to ten times with one pattern for the weights, ten times with `most` for its SVD, eight times for half of it.
 *
 * @param scan  X: positions × pixels, with masks applied
 * @throws AbortError signal was aborted
 * @see docs/methods/number-of-components.md; Landa, Zhang & Kluger, SIAM J. Math. Data Sci. 4 (2022) 1420
 * @example
 * const { suggested, reason } = await suggestRank(scan, { svd: await svd(scan, { components: 20, seed: 1 }), seed: 1 });
 */
export async function suggestRank(scan: Scan, options: SuggestRankOptions): Promise<Rank> {
  const { svd: plain, nmfErrors, signal } = options;
  signal?.throwIfAborted();
  const votes: Record<string, number> = { elbow: elbow(plain.explained) };
  if (nmfErrors && nmfErrors[2] !== undefined) votes.nmf = lastUseful(plain.total, nmfErrors);
  if (plain.total === 0) return rank(1, votes, "All values are zero: there is nothing to separate.");
  const even = await biwhitened(scan, options).catch((error: unknown) => {
    if (error instanceof DataError) return undefined;
    throw error;
  });
  if (even === undefined || Math.min(...even.used) < FEWEST) {
    const why = even
      ? "too little is recorded to judge noise"
      : "values below zero are no counts, so noise cannot be judged";
    return rank(votes.elbow, votes, `The scree plot bends after component ${votes.elbow}; ${why}.`);
  }
  return decided(votes, await judged(even, options));
}

/** Positions and pixels below which singular values say nothing about noise. */
const FEWEST = 6;
/** A component this far above the edge of the noise rises above it in half of the positions too. */
const WITHIN_REACH = 1.06;

/** What the criteria that know noise find. */
interface Judged {
  readonly looked: number;
  readonly marchenkoPastur: number;
  readonly parallelAnalysis?: number;
  readonly splitHalf?: number;
  /** Singular values ÷ the edge of the noise. */
  readonly heights: readonly number[];
}

async function judged(even: Biwhitened, { most = 12, seed, signal, onProgress }: SuggestRankOptions): Promise<Judged> {
  const part = (from: number, to: number): Watch => ({
    ...(signal && { signal }),
    ...(onProgress && { onProgress: (_, fraction) => onProgress("rank", from + (to - from) * fraction) }),
  });
  const looked = Math.min(most, ...even.used.map((count) => count - 1));
  const found = await svd(even.scan, {
    components: looked,
    // Values in noise need not converge: they only grow.
    width: blockWidth(looked, 0),
    maximumReads: 8,
    seed,
    ...part(0.1, 0.5),
  });
  const [rows, columns] = even.used;
  const spectrum = { values: found.singularValues, total: found.total, rows, columns };
  const { count, variance } = aboveNoise(spectrum);
  const edge = Math.sqrt(variance) * noiseEdge(rows, columns);
  const heights = Array.from(found.singularValues, (value) => value / edge);
  const again = await splitHalf(even.scan, even.positions, { components: looked, seed, ...part(0.5, 0.9) });
  const half = again === undefined ? {} : { splitHalf: again };
  if (count >= looked || variance <= 0) return { looked, marchenkoPastur: count, heights, ...half };
  const ending = await parallelAnalysis(found, even, { variance, seed, ...part(0.9, 1) });
  return {
    looked,
    marchenkoPastur: count,
    parallelAnalysis: aboveNoise(spectrum, ending).count,
    heights,
    ...half,
  };
}

function decided(votes: Record<string, number>, { looked, heights, ...found }: Judged): Rank {
  Object.assign(votes, found);
  const half = found.splitHalf;
  const counting = found.parallelAnalysis ?? found.marchenkoPastur;
  if (counting < looked) {
    const rise = `${values(counting)} above the counting noise`;
    if (half === undefined) return rank(counting, votes, `${rise}; the scan is too small to be halved.`);
    if (half === counting) {
      return rank(counting, votes, `${rise}, and what half of the positions show, the other half repeats.`);
    }
    if (half < counting && heights[half] > WITHIN_REACH) {
      return rank(
        half,
        votes,
        `${rise}, but the other half of the positions repeats only ${half}: the rest is noise of another kind.`,
      );
    }
    return rank(
      counting,
      votes,
      half < counting
        ? `${rise}; half of the positions shows ${half}, for the weakest rise too little.`
        : `${rise}; halves of the positions share ${half}, but no more than chance would.`,
    );
  }
  const noFloor = `The noise is uneven beyond counting, or more than ${looked} components rise above it`;
  if (half !== undefined && half < looked) {
    return rank(half, votes, `${noFloor}; ${half} learned on half of the positions are repeated by the other half.`);
  }
  return rank(
    votes.elbow,
    votes,
    `${noFloor}; the scree plot bends after component ${votes.elbow}, and weaker ones cannot be told from noise.`,
  );
}

const values = (count: number): string => `${count} singular value${count === 1 ? " rises" : "s rise"}`;

const rank = (suggested: number, votes: Record<string, number>, reason: string): Rank =>
  Object.freeze({ suggested: Math.max(1, suggested), votes: Object.freeze(votes), reason });

/** The component after which the fall of the squared error drops most. */
function lastUseful(total: number, errors: Readonly<Record<string, number>>): number {
  const fall = (k: number): number => Math.max(0, (k === 1 ? total : errors[k - 1] ** 2) - errors[k] ** 2);
  let best = 1;
  let steepest = 0;
  for (let k = 1; errors[k + 1] !== undefined; k++) {
    const ratio = fall(k) / Math.max(fall(k + 1), 1e-12 * total);
    if (ratio > steepest) {
      steepest = ratio;
      best = k;
    }
  }
  return best;
}
