import { indicesWhere } from "../algebra/indices-where.ts";
import { ShapeError } from "../scan/errors.ts";
import { area, type Scan } from "../scan/scan.ts";
import type { Watch } from "../scan/source.ts";
import { requireFinite } from "./finite.ts";
import type { Svd } from "./results.ts";

/** What all methods that cluster positions in the space of SVD loadings are told. */
export interface ClusteringOptions extends Watch {
  /** Decomposition whose loadings are the points to be clustered. */
  readonly svd: Svd;
  /** 1 … number of different points. */
  readonly clusters: number;
  /** How many leading loadings span the space, default `clusters`, at most the SVD's. */
  readonly dimensions?: number | undefined;
  /** "scaled": loadings U·S, distances are those between patterns (default). "unit": U, every component weighs the same. */
  readonly loadings?: "scaled" | "unit";
  /** Positions that count, 1 = used: the others move no centre and belong to none. Default: those with any loading. */
  readonly positions?: Uint8Array | undefined;
  /** How many starts, default 10. */
  readonly starts?: number;
  readonly maximumIterations?: number;
  /** Integer for the starts. */
  readonly seed: number;
}

/** The positions of a scan as points. */
export interface LoadingSpace {
  readonly dimensions: number;
  /** Every position: positions × dimensions, row-major. */
  readonly points: Float64Array;
  /** Positions that centres are fitted to, ascending. */
  readonly used: Int32Array;
  /** Their points: used × dimensions. */
  readonly fitted: Float64Array;
  /** Positions that get memberships, 1 = yes. */
  readonly shown: Uint8Array;
}

type SpaceOptions = Pick<ClusteringOptions, "svd" | "dimensions" | "loadings" | "positions">;

/**
 * The positions as points of SVD loadings, and which of them count.
 *
 * @param method  for messages
 * @param wanted  dimensions where the options do not say
 * @throws ShapeError dimensions out of range; a mask of another size or without any position
 * @throws DataError  a loading is not finite
 */
export function loadingSpace(method: string, options: SpaceOptions, wanted: number): LoadingSpace {
  const { svd, loadings = "scaled", positions: mask } = options;
  const available = svd.singularValues.length;
  const dimensions = options.dimensions ?? Math.min(Math.max(1, wanted), available);
  if (!(Number.isInteger(dimensions) && dimensions >= 1 && dimensions <= available)) {
    throw new ShapeError(`${method}: expected dimensions from 1 to the SVD's ${available}, found ${dimensions}`, {
      expected: [1, available],
      got: dimensions,
    });
  }
  const positions = area(svd.loadings.size);
  const points = new Float64Array(positions * dimensions);
  for (let d = 0; d < dimensions; d++) {
    const value = svd.singularValues[d];
    const scale = loadings === "scaled" ? 1 : value > 0 ? 1 / value : 0;
    for (let i = 0; i < positions; i++) points[i * dimensions + d] = scale * svd.loadings.values[d * positions + i];
  }
  requireFinite(method, svd.loadings.values.subarray(0, dimensions * positions), positions, "position");
  const used = usedPositions(method, points, positions, dimensions, mask);
  const fitted = used.length === positions ? points : new Float64Array(used.length * dimensions);
  if (fitted !== points) {
    used.forEach((position, i) => {
      fitted.set(points.subarray(position * dimensions, (position + 1) * dimensions), i * dimensions);
    });
  }
  return { dimensions, points, used, fitted, shown: mask ?? new Uint8Array(positions).fill(1) };
}

function usedPositions(
  method: string,
  points: Float64Array,
  positions: number,
  dimensions: number,
  mask: Uint8Array | undefined,
): Int32Array {
  if (!mask) {
    const loaded = indicesWhere(positions, (i) => {
      for (let at = i * dimensions; at < (i + 1) * dimensions; at++) if (points[at] !== 0) return true;
      return false;
    });
    return loaded.length > 0 ? loaded : indicesWhere(positions, () => true);
  }
  if (mask.length !== positions) {
    throw new ShapeError(`${method}: expected a mask of ${positions} positions, found ${mask.length}`, {
      expected: positions,
      got: mask.length,
    });
  }
  const used = indicesWhere(positions, (i) => mask[i] !== 0);
  if (used.length === 0) {
    throw new ShapeError(
      `${method}: expected a mask with used positions, found none; set those to be learned from to 1`,
      {
        expected: "≥ 1",
        got: 0,
      },
    );
  }
  return used;
}

/** Where a method needs a scan beside the decomposition, both must be of the same size. */
export function requireSameScan(method: string, scan: Scan, svd: Svd): void {
  if (area(scan.positions) === area(svd.loadings.size)) return;
  throw new ShapeError(
    `${method}: expected an SVD of ${scan.positions.join("×")} positions, found one of ${svd.loadings.size.join("×")}`,
    { expected: scan.positions, got: svd.loadings.size },
  );
}

/** ‖a − b‖² of row i of one and row j of another set of points. */
export function squaredDistance(a: Float64Array, i: number, b: Float64Array, j: number, dimensions: number): number {
  let sum = 0;
  for (let d = 0; d < dimensions; d++) {
    const difference = a[i * dimensions + d] - b[j * dimensions + d];
    sum += difference * difference;
  }
  return sum;
}

export function meanPoint(points: Float64Array, dimensions: number): Float64Array {
  const rows = points.length / dimensions;
  const mean = new Float64Array(dimensions);
  for (let at = 0; at < points.length; at += dimensions) {
    for (let d = 0; d < dimensions; d++) mean[d] += points[at + d] / rows;
  }
  return mean;
}

/** Mean squared distance of the points from their mean. */
export function meanSquare(points: Float64Array, dimensions: number): number {
  const rows = points.length / dimensions;
  const mean = meanPoint(points, dimensions);
  let sum = 0;
  for (let i = 0; i < rows; i++) sum += squaredDistance(points, i, mean, 0, dimensions);
  return sum / rows;
}

/** At most so many of the points, evenly spread over their order. */
export function thinnedPoints(points: Float64Array, dimensions: number, most: number): Float64Array {
  const rows = points.length / dimensions;
  if (rows <= most) return points;
  const thin = new Float64Array(most * dimensions);
  for (let i = 0; i < most; i++) {
    const from = thinnedRow(i, rows, most) * dimensions;
    for (let d = 0; d < dimensions; d++) thin[i * dimensions + d] = points[from + d];
  }
  return thin;
}

/** Which of all rows is row i of {@link thinnedPoints}. */
export const thinnedRow = (i: number, rows: number, most: number): number =>
  rows <= most ? i : Math.floor((i * rows) / most);
