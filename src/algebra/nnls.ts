/** Working memory of {@link nonNegativeLeastSquares} for one k; make it once when many rows are solved. */
export interface NonNegativeScratch {
  readonly lower: Float64Array;
  readonly solution: Float64Array;
  readonly order: Int32Array;
  readonly passive: Uint8Array;
  readonly barred: Uint8Array;
}

export function nonNegativeScratch(k: number): NonNegativeScratch {
  return {
    lower: new Float64Array(k * k),
    solution: new Float64Array(k),
    order: new Int32Array(k),
    passive: new Uint8Array(k),
    barred: new Uint8Array(k),
  };
}

/** A variable whose Cholesky pivot is smaller than this part of its diagonal depends on the variables before it. */
const DEPENDENT = 1e-13;
/** A gradient smaller than this part of the terms it is made of is rounding. */
const ROUNDING = 1e-13;

/**
 * Exact non-negative least squares of a small problem: a = argmin ½ aᵀGa − aᵀt, a ≥ 0.
 *
 * With G = BBᵀ and t = Bx this is the best description of x by non-negative amounts of the rows of B.
 * Block principal pivoting, which mostly ends after one or two solves; where it cycles, the active-set method of
 * Lawson and Hanson, which cannot. Where G is singular, variables that depend on others stay 0 and a minimum is
 * still reached. Deterministic. About k³/6 multiplications for each solve.
 *
 * @param gram    G, k × k, row-major, symmetric, positive semidefinite
 * @param target  t, k values
 * @param out     a, k values; may be `target`
 * @param scratch working memory, made by {@link nonNegativeScratch}
 * @see Kim & Park, SIAM J. Sci. Comput. 33 (2011) 3261; Lawson & Hanson, Solving Least Squares Problems (1974), ch. 23
 * @example
 * const a = new Float64Array(2);
 * nonNegativeLeastSquares(Float64Array.of(2, 1, 1, 2), Float64Array.of(3, -1), 2, a); // a = [1.5, 0]
 */
export function nonNegativeLeastSquares(
  gram: Float64Array,
  target: Float64Array,
  k: number,
  out: Float64Array,
  scratch: NonNegativeScratch = nonNegativeScratch(k),
): void {
  const { solution } = scratch;
  if (!blockPivoting(gram, target, k, scratch)) activeSet(gram, target, k, scratch);
  for (let i = 0; i < k; i++) out[i] = solution[i];
}

/** Kim & Park 2011, algorithm 2 with full exchanges only: false where these stop making progress. */
function blockPivoting(gram: Float64Array, target: Float64Array, k: number, scratch: NonNegativeScratch): boolean {
  const { solution, passive } = scratch;
  passive.fill(1);
  let fewest = k + 1;
  let patience = 3;
  for (;;) {
    solvePassive(gram, target, k, scratch);
    let exchanged = 0;
    for (let i = 0; i < k; i++) {
      if (passive[i] === 1) {
        if (solution[i] < 0) exchanged++;
      } else if (risesAlong(gram, target, k, solution, i)) exchanged++;
    }
    if (exchanged === 0) return true;
    if (exchanged < fewest) {
      fewest = exchanged;
      patience = 3;
    } else if (patience-- === 0) return false;
    // The gradients are taken from a solution that still holds its negative entries: exchange only after all are known.
    const { barred } = scratch;
    for (let i = 0; i < k; i++) {
      barred[i] = passive[i] === 1 ? (solution[i] < 0 ? 0 : 1) : risesAlong(gram, target, k, solution, i) ? 1 : 0;
    }
    passive.set(barred);
  }
}

/** Lawson & Hanson 1974, algorithm NNLS, on the normal equations. */
function activeSet(gram: Float64Array, target: Float64Array, k: number, scratch: NonNegativeScratch): void {
  const { solution, passive, barred } = scratch;
  const current = new Float64Array(k);
  passive.fill(0);
  barred.fill(0);
  // Each entry lowers the objective, so no passive set comes twice; the bound only guards against rounding.
  for (let entries = 0; entries < 10 * k; entries++) {
    let entering = -1;
    let steepest = 0;
    for (let i = 0; i < k; i++) {
      if (passive[i] === 1 || barred[i] === 1 || !risesAlong(gram, target, k, current, i)) continue;
      const slope = gradient(gram, target, k, current, i) / Math.sqrt(gram[i * k + i]);
      if (slope > steepest) {
        steepest = slope;
        entering = i;
      }
    }
    if (entering < 0) break;
    passive[entering] = 1;
    solvePassive(gram, target, k, scratch);
    // A variable that enters and at once wants to leave, or depends on the others, did so by rounding.
    if (passive[entering] === 0 || solution[entering] <= 0) {
      passive[entering] = 0;
      barred[entering] = 1;
      continue;
    }
    barred.fill(0);
    for (;;) {
      let step = 1;
      let leaving = -1;
      for (let i = 0; i < k; i++) {
        if (passive[i] === 1 && solution[i] <= 0) {
          const part = current[i] / (current[i] - solution[i]);
          if (leaving < 0 || part < step) {
            step = part;
            leaving = i;
          }
        }
      }
      if (leaving < 0) break;
      for (let i = 0; i < k; i++) {
        if (passive[i] === 1) current[i] += step * (solution[i] - current[i]);
      }
      for (let i = 0; i < k; i++) {
        if (passive[i] === 1 && (i === leaving || (solution[i] <= 0 && current[i] <= 0))) {
          passive[i] = 0;
          current[i] = 0;
        }
      }
      solvePassive(gram, target, k, scratch);
    }
    current.set(solution);
  }
  solution.set(current);
}

/**
 * Solves G a = t over the passive variables, by Cholesky; the others are 0. Variables found dependent leave the set.
 */
function solvePassive(gram: Float64Array, target: Float64Array, k: number, scratch: NonNegativeScratch): void {
  const { lower, solution, order, passive } = scratch;
  let count = 0;
  for (let i = 0; i < k; i++) {
    solution[i] = 0;
    if (passive[i] === 0) continue;
    const row = count * k;
    let pivot = gram[i * k + i];
    let right = target[i];
    for (let j = 0; j < count; j++) {
      let sum = gram[i * k + order[j]];
      const other = j * k;
      for (let l = 0; l < j; l++) sum -= lower[row + l] * lower[other + l];
      sum /= lower[other + j];
      lower[row + j] = sum;
      pivot -= sum * sum;
      right -= sum * solution[order[j]];
    }
    if (!(pivot > DEPENDENT * gram[i * k + i])) {
      passive[i] = 0;
      continue;
    }
    const root = Math.sqrt(pivot);
    lower[row + count] = root;
    solution[i] = right / root;
    order[count++] = i;
  }
  for (let j = count - 1; j >= 0; j--) {
    const value = solution[order[j]] / lower[j * k + j];
    solution[order[j]] = value;
    for (let l = 0; l < j; l++) solution[order[l]] -= lower[j * k + l] * value;
  }
}

/** t_i − (G a)_i: how fast the objective falls when variable i grows. */
function gradient(gram: Float64Array, target: Float64Array, k: number, a: Float64Array, i: number): number {
  let slope = target[i];
  for (let j = 0; j < k; j++) slope -= gram[i * k + j] * a[j];
  return slope;
}

/** Whether the objective falls, beyond rounding, when variable i grows from 0. */
function risesAlong(gram: Float64Array, target: Float64Array, k: number, a: Float64Array, i: number): boolean {
  let slope = target[i];
  let size = Math.abs(slope);
  for (let j = 0; j < k; j++) {
    const term = gram[i * k + j] * a[j];
    slope -= term;
    size += Math.abs(term);
  }
  return gram[i * k + i] > 0 && slope > ROUNDING * size;
}
