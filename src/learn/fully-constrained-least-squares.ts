import { gram } from "../algebra/gram.ts";
import { solve } from "../algebra/least-squares.ts";
import { nonNegativeLeastSquares, nonNegativeScratch } from "../algebra/nnls.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, type Images, images, type Patterns, patterns, type Scan } from "../scan/scan.ts";

/** What the amounts at one position sum to: exactly 1, at most 1, or anything. */
export type Sum = "one" | "at most one" | "free";

/** Solves one problem after another with the same Gram matrix: out ← argmin ½ aᵀGa − aᵀt, a ≥ 0. */
export type ConstrainedSolver = (target: Float64Array, out: Float64Array) => void;

/** A gradient smaller than this part of the terms it is made of is rounding. */
const ROUNDING = 1e-12;

/**
 * Exact least squares with amounts a ≥ 0 that sum to 1 (or to at most 1), for many small problems with one Gram matrix.
 *
 * An active-set method in k dimensions: from a corner of the simplex, components enter while that lowers the objective and leave where they
 * would become negative; finitely many steps, no tolerance to choose. What each set of components needs is inverted once and kept, so most
 * problems cost a few k × k products.
 *
 * @param normal  G, k × k, row-major, positive semidefinite
 * @param sum     default "one"
 * @see Heinz & Chang, IEEE Trans. Geosci. Remote Sens. 39 (2001) 529; Lawson & Hanson, Solving Least Squares Problems (1974), ch. 23
 * @example
 * const fit = simplexLeastSquares(Float64Array.of(2, 1, 1, 2), 2);
 * const a = new Float64Array(2);
 * fit(Float64Array.of(3, 0), a); // a = [1, 0]
 */
export function simplexLeastSquares(normal: Float64Array, k: number, sum: Sum = "one"): ConstrainedSolver {
  const scratch = nonNegativeScratch(k);
  const free: ConstrainedSolver = (target, out) => nonNegativeLeastSquares(normal, target, k, out, scratch);
  if (sum === "free") return free;
  const summing = summingToOne(normal, k);
  if (sum === "one") return summing;
  return (target, out) => {
    free(target, out);
    // The bound holds already, or it holds with equality at the solution.
    if (out.reduce((total, value) => total + value, 0) > 1) summing(target, out);
  };
}

/** One set of components that share the amount 1: a = inverse·t + base. */
interface Face {
  readonly members: readonly number[];
  readonly inverse: Float64Array;
  readonly base: Float64Array;
}

function summingToOne(gram: Float64Array, k: number): ConstrainedSolver {
  const faces = new Map<number | string, Face>();
  const passive = new Uint8Array(k);
  const trial = new Float64Array(k);
  const slopes = new Float64Array(k);
  const minimum = (target: Float64Array): Float64Array => {
    const key = setOf(passive);
    let face = faces.get(key);
    if (!face) {
      face = faceOf(gram, k, passive);
      faces.set(key, face);
    }
    const { members, inverse, base } = face;
    trial.fill(0);
    const m = members.length;
    for (let i = 0; i < m; i++) {
      let value = base[i];
      for (let j = 0; j < m; j++) value += inverse[i * m + j] * target[members[j]];
      trial[members[i]] = value;
    }
    return trial;
  };
  return (target, out) => {
    // The fast path: all components present.
    passive.fill(1);
    if (minimum(target).every((value) => value >= 0)) {
      settle(trial, out);
      return;
    }
    const a = new Float64Array(k);
    const corner = bestCorner(gram, target, k);
    passive.fill(0);
    passive[corner] = 1;
    a[corner] = 1;
    // Every round lowers the objective, so no set comes twice; the bound guards against rounding.
    for (let round = 0; round < 3 * k + 10; round++) {
      const entering = steepest(gram, target, a, passive, slopes, k);
      if (entering < 0) break;
      passive[entering] = 1;
      for (let leaving = 0; leaving <= k; leaving++) {
        const goal = minimum(target);
        let reach = 1;
        let first = -1;
        for (let t = 0; t < k; t++) {
          if (passive[t] === 0 || goal[t] > 0) continue;
          const step = a[t] > goal[t] ? a[t] / (a[t] - goal[t]) : 0;
          if (step < reach || first < 0) {
            reach = Math.min(step, 1);
            first = t;
          }
        }
        for (let t = 0; t < k; t++) a[t] += reach * (goal[t] - a[t]);
        if (first < 0) break;
        a[first] = 0;
        passive[first] = 0;
      }
    }
    settle(a, out);
  };
}

/** A name for a set: a number where its bits fit into one, since a text for every position is much to be collected. */
function setOf(members: Uint8Array): number | string {
  if (members.length > 50) return members.join("");
  let bits = 0;
  for (const member of members) bits = 2 * bits + member;
  return bits;
}

/** Amounts exactly ≥ 0, summing to 1 to rounding. */
function settle(a: Float64Array, out: Float64Array): void {
  let total = 0;
  for (const value of a) total += Math.max(0, value);
  for (let t = 0; t < a.length; t++) out[t] = Math.max(0, a[t]) / total;
}

function bestCorner(gram: Float64Array, target: Float64Array, k: number): number {
  let best = 0;
  let least = Infinity;
  for (let t = 0; t < k; t++) {
    const objective = 0.5 * gram[t * k + t] - target[t];
    if (objective < least) {
      least = objective;
      best = t;
    }
  }
  return best;
}

/** The absent component along which the objective falls most when it takes from those present; −1 where none does. */
function steepest(
  gram: Float64Array,
  target: Float64Array,
  a: Float64Array,
  passive: Uint8Array,
  slopes: Float64Array,
  k: number,
): number {
  let size = 0;
  let [level, held] = [0, 0];
  for (let t = 0; t < k; t++) {
    let slope = target[t];
    size = Math.max(size, Math.abs(slope));
    for (let s = 0; s < k; s++) slope -= gram[t * k + s] * a[s];
    slopes[t] = slope;
    if (passive[t] === 1) {
      level += slope * a[t];
      held += a[t];
    }
  }
  level /= held;
  let best = -1;
  let most = ROUNDING * Math.max(size, Math.abs(level));
  for (let t = 0; t < k; t++) {
    if (passive[t] === 0 && slopes[t] - level > most) {
      most = slopes[t] - level;
      best = t;
    }
  }
  return best;
}

/** Solves [G 1; 1ᵀ 0] [a; μ] = [t; 1] for the members once and for all t. */
function faceOf(gram: Float64Array, k: number, passive: Uint8Array): Face {
  const members = Array.from(passive.keys()).filter((t) => passive[t] === 1);
  const m = members.length;
  const scale = Math.max(...members.map((t) => gram[t * k + t]), Number.MIN_VALUE);
  const bordered = new Float64Array((m + 1) ** 2);
  for (let i = 0; i < m; i++) {
    for (let j = 0; j < m; j++) bordered[i * (m + 1) + j] = gram[members[i] * k + members[j]] / scale;
    bordered[i * (m + 1) + m] = 1;
    bordered[m * (m + 1) + i] = 1;
  }
  const column = (unit: number): Float64Array => {
    const right = new Float64Array(m + 1);
    right[unit] = 1;
    return solve(bordered, right);
  };
  const inverse = new Float64Array(m * m);
  for (let j = 0; j < m; j++) {
    const solved = column(j);
    for (let i = 0; i < m; i++) inverse[i * m + j] = solved[i] / scale;
  }
  return { members, inverse, base: column(m).slice(0, m) };
}

export interface FullyConstrainedOptions {
  /** What the amounts at one position sum to, default "one". */
  readonly sum?: Sum;
  /** Least-squares weight of every pixel, ≥ 0; default 1. Poisson weights are 1 ÷ (mean pattern). */
  readonly weights?: Float32Array;
}

/**
 * Maps of known patterns: at every position the amounts a that minimise Σⱼ wⱼ (x − a·F)ⱼ², a ≥ 0, summing to 1 or to at most 1.
 *
 * Poisson weights 1/(aᵢ bⱼ) of position i and pixel j enter through the pixels alone: 1/aᵢ scales the whole problem of a position and leaves
 * its solution as it is. So one product of X with the k weighted patterns is all that is needed; one read.
 *
 * @param scan     X: positions × pixels
 * @param factors  F: k patterns, in the units of X
 * @returns        k × positions [1], ≥ 0, sums to rounding of float32; positions that recorded nothing are 0
 * @throws ShapeError  patterns or weights of another size than the scan's
 * @see Heinz & Chang, IEEE Trans. Geosci. Remote Sens. 39 (2001) 529; Keenan & Kotula, Surf. Interface Anal. 36 (2004) 203 (weights)
 * @example
 * const maps = await fullyConstrainedLeastSquares(scan, factors, { sum: "at most one" });
 */
export async function fullyConstrainedLeastSquares(
  scan: Scan,
  factors: Patterns,
  { sum = "one", weights }: FullyConstrainedOptions = {},
): Promise<Images> {
  const pixels = area(scan.pixels);
  if (area(factors.size) !== pixels || (weights && weights.length !== pixels)) {
    throw new ShapeError(
      `fully constrained least squares: expected patterns and weights of ${pixels} pixels, found ${area(factors.size)} and ${weights?.length ?? "none"}`,
      { expected: pixels, got: [area(factors.size), weights?.length] },
    );
  }
  const weighted = weightedPatterns(factors, weights);
  return constrainedMaps(factors, weighted, await scan.toImages(weighted), sum);
}

/** F with every pixel times its weight. */
export function weightedPatterns({ values, size }: Patterns, weights?: Float32Array): Patterns {
  const pixels = area(size);
  return patterns(size, weights ? values.map((value, at) => value * weights[at % pixels]) : values);
}

/** The maps from products of X with weighted patterns that are known already. */
export function constrainedMaps(factors: Patterns, weighted: Patterns, products: Images, sum: Sum): Images {
  const [k, positions] = [factors.count, area(products.size)];
  const solveOne = simplexLeastSquares(gram(factors.values, weighted.values, area(factors.size)), k, sum);
  const maps = new Float32Array(k * positions);
  const target = new Float64Array(k);
  const amounts = new Float64Array(k);
  for (let i = 0; i < positions; i++) {
    let seen = 0;
    for (let t = 0; t < k; t++) {
      target[t] = products.values[t * positions + i];
      seen += Math.abs(target[t]);
    }
    if (seen === 0) continue;
    solveOne(target, amounts);
    for (let t = 0; t < k; t++) maps[t * positions + i] = amounts[t];
  }
  return images(products.size, maps);
}
