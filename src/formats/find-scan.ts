import { FormatError, ShapeError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import type { OpenOptions } from "./format.ts";
import type { StoredNumber } from "./stored-numbers.ts";

/** What each axis of an array is in the scan; "one" is an axis of length 1 that carries nothing. A stack has "stack" for both scan axes. */
export type AxisRole = "rows" | "columns" | "stack" | "pixelRows" | "pixelColumns" | "one";

/** An array in a file that holds several: HDF5, Zarr. */
export interface FoundArray {
  readonly path: string;
  readonly shape: readonly number[];
  /** Undefined where it does not hold numbers that can be read. */
  readonly stored: StoredNumber | undefined;
  /** The file says that this one is the data. */
  readonly marked?: boolean;
  /** Where the axes are not rows×columns×rows×columns: Velox numbers images by the last axis, HyperSpy's .emd is reversed. */
  readonly order?: "framesLast" | "reversed" | undefined;
}

/** How an array is the scan. */
export interface ScanLayout {
  readonly shape: readonly number[];
  readonly roles: readonly AxisRole[];
  readonly stored: StoredNumber;
  readonly positions: Size;
  readonly pixels: Size;
}

/** What the file can say besides its arrays. */
export interface Notes {
  /** What hides behind the arrays found, for the message if none is a scan. */
  readonly besides?: string;
}

/**
 * Chooses the array that holds the scan: the one named, else the only 4-D one, else the one that the file or its place says
 * (NeXus' signal, HyperSpy's single experiment, FPD's detector data), else, with `shape`, the only stack that fits.
 *
 * @throws ShapeError        none or several; says which there are, and to use --dataset or --shape
 * @throws UnsupportedError  the named array does not hold numbers
 */
export function chooseScan<Found extends FoundArray>(
  name: string,
  found: readonly Found[],
  options: OpenOptions,
  { besides = "" }: Notes = {},
): { array: Found; layout: ScanLayout } {
  if (options.dataset !== undefined) {
    const named = namedArray(name, found, options.dataset);
    return { array: named, layout: layoutOf(name, named, options.shape) };
  }
  const scans = found.filter((each) => each.stored !== undefined && rolesOf(each) !== undefined);
  const full = scans.filter((each) => rolesOf(each)!.includes("rows"));
  const stacks = scans.filter((each) => rolesOf(each)!.includes("stack"));
  const fitting = options.shape ? stacks.filter((each) => patternsIn(each) === area(options.shape!)) : [];

  const candidates = full.length > 0 ? full : fitting;
  const chosen = candidates.length === 1 ? candidates[0] : obvious(candidates);
  if (chosen !== undefined) return { array: chosen, layout: layoutOf(name, chosen, options.shape) };
  if (candidates.length > 1) {
    throw new ShapeError(
      `${name}: expected one 4-D dataset, found ${candidates.length}: ${listed(candidates)}; say which one with --dataset PATH`,
      { expected: "--dataset", got: candidates.map(({ path }) => path) },
    );
  }
  const likely = found.filter(({ shape, stored }) => stored !== undefined && shape.length >= 2);
  const largest = (likely.length > 0 ? likely : found).toSorted((a, b) => elements(b) - elements(a));
  const several = stacks.filter((each) => patternsIn(each) > 1);
  const advice =
    several.length > 0
      ? "; for a stack of patterns say how the scan was laid out, with --shape RxC"
      : stacks.length > 0
        ? "; that is one image or pattern"
        : "";
  throw new ShapeError(
    `${name}: not a 4-D scan: expected a 4-D dataset of numbers, found ${listed(largest) || "no datasets"}${besides}${advice}`,
    { expected: "4-D", got: largest.map(({ shape }) => shape) },
  );
}

function namedArray<Found extends FoundArray>(name: string, found: readonly Found[], wanted: string): Found {
  const plain = (path: string): string => path.replace(/^\/+|\/+$/g, "");
  const named = found.find(({ path }) => plain(path) === plain(wanted));
  if (named === undefined) {
    const others = found.filter((each) => each.stored !== undefined && each.shape.length >= 3);
    throw new ShapeError(
      `${name}: expected a dataset at ${wanted}, found none there; there are: ${listed(others) || "none"}`,
      { expected: wanted, got: others.map(({ path }) => path) },
    );
  }
  if (named.stored === undefined) {
    throw new UnsupportedError(
      `${name}: expected integers, floats up to 64 bit or booleans at ${wanted}, found another type`,
      { feature: "datatype" },
    );
  }
  return named;
}

/** Where several are 4-D, the file or the place in it can still tell which one the detector recorded. */
function obvious<Found extends FoundArray>(candidates: readonly Found[]): Found | undefined {
  const marked = candidates.filter((each) => each.marked);
  if (marked.length === 1) return marked[0];
  for (const place of [/^\/?fpd_expt\/fpd_data\/data$/, /^\/?Experiments\/[^/]+\/data$/]) {
    const there = candidates.filter(({ path }) => place.test(path));
    if (there.length === 1) return there[0];
  }
  return undefined;
}

/**
 * The last two axes are the pattern. Axes of length 1 in excess of four dimensions carry nothing (FPD writes the colour of
 * the detector as third axis): the third goes first, then those before it.
 */
function rolesOf({ shape, order }: FoundArray): readonly AxisRole[] | undefined {
  if (shape.length < 3 || shape.some((length) => length === 0)) return undefined;
  if (order === "framesLast") return shape.length === 3 ? ["pixelRows", "pixelColumns", "stack"] : undefined;
  if (order === "reversed") return rolesOf({ path: "", stored: undefined, shape: shape.toReversed() })?.toReversed();
  if (shape.length === 3) return ["stack", "pixelRows", "pixelColumns"];
  const scanAxes = shape.slice(0, -2).map((length, index) => ({ length, index }));
  const excess = scanAxes.length - 2;
  const dropped = new Set(
    scanAxes
      .filter(({ length }) => length === 1)
      .toSorted((a, b) => Number(b.index === 2) - Number(a.index === 2) || a.index - b.index)
      .slice(0, excess)
      .map(({ index }) => index),
  );
  if (dropped.size < excess) return undefined;
  const left: AxisRole[] = ["rows", "columns"];
  return [...scanAxes.map(({ index }) => (dropped.has(index) ? "one" : left.shift()!)), "pixelRows", "pixelColumns"];
}

/** How an array is the scan, reshaped to `wanted`. @throws ShapeError it is not, or the shape does not fit */
export function layoutOf(name: string, array: FoundArray, wanted: Size | undefined): ScanLayout {
  const { path, shape, stored } = array;
  const roles = rolesOf(array);
  const found = `${name}: found ${path} of ${shape.join("×")}`;
  if (roles === undefined || stored === undefined) {
    throw new ShapeError(`${found}, which is not a 4-D scan; expected rows×columns×rows×columns`, {
      expected: "4-D",
      got: shape,
    });
  }
  const length = (role: AxisRole): number | undefined => shape[roles.indexOf(role)];
  const pixels: Size = [length("pixelRows")!, length("pixelColumns")!];
  const recorded: Size | undefined = roles.includes("stack") ? undefined : [length("rows")!, length("columns")!];
  const positions = wanted ?? recorded;
  const count = patternsIn(array);
  if (positions === undefined) {
    throw new ShapeError(`${found}, a stack of ${count} patterns; say how the scan was laid out, with --shape RxC`, {
      expected: "--shape RxC",
      got: shape,
    });
  }
  if (area(positions) !== count) {
    throw new ShapeError(
      `${found}: --shape ${positions.join("x")} is ${area(positions)} positions, expected ${count}`,
      { expected: count, got: positions },
    );
  }
  if (!Number.isSafeInteger(count * area(pixels) * 8) || area(pixels) > 2 ** 27) {
    throw new FormatError(`${found}, which is larger than any recorded scan; the file is damaged`, {
      file: name,
      object: path,
    });
  }
  return { shape, roles, stored, positions, pixels };
}

const elements = ({ shape }: FoundArray): number => shape.reduce((product, length) => product * length, 1);

const patternsIn = (array: FoundArray): number => {
  const roles = rolesOf(array) ?? [];
  return array.shape.reduce((count, length, axis) => (roles[axis]?.startsWith("pixel") ? count : count * length), 1);
};

/** The arrays and their shapes, the first eight of them. */
const listed = (arrays: readonly FoundArray[]): string =>
  arrays
    .slice(0, 8)
    .map(({ path, shape, stored }) => `${path} (${shape.join("×") || "one value"}${stored ? "" : ", not numbers"})`)
    .join(", ") + (arrays.length > 8 ? ` and ${arrays.length - 8} more` : "");
