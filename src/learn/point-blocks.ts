import { WINDOW } from "../algebra/gram.ts";
import { type StackKernels, stackKernels } from "../algebra/stack-kernels.ts";
import type { MembershipRule } from "./membership-rule.ts";

/** Some columns of the points. */
export interface Block {
  /** Address of its first column. */
  readonly at: number;
  /** A multiple of 8; points from `real` on are padding. */
  readonly columns: number;
  readonly real: number;
}

/**
 * Points as a stack in the kernels' memory, to be passed over block by block: coordinates and one row of ones, 0 where padded.
 * Rows of `squared`, u and w hold what one block's points have with each cluster, {@link WINDOW} apart.
 */
export interface PointBlocks {
  readonly kernels: StackKernels;
  readonly stride: number;
  /** Bytes from the first coordinate of a block to its ones. */
  readonly ones: number;
  readonly blocks: readonly Block[];
  /** d² to each cluster, clusters rows: to be written by the caller. */
  readonly squared: number;
  /** u, clusters rows, and the cost of each point. */
  readonly u: number;
  /** w, clusters rows. */
  readonly w: number;
  /** Addresses of the rooms asked for. */
  readonly rooms: readonly number[];
  /** Fills u, its cost row and w of a block from `squared`; 0 where padded. */
  readonly judge: (block: Block) => void;
}

/** Bytes of a row of one block. */
export const ROW = WINDOW * 8;
/** Squared distances below this are none: their inverses leave the range of numbers. */
export const ON_CENTRE = 1e-290;

/**
 * Places points, rows × dimensions, for a descent. Nothing else may ask the thread's kernels for rooms until it ends.
 *
 * @param rooms  bytes that the descent needs for itself
 */
export function pointBlocks(
  points: Float64Array,
  dimensions: number,
  clusters: number,
  rule: MembershipRule,
  rooms: readonly number[],
): PointBlocks {
  const kernels = stackKernels();
  const count = points.length / dimensions;
  const stride = (count + 7) & ~7;
  const [start, squared, u, w, ...own] = kernels.rooms(
    (dimensions + 1) * stride * 8,
    clusters * ROW,
    (clusters + 1) * ROW,
    clusters * ROW,
    ...rooms,
  );
  const stack = kernels.doubles(start, (dimensions + 1) * stride).fill(0);
  for (let d = 0; d < dimensions; d++) {
    for (let i = 0; i < count; i++) stack[d * stride + i] = points[i * dimensions + d];
  }
  stack.fill(1, dimensions * stride, dimensions * stride + count);
  const blocks: Block[] = [];
  for (let from = 0; from < count; from += WINDOW) {
    const real = Math.min(WINDOW, count - from);
    blocks.push({ at: start + from * 8, columns: (real + 7) & ~7, real });
  }
  const [far, shares, weights] = [
    kernels.doubles(squared, clusters * WINDOW),
    kernels.doubles(u, (clusters + 1) * WINDOW),
    kernels.doubles(w, clusters * WINDOW),
  ];
  const one = Array.from({ length: 3 }, () => new Float64Array(clusters));
  const judge = ({ columns, real }: Block): void => {
    if (rule.kernel === "inverseShares") kernels.inverseShares(squared, WINDOW, clusters, columns, ON_CENTRE, u, w);
    else if (rule.kernel === "nearestShares") kernels.nearestShares(squared, WINDOW, clusters, columns, u, w);
    else pointByPoint(rule, clusters, real, [far, shares, weights], one);
    if (real === columns) return;
    for (let k = 0; k <= clusters; k++) shares.fill(0, k * WINDOW + real, k * WINDOW + columns);
    for (let k = 0; k < clusters; k++) weights.fill(0, k * WINDOW + real, k * WINDOW + columns);
  };
  return { kernels, stride, ones: dimensions * stride * 8, blocks, squared, u, w, rooms: own, judge };
}

function pointByPoint(
  rule: MembershipRule,
  clusters: number,
  real: number,
  [far, shares, weights]: readonly Float64Array[],
  [squared, u, w]: readonly Float64Array[],
): void {
  for (let x = 0; x < real; x++) {
    for (let k = 0; k < clusters; k++) squared[k] = far[k * WINDOW + x];
    shares[clusters * WINDOW + x] = rule(squared, u, w);
    for (let k = 0; k < clusters; k++) {
      shares[k * WINDOW + x] = u[k];
      weights[k * WINDOW + x] = w[k];
    }
  }
}
