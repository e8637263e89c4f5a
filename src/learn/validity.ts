import { log, pow } from "../algebra/elementary.ts";
import { meanPoint, squaredDistance, thinnedPoints, thinnedRow } from "./loading-space.ts";

/** Points, and a fuzzy partition of them, as the indices see it. */
export interface Partition {
  /** rows × dimensions, row-major. */
  readonly points: Float64Array;
  readonly dimensions: number;
  /** clusters × dimensions. */
  readonly centres: Float64Array;
  /** rows × clusters, each row summing to 1; or what fills in a row. */
  readonly memberships: Float64Array | ((row: number, out: Float64Array) => void);
  /** m, default 2. */
  readonly fuzzifier?: number;
}

/** How well a partition separates its points; each says whether high or low is good. */
export interface Validity {
  /** Σ u² ÷ n, 1/c (nothing told apart) … 1 (crisp): high. Falls with c by itself. */
  readonly partitionCoefficient: number;
  /** −Σ u ln u ÷ n, 0 (crisp) … ln c: low. Rises with c by itself. */
  readonly partitionEntropy: number;
  /** Σ u^m d² ÷ (n · smallest squared distance between centres): low. Infinite where centres coincide. */
  readonly xieBeni: number;
  /** Σ u^m (‖x − c‖² − ‖c − mean‖²): low, negative where clusters are apart. */
  readonly fukuyamaSugeno: number;
  /** −1 … 1: high. Of the positions that clearly belong to one cluster, how much nearer they are to their own than to the next. */
  readonly fuzzySilhouette: number;
}

/** Silhouettes compare all points with each other: of more points, so many evenly spread ones stand for all. */
const MOST_SILHOUETTES = 1000;

/**
 * Indices of how well a fuzzy partition separates its points. None is right everywhere: see docs/methods/validity.md.
 *
 * About rows·clusters·dimensions operations, and 1000² · dimensions for the silhouette.
 *
 * @see Bezdek, J. Cybern. 3 (1974) 58 (coefficient, entropy); Xie & Beni, IEEE TPAMI 13 (1991) 841
 * @see Fukuyama & Sugeno, Proc. 5th Fuzzy Syst. Symp. (1989) 247; Campello & Hruschka, Fuzzy Sets Syst. 157 (2006) 2858
 * @example
 * const memberships = Float64Array.of(1, 0, 1, 0, 0, 1);
 * const { partitionCoefficient } = validity({ points: Float64Array.of(0, 1, 9), dimensions: 1, centres: Float64Array.of(0.5, 9), memberships });
 */
export function validity(partition: Partition): Validity {
  const { points, dimensions, centres, fuzzifier = 2 } = partition;
  const clusters = centres.length / dimensions;
  const rows = points.length / dimensions;
  const mean = meanPoint(points, dimensions);
  const apart = Float64Array.from({ length: clusters }, (_, k) => squaredDistance(centres, k, mean, 0, dimensions));
  const row = rowsOf(partition);
  const shares = new Float64Array(clusters);
  let [squares, entropy, within, between] = [0, 0, 0, 0];
  for (let i = 0; i < rows; i++) {
    row(i, shares);
    for (let k = 0; k < clusters; k++) {
      const u = shares[k];
      if (u <= 0) continue;
      const weight = fuzzifier === 2 ? u * u : pow(u, fuzzifier);
      squares += u * u;
      entropy -= u * log(u);
      within += weight * squaredDistance(points, i, centres, k, dimensions);
      between += weight * apart[k];
    }
  }
  return Object.freeze({
    partitionCoefficient: squares / rows,
    partitionEntropy: entropy / rows,
    xieBeni: within === 0 ? 0 : within / (rows * smallestGap(centres, dimensions)),
    fukuyamaSugeno: within - between,
    fuzzySilhouette: fuzzySilhouette(partition),
  });
}

function rowsOf({ memberships, centres, dimensions }: Partition): (row: number, out: Float64Array) => void {
  if (typeof memberships === "function") return memberships;
  const clusters = centres.length / dimensions;
  return (row, out) => {
    for (let k = 0; k < clusters; k++) out[k] = memberships[row * clusters + k];
  };
}

/** Smallest squared distance between two centres; Infinity of one. */
function smallestGap(centres: Float64Array, dimensions: number): number {
  const clusters = centres.length / dimensions;
  let least = Infinity;
  for (let i = 0; i < clusters; i++) {
    for (let j = i + 1; j < clusters; j++) least = Math.min(least, squaredDistance(centres, i, centres, j, dimensions));
  }
  return least;
}

/**
 * Σ (u₁ − u₂) s ÷ Σ (u₁ − u₂), u₁ and u₂ the two largest memberships, s = (b − a) / max(a, b), a the mean distance to the points of the
 * same cluster, b the least mean distance to those of another. A point alone in its cluster has s = 0.
 */
function fuzzySilhouette(partition: Partition): number {
  const { points, dimensions, centres } = partition;
  const clusters = centres.length / dimensions;
  if (clusters < 2) return 0;
  const thin = thinnedPoints(points, dimensions, MOST_SILHOUETTES);
  const rows = thin.length / dimensions;
  const row = rowsOf(partition);
  const u = new Float64Array(clusters);
  const labels = new Int32Array(rows);
  const margins = new Float64Array(rows);
  const sizes = new Float64Array(clusters);
  for (let i = 0; i < rows; i++) {
    row(thinnedRow(i, points.length / dimensions, MOST_SILHOUETTES), u);
    for (let k = 1; k < clusters; k++) if (u[k] > u[labels[i]]) labels[i] = k;
    let second = 0;
    for (let k = 0; k < clusters; k++) if (k !== labels[i]) second = Math.max(second, u[k]);
    margins[i] = u[labels[i]] - second;
    sizes[labels[i]]++;
  }
  const sums = new Float64Array(clusters);
  let [total, weights] = [0, 0];
  for (let i = 0; i < rows; i++) {
    sums.fill(0);
    for (let j = 0; j < rows; j++) sums[labels[j]] += Math.sqrt(squaredDistance(thin, i, thin, j, dimensions));
    const own = labels[i];
    let other = Infinity;
    for (let k = 0; k < clusters; k++) if (k !== own && sizes[k] > 0) other = Math.min(other, sums[k] / sizes[k]);
    const inside = sizes[own] > 1 ? sums[own] / (sizes[own] - 1) : 0;
    const larger = Math.max(inside, other);
    if (sizes[own] > 1 && other < Infinity && larger > 0) total += (margins[i] * (other - inside)) / larger;
    weights += margins[i];
  }
  return weights > 0 ? total / weights : 0;
}
