import { area, type Images, type Patterns } from "../scan/scan.ts";
import type { Rank, Svd } from "./results.ts";
import { elbow } from "./scree.ts";

export interface SuggestRankOptions {
  /** ‖X − loadingsᵀ·factors‖ of NMF with 1, 2, … components: one more vote. */
  readonly nmfErrors?: Readonly<Record<string, number>>;
}

/**
 * How many components a scan holds: one suggestion, with the vote of each criterion and the reason in one sentence.
 *
 * - `elbow`: where the scree plot bends ({@link elbow}).
 * - `poissonElbow`: the same after Poisson weighting, which brings weak components out of uneven noise.
 * - `marchenkoPastur`: Poisson-weighted singular values above what even noise of the remaining energy can reach. A vote
 *   equal to the number of values looked at means that no noise floor was reached: noise that is uneven even so, or no counts.
 * - `nmf`: after which component the error of NMF stops falling.
 *
 * Counts found in Poisson noise decide where they agree; where there is no noise floor the plain elbow does.
 *
 * @param svd      uncentred SVD of the scan, 10 or more components
 * @param poisson  SVD of the Poisson-weighted scan, where values are counts
 * @see Gavish & Donoho, IEEE Trans. Inf. Theory 60 (2014) 5040 (the edge); Keenan & Kotula, Surf. Interface Anal. 36 (2004) 203
 * @example
 * const { suggested, reason } = suggestRank(await svd(scan, { components: 20, seed: 1 }));
 */
export function suggestRank(svd: Svd, poisson?: Svd, { nmfErrors }: SuggestRankOptions = {}): Rank {
  const plain = elbow(svd.explained);
  const votes: Record<string, number> = { elbow: plain };
  if (nmfErrors && nmfErrors[2] !== undefined) votes.nmf = lastUseful(svd.total, nmfErrors);
  if (svd.total === 0) return rank(1, votes, "All values are zero: there is nothing to separate.");
  if (!poisson) {
    return rank(
      plain,
      votes,
      `The scree plot bends after component ${plain}: what follows falls as evenly as noise does.`,
    );
  }
  const weighted = elbow(poisson.explained);
  const above = aboveNoise(poisson);
  votes.poissonElbow = weighted;
  votes.marchenkoPastur = above;
  const looked = poisson.singularValues.length;
  if (above >= looked) {
    return rank(
      plain,
      votes,
      `The scree plot bends after component ${plain}; the weighted singular values fall without an edge, so weaker components cannot be told from noise.`,
    );
  }
  if (above === weighted || above === plain) {
    return rank(
      above,
      votes,
      `${above} singular values rise above the counting noise, and the scree plot bends there.`,
    );
  }
  const median = [plain, weighted, above].sort((a, b) => a - b)[1];
  return rank(
    median,
    votes,
    `Criteria disagree: the scree plot bends after ${plain}, Poisson-weighted after ${weighted}, and ${above} singular values rise above the counting noise; ${median} is the middle one.`,
  );
}

const rank = (suggested: number, votes: Record<string, number>, reason: string): Rank =>
  Object.freeze({ suggested, votes: Object.freeze(votes), reason });

/** Poisson noise has a heavier tail than normal noise where counts are few: its largest values came out up to 3.7 % above the edge. */
const MARGIN = 1.05;

/**
 * Marchenko–Pastur: singular values of noise of variance σ² end at σ(√n + √p). σ² is the energy not explained by the
 * components before, per degree of freedom, so the gain of the detector does not matter.
 */
function aboveNoise({ singularValues, total, loadings, factors }: Svd): number {
  // Masked or empty positions and pixels hold no noise either.
  const [n, p] = [lines(loadings), lines(factors)];
  let left = total;
  for (let k = 0; k < singularValues.length; k++) {
    const freedom = (n - k) * (p - k);
    const edge = freedom > 0 ? Math.sqrt(Math.max(0, left) / freedom) * (Math.sqrt(n) + Math.sqrt(p)) : 0;
    // Rounding of the total is not noise.
    const floor = 1e-6 * singularValues[0];
    if (singularValues[k] <= Math.max(floor, MARGIN * edge)) return Math.max(1, k);
    left -= singularValues[k] ** 2;
  }
  return singularValues.length;
}

/** Positions or pixels that any component reaches. */
function lines(stack: Images | Patterns): number {
  const length = area(stack.size);
  let count = 0;
  for (let x = 0; x < length; x++) {
    for (let k = 0; k < stack.count; k++) {
      if (stack.values[k * length + x] !== 0) {
        count++;
        break;
      }
    }
  }
  return count;
}

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
