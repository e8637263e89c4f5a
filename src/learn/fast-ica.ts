import { exp, log1p, tanh } from "../algebra/elementary.ts";
import { symmetricEigen } from "../algebra/symmetric-eigen.ts";

/** Samples of mean 0 and unit covariance, count × k, row-major. */
export interface Whitened {
  readonly samples: Float64Array;
  readonly k: number;
}

/** How far a distribution is from normal: G = ln cosh u, −exp(−u²/2) or u⁴/4. */
export type Contrast = "logcosh" | "exp" | "cube";

export interface FastIcaSettings {
  readonly contrast: Contrast;
  readonly tolerance: number;
  readonly maximumIterations: number;
  readonly signal?: AbortSignal | undefined;
}

export interface FastIca {
  /** k × k, rows orthonormal. */
  readonly directions: Float64Array;
  readonly iterations: number;
  readonly converged: boolean;
}

/**
 * All directions at once: W ← E[g(Wz) zᵀ] − diag(E[g′(Wz)]) W, then W ← (WWᵀ)^(−½) W.
 *
 * @param start  k × k, rows that do not depend on each other
 * @see Hyvärinen, IEEE Trans. Neural Netw. 10 (1999) 626, equations 20 and 37
 */
export function parallel(white: Whitened, start: Float64Array, settings: FastIcaSettings): FastIca {
  const { k } = white;
  let now = orthogonalised(start, k);
  let iterations = 0;
  let converged = k === 1;
  while (!converged && iterations < settings.maximumIterations) {
    settings.signal?.throwIfAborted();
    const next = orthogonalised(newton(white, now, settings.contrast), k);
    converged = true;
    for (let t = 0; t < k; t++) if (1 - Math.abs(dot(next, t, now, t, k)) > settings.tolerance) converged = false;
    now = next;
    iterations++;
  }
  return { directions: now, iterations, converged };
}

/**
 * One direction after the other, each kept orthogonal to those before. `iterations` are those of the slowest.
 *
 * @see Hyvärinen, IEEE Trans. Neural Netw. 10 (1999) 626, equations 20 and 35
 */
export function deflation(white: Whitened, start: Float64Array, settings: FastIcaSettings): FastIca {
  const { k } = white;
  const directions = new Float64Array(k * k);
  let iterations = 0;
  let converged = true;
  for (let t = 0; t < k; t++) {
    let now = awayFrom(directions, t, start.slice(t * k, (t + 1) * k), k);
    let still = t === k - 1; // the last has no freedom left
    let own = 0;
    for (; !still && own < settings.maximumIterations; own++) {
      settings.signal?.throwIfAborted();
      const next = awayFrom(directions, t, newton(white, now, settings.contrast), k);
      still = 1 - Math.abs(dot(next, 0, now, 0, k)) <= settings.tolerance;
      now = next;
    }
    directions.set(now, t * k);
    iterations = Math.max(iterations, own);
    converged &&= still;
  }
  return { directions, iterations, converged };
}

/** Σ over the directions of (E[G(wᵀz)] − E[G(ν)])², ν standard normal: larger is farther from normal. */
export function negentropy({ samples, k }: Whitened, directions: Float64Array, contrast: Contrast): number {
  const count = samples.length / k;
  const rows = directions.length / k;
  let total = 0;
  for (let t = 0; t < rows; t++) {
    let sum = 0;
    for (let i = 0; i < count; i++) sum += value(contrast, dot(samples, i, directions, t, k));
    total += (sum / count - ofNormal[contrast]) ** 2;
  }
  return total;
}

/** E[G(ν)], ν standard normal: by quadrature, −1/√2 and 3/4. */
const ofNormal: Readonly<Record<Contrast, number>> = { logcosh: 0.3745672074914378, exp: -Math.SQRT1_2, cube: 0.75 };

function value(contrast: Contrast, u: number): number {
  if (contrast === "cube") return 0.25 * u * u * u * u;
  if (contrast === "exp") return -exp(-0.5 * u * u);
  // ln cosh u without overflow.
  const size = Math.abs(u);
  return size + log1p(exp(-2 * size)) - Math.LN2;
}

/** One Newton step for each row w of W: E[z g(wᵀz)] − E[g′(wᵀz)] w. */
function newton({ samples, k }: Whitened, w: Float64Array, contrast: Contrast): Float64Array {
  const rows = w.length / k;
  const sums = new Float64Array(w.length);
  const slopes = new Float64Array(rows);
  for (let at = 0; at < samples.length; at += k) {
    for (let t = 0; t < rows; t++) {
      const own = t * k;
      let u = 0;
      for (let j = 0; j < k; j++) u += w[own + j] * samples[at + j];
      let g = 0;
      if (contrast === "logcosh") {
        g = tanh(u);
        slopes[t] += 1 - g * g;
      } else if (contrast === "exp") {
        const bell = exp(-0.5 * u * u);
        g = u * bell;
        slopes[t] += (1 - u * u) * bell;
      } else {
        g = u * u * u;
        slopes[t] += 3 * u * u;
      }
      for (let j = 0; j < k; j++) sums[own + j] += g * samples[at + j];
    }
  }
  const count = samples.length / k;
  return sums.map((sum, i) => (sum - slopes[Math.floor(i / k)] * w[i]) / count);
}

/** (WWᵀ)^(−½) W: the nearest orthonormal rows. */
function orthogonalised(w: Float64Array, k: number): Float64Array {
  const gram = new Float64Array(k * k);
  for (let i = 0; i < k; i++) for (let j = 0; j < k; j++) gram[i * k + j] = dot(w, i, w, j, k);
  const { values, vectors } = symmetricEigen(gram, k);
  const result = new Float64Array(k * k);
  for (let e = 0; e < k; e++) {
    const scale = 1 / Math.sqrt(Math.max(values[e], 1e-30 * values[0]));
    for (let j = 0; j < k; j++) {
      let along = 0;
      for (let l = 0; l < k; l++) along += vectors[e * k + l] * w[l * k + j];
      for (let i = 0; i < k; i++) result[i * k + j] += vectors[e * k + i] * scale * along;
    }
  }
  return result;
}

/** A unit vector, less its part along the first `count` rows; taken away twice against rounding. */
function awayFrom(rows: Float64Array, count: number, vector: Float64Array, k: number): Float64Array {
  const rest = vector.slice();
  for (let round = 0; round < 2; round++) {
    for (let t = 0; t < count; t++) {
      const along = dot(rest, 0, rows, t, k);
      for (let j = 0; j < k; j++) rest[j] -= along * rows[t * k + j];
    }
  }
  const norm = Math.sqrt(dot(rest, 0, rest, 0, k));
  return rest.map((entry) => entry / norm);
}

function dot(a: Float64Array, i: number, b: Float64Array, j: number, k: number): number {
  let sum = 0;
  for (let l = 0; l < k; l++) sum += a[i * k + l] * b[j * k + l];
  return sum;
}
