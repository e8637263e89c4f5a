import { exp, expm1, log, log1p } from "../algebra/elementary.ts";
import { logNormalBelow } from "../algebra/normal-distribution.ts";
import type { Random } from "../algebra/random.ts";
import { stackKernels } from "../algebra/stack-kernels.ts";

/** Points as mixtures, with what their amounts are drawn from. */
export interface Mixtures {
  readonly k: number;
  /** n × k, ≥ 0, rows summing to 1: drawn anew. */
  readonly amounts: Float64Array;
  /** n × k, rows summing to 1. */
  readonly coordinates: Float64Array;
  /** n × (k − 1)², inverse noise covariances of the first k − 1 coordinates. */
  readonly precisions: Float64Array;
  /** k × (k − 1). */
  readonly corners: Float64Array;
}

/** Every face counts as if it had so many points, so that none is ruled out. */
const PRIOR_POINTS = 0.5;
/** Faces are known by sums of powers of two, which are exact up to here; and matrices over all corners still fit into memory. */
export const MOST_COMPONENTS = 53;

/** 2ᵗ. */
const POWERS = new Float64Array(MOST_COMPONENTS).fill(1);
for (let t = 1; t < MOST_COMPONENTS; t++) POWERS[t] = 2 * POWERS[t - 1];

/** The face of the point whose amounts begin at `own`, and how many components are present. */
function faceAt(amounts: Float64Array, own: number, k: number): [face: number, size: number] {
  let [face, size] = [0, 0];
  for (let t = 0; t < k; t++) {
    if (amounts[own + t] === 0) continue;
    face += POWERS[t];
    size++;
  }
  return [face, size];
}

/** How likely the faces of a simplex are, from the points on them. A face is the set of components present, Σ 2ᵗ. */
export class Faces {
  /** The largest of all. */
  readonly most: number;
  readonly #logs = new Map<number, number>();
  readonly #unseen: Float64Array;

  constructor({ amounts, k }: Mixtures) {
    const n = amounts.length / k;
    const counts = new Map<number, { points: number; readonly size: number }>();
    for (let at = 0; at < amounts.length; at += k) {
      const [face, size] = faceAt(amounts, at, k);
      const count = counts.get(face);
      if (count) count.points++;
      else counts.set(face, { points: 1, size });
    }
    // A face of s corners has the volume 1/(s − 1)! in its amounts.
    const simplices = new Float64Array(k + 1);
    for (let s = 2; s <= k; s++) simplices[s] = simplices[s - 1] + log(s - 1);
    this.#unseen = simplices.map((value) => log(PRIOR_POINTS / n) + value);
    for (const [face, { points, size }] of counts) {
      this.#logs.set(face, log((points + PRIOR_POINTS) / n) + simplices[size]);
    }
    this.most = Math.max(...this.#unseen, ...this.#logs.values());
  }

  /** ln of the part of the points on a face of so many components, over its volume. */
  log(face: number, size: number): number {
    return this.#logs.get(face) ?? this.#unseen[size];
  }
}

/**
 * One round over all pairs of components of every point: what one gives the other, the rest kept, is normal along a segment with an atom at either
 * end, where one of them is absent.
 *
 * Of most pairs one is there, and goes on without the other: so it is where a bound on all other chances leaves the number drawn no choice.
 * Cost: n k³ multiplications, and as many draws as there are pairs with a component present.
 */
export function drawAmounts(mixtures: Mixtures, faces: Faces, draw: Random): void {
  const { k, amounts, corners } = mixtures;
  const [n, m] = [amounts.length / k, k - 1];
  const { pullAt, turned, lengths, pulls } = pulled(mixtures);
  for (let i = 0; i < n; i++) {
    const own = i * k;
    pullAt(i);
    let [face, size] = faceAt(amounts, own, k);
    let here = faces.log(face, size);
    for (let s = 0; s < k; s++) {
      for (let t = s + 1; t < k; t++) {
        const [ofS, ofT] = [amounts[own + s], amounts[own + t]];
        const whole = ofS + ofT;
        if (whole === 0) continue;
        let across = 0;
        for (let c = 0; c < m; c++) across += corners[s * m + c] * turned[t * m + c];
        const precision = lengths[s] + lengths[t] - 2 * across;
        if (!(precision > 0)) continue;
        const slope = pulls[s] - pulls[t];
        const chance = draw.uniform();
        const alone = ofS === 0 || ofT === 0;
        const two = alone ? face + POWERS[ofS === 0 ? s : t] : face;
        const logTwo = alone ? faces.log(two, size + 1) : here;
        if (alone) {
          const gain = ofS === 0 ? slope : -slope;
          // How much likelier than now the other alone is, and both, at most.
          const other = faces.most - here + whole * (gain - 0.5 * precision * whole);
          const both = logTwo - here + (gain > 0 ? (gain * gain) / (2 * precision) : 0);
          const [swapped, joined] = [atMost(other), (atMost(both) * ROOT_2PI) / Math.sqrt(precision)];
          if (chance > swapped && chance * (1 + swapped + joined) < 1) continue;
        }
        const [onlyS, onlyT] = [two - POWERS[t], two - POWERS[s]];
        const one = alone ? size : size - 1;
        const now = drawn(faces.log(onlyT, one), faces.log(onlyS, one), logTwo, {
          whole,
          precision,
          centre: ofS + slope / precision,
          chance,
          draw,
        });
        amounts[own + s] = now;
        amounts[own + t] = now === whole ? 0 : whole - now;
        face = now === 0 ? onlyT : now === whole ? onlyS : two;
        size = face === two ? one + 1 : one;
        here = faces.log(face, size);
        for (let r = 0; r < k; r++) {
          let along = 0;
          for (let c = 0; c < m; c++) along += corners[r * m + c] * (turned[s * m + c] - turned[t * m + c]);
          pulls[r] -= (now - ofS) * along;
        }
      }
    }
  }
}

/** Points whose products are formed together; a multiple of 8. They stay in the first-level cache. */
const TOGETHER = 16;

/** Of every corner E, for a point at a time: P·E, E·P·E, and E·P·(b − Σ a E). Holds this thread's kernels until the last point. */
function pulled({ k, amounts, coordinates, precisions, corners }: Mixtures) {
  const [n, m] = [amounts.length / k, k - 1];
  const kernels = stackKernels();
  const [weights, rows, products] = kernels.rooms(k * m * 8, m * m * TOGETHER * 8, k * m * TOGETHER * 8);
  kernels.doubles(weights, k * m).set(corners);
  const panel = kernels.doubles(rows, m * m * TOGETHER).fill(0);
  const found = kernels.doubles(products, k * m * TOGETHER);
  const [rest, turned] = [new Float64Array(m), new Float64Array(k * m)];
  const [lengths, pulls] = [new Float64Array(k), new Float64Array(k)];
  const multiply = (start: number): void => {
    const count = Math.min(TOGETHER, n - start);
    for (let x = 0; x < count; x++) {
      const from = (start + x) * m * m;
      for (let cd = 0; cd < m * m; cd++) panel[cd * TOGETHER + x] = precisions[from + cd];
    }
    for (let c = 0; c < m; c++) {
      const [from, to] = [rows + c * m * TOGETHER * 8, products + c * k * TOGETHER * 8];
      kernels.combine(weights, k, m, from, TOGETHER, TOGETHER, to, TOGETHER);
    }
  };
  const pullAt = (i: number): void => {
    const x = i % TOGETHER;
    if (x === 0) multiply(i);
    for (let c = 0; c < m; c++) rest[c] = coordinates[i * k + c];
    for (let t = 0; t < k; t++) {
      const amount = amounts[i * k + t];
      if (amount !== 0) for (let c = 0; c < m; c++) rest[c] -= amount * corners[t * m + c];
    }
    for (let t = 0; t < k; t++) {
      let [length, pull] = [0, 0];
      for (let c = 0; c < m; c++) {
        const value = found[(c * k + t) * TOGETHER + x];
        turned[t * m + c] = value;
        length += value * corners[t * m + c];
        pull += value * rest[c];
      }
      lengths[t] = length;
      pulls[t] = pull;
    }
  };
  return { pullAt, turned, lengths, pulls };
}

/** eˣ, or a little more where that is next to nothing. */
const atMost = (x: number): number => (x < -40 ? 1e-17 : exp(x));

interface Segment {
  /** What two components have together. */
  readonly whole: number;
  /** Of the normal along the segment, in the amount of the first. */
  readonly precision: number;
  readonly centre: number;
  /** 0 … 1, drawn: which of the three. */
  readonly chance: number;
  readonly draw: Random;
}

/** The amount of the first of two components, given ln of the parts of the points with the second alone, the first alone, and both. */
function drawn(
  logSecond: number,
  logFirst: number,
  logBoth: number,
  { whole, precision, centre, chance, draw }: Segment,
): number {
  const root = Math.sqrt(precision);
  const [low, high] = [-centre * root, (whole - centre) * root];
  const second = logSecond - 0.5 * low * low;
  const first = logFirst - 0.5 * high * high;
  const both = logBoth + LOG_ROOT_2PI - 0.5 * log(precision) + logBetween(low, high);
  const most = Math.max(second, first, both);
  const [chanceSecond, chanceFirst] = [exp(second - most), exp(first - most)];
  const chosen = chance * (chanceSecond + chanceFirst + exp(both - most));
  if (chosen < chanceSecond) return 0;
  if (chosen < chanceSecond + chanceFirst) return whole;
  return Math.min(whole, Math.max(0, centre + truncatedNormal(low, high, draw) / root));
}

const LOG_ROOT_2PI = 0.5 * log(2 * Math.PI);
const ROOT_2PI = Math.sqrt(2 * Math.PI);
const logs = new Float64Array(2);

/** ln [Φ(high) − Φ(low)], from the side where it does not cancel. */
function logBetween(low: number, high: number): number {
  const [near, far] = low > 0 ? [-low, -high] : [high, low];
  logNormalBelow(near, logs);
  const upper = logs[0];
  // Less than 10⁻¹⁷ of Φ(near) lies there.
  if (far < -9 && far * far - near * Math.min(0, near) > 80) return upper;
  logNormalBelow(far, logs);
  return upper + log1p(-Math.min(1 - 1e-16, exp(logs[0] - upper)));
}

/** A standard normal number between two bounds. */
function truncatedNormal(low: number, high: number, { normal, uniform }: Random): number {
  if (low > 0) return -truncatedNormal(-high, -low, { normal, uniform } as Random);
  if (high < 0) {
    // In the tail the density is steepest at the upper end: exponential there.
    const rate = -high;
    const reach = -expm1(-rate * (high - low));
    for (;;) {
      const back = -log1p(-uniform() * reach) / rate;
      if (uniform() <= exp(-0.5 * back * back)) return high - back;
    }
  }
  if (high - low > 1) {
    for (;;) {
      const value = normal();
      if (value >= low && value <= high) return value;
    }
  }
  for (;;) {
    const value = low + (high - low) * uniform();
    if (uniform() <= exp(-0.5 * value * value)) return value;
  }
}
