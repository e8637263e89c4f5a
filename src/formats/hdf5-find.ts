import type { Dataset, Group } from "h5wasm";
import { FormatError, ShapeError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import type { OpenOptions } from "./format.ts";
import { asDataset, asGroup, type OpenHdf5 } from "./hdf5-library.ts";
import type { StoredNumber } from "./stored-numbers.ts";

/** What each axis of a dataset is in the scan; "one" is an axis of length 1 that carries nothing. A stack has "stack" for both scan axes. */
export type AxisRole = "rows" | "columns" | "stack" | "pixelRows" | "pixelColumns" | "one";

/** A dataset that is the scan. */
export interface ScanDataset {
  readonly dataset: Dataset;
  readonly shape: readonly number[];
  readonly roles: readonly AxisRole[];
  readonly stored: StoredNumber;
  readonly positions: Size;
  readonly pixels: Size;
}

interface Found {
  readonly dataset: Dataset;
  readonly shape: readonly number[];
  readonly stored: StoredNumber | undefined;
}

// Far beyond every known writer; a file that exceeds them is damaged or made to hang its reader.
const mostObjects = 20_000;
const deepest = 32;

/**
 * Finds the dataset that holds the scan: the one named, else the only 4-D one, else the one whose place says so
 * (HyperSpy's single experiment, FPD's detector data), else, with `shape`, the only stack that fits.
 *
 * @throws ShapeError        none or several; says which there are, and to use --dataset or --shape
 * @throws UnsupportedError  the named dataset does not hold numbers
 */
export function findScan(file: OpenHdf5, name: string, options: OpenOptions): ScanDataset {
  if (options.dataset !== undefined) return namedDataset(file, name, options.dataset, options.shape);
  const { found, external, damage } = datasetsOf(file);
  const scans = found.filter((each) => each.stored !== undefined && rolesOf(each.shape) !== undefined);
  const full = scans.filter(({ shape }) => rolesOf(shape)!.includes("rows"));
  const stacks = scans.filter(({ shape }) => rolesOf(shape)!.includes("stack"));
  const fitting = options.shape ? stacks.filter(({ shape }) => stackLength(shape) === area(options.shape!)) : [];

  const candidates = full.length > 0 ? full : fitting;
  const chosen = candidates.length === 1 ? candidates[0] : obvious(candidates);
  if (chosen !== undefined) return asScan(name, chosen, options.shape);
  if (candidates.length > 1) {
    throw new ShapeError(
      `${name}: expected one 4-D dataset, found ${candidates.length}: ${listed(candidates)}; say which one with --dataset PATH`,
      { expected: "--dataset", got: candidates.map(({ dataset }) => dataset.path) },
    );
  }
  if (damage !== undefined && found.length === 0) throw damage;
  const largest = found.toSorted((a, b) => elements(b) - elements(a));
  const links = external > 0 ? `, and ${external} links to other files (open the file that holds the data)` : "";
  const advice = stacks.length > 0 ? "; for a stack of patterns say how the scan was laid out, with --shape RxC" : "";
  throw new ShapeError(
    `${name}: not a 4-D scan: expected a 4-D dataset of numbers, found ${listed(largest) || "no datasets"}${links}${advice}`,
    { expected: "4-D", got: largest.map(({ shape }) => shape) },
  );
}

function namedDataset(file: OpenHdf5, name: string, path: string, shape: Size | undefined): ScanDataset {
  const dataset = asDataset(file.attempt(`find ${path}`, () => file.root.get(`/${path.replace(/^\/+/, "")}`)));
  const found = dataset && describe(file, dataset);
  if (found === undefined) {
    const others = datasetsOf(file).found.filter((each) => each.stored !== undefined && each.shape.length >= 3);
    throw new ShapeError(
      `${name}: expected a dataset at ${path}, found none there; there are: ${listed(others) || "none"}`,
      {
        expected: path,
        got: others.map(({ dataset }) => dataset.path),
      },
    );
  }
  if (found.stored === undefined) {
    throw new UnsupportedError(
      `${name}: expected integers, floats up to 64 bit or booleans at ${path}, found another type`,
      {
        feature: "HDF5 datatype",
      },
    );
  }
  return asScan(name, found, shape);
}

/** Every dataset once, by its address, so that links in circles end. */
function datasetsOf(file: OpenHdf5): { found: readonly Found[]; external: number; damage: unknown } {
  const found: Found[] = [];
  const seen = new Set<string>();
  let external = 0;
  let damage: unknown;
  let visited = 0;

  const visit = (group: Group, depth: number): void => {
    const names = file.attempt(`list ${group.path}`, () => group.keys());
    for (const name of names) {
      if (++visited > mostObjects) return;
      try {
        const entity = file.attempt(`look at ${group.path}/${name}`, () => group.get(name));
        if (entity !== null && "filename" in entity) external++;
        const [inner, dataset] = [asGroup(entity), asDataset(entity)];
        const object = inner ?? dataset;
        if (object === undefined) continue;
        const address = file.attempt("find its address", () => object.create_reference().ref_data.join());
        if (seen.has(address)) continue;
        seen.add(address);
        if (inner !== undefined && depth < deepest) visit(inner, depth + 1);
        const described = dataset && describe(file, dataset);
        if (described !== undefined) found.push(described);
      } catch (error) {
        damage ??= error; // one damaged corner need not hide the scan
      }
    }
  };
  try {
    visit(file.root, 0);
  } catch (error) {
    damage ??= error;
  }
  return { found, external, damage };
}

function describe(file: OpenHdf5, dataset: Dataset): Found | undefined {
  const {
    shape,
    type,
    size,
    signed,
    virtual_sources: virtual,
  } = file.attempt(`read the header of ${dataset.path}`, () => dataset.metadata);
  if (shape === null) return undefined;
  // The parts of a virtual dataset are other files; the library silently reads zeros where it does not find them.
  return { dataset, shape: shape.map(Number), stored: virtual?.length ? undefined : storedNumber(type, size, signed) };
}

/** HDF5 classes: 0 integer, 1 float, 8 enumeration (h5py's booleans). The library swaps big-endian numbers itself. */
function storedNumber(type: number, size: number, signed: boolean): StoredNumber | undefined {
  const bytes = size as StoredNumber["bytes"];
  if (type === 0 && [1, 2, 4, 8].includes(size))
    return { kind: signed ? "signed" : "unsigned", bytes, bigEndian: false };
  if (type === 1 && [2, 4, 8].includes(size)) return { kind: "float", bytes, bigEndian: false };
  return type === 8 && size === 1 ? { kind: "boolean", bytes, bigEndian: false } : undefined;
}

/**
 * The last two axes are the pattern. Axes of length 1 in excess of four dimensions carry nothing (FPD writes the colour of
 * the detector as third axis): the third goes first, then those before it.
 */
function rolesOf(shape: readonly number[]): readonly AxisRole[] | undefined {
  if (shape.length < 3 || shape.some((length) => length === 0)) return undefined;
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

const elements = ({ shape }: Found): number => shape.reduce((product, length) => product * length, 1);

const stackLength = (shape: readonly number[]): number =>
  shape.slice(0, -2).reduce((product, length) => product * length, 1);

/** Where several are 4-D, the place in the file can still tell which one the detector recorded. */
function obvious(candidates: readonly Found[]): Found | undefined {
  for (const place of [/^\/fpd_expt\/fpd_data\/data$/, /^\/Experiments\/[^/]+\/data$/]) {
    const there = candidates.filter(({ dataset }) => place.test(dataset.path));
    if (there.length === 1) return there[0];
  }
  return undefined;
}

function asScan(name: string, { dataset, shape, stored }: Found, wanted: Size | undefined): ScanDataset {
  const roles = rolesOf(shape);
  const found = `${name}: found ${dataset.path} of ${shape.join("×")}`;
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
  const count = stackLength(shape);
  if (positions === undefined) {
    throw new ShapeError(`${found}, a stack of ${count} patterns; say how the scan was laid out, with --shape RxC`, {
      expected: "--shape RxC",
      got: shape,
    });
  }
  if (area(positions) !== count) {
    throw new ShapeError(
      `${found}: --shape ${positions.join("x")} is ${area(positions)} positions, expected ${count}`,
      {
        expected: count,
        got: positions,
      },
    );
  }
  if (!Number.isSafeInteger(count * area(pixels) * 8) || area(pixels) > 2 ** 27) {
    throw new FormatError(`${found}, which is larger than any recorded scan; the file is damaged`, {
      file: name,
      object: dataset.path,
    });
  }
  return { dataset, shape, roles, stored, positions, pixels };
}

const listed = (datasets: readonly Found[]): string =>
  datasets
    .slice(0, 8)
    .map(
      ({ dataset, shape, stored }) =>
        `${dataset.path} (${shape.join("×") || "one value"}${stored ? "" : ", not numbers"})`,
    )
    .join(", ") + (datasets.length > 8 ? ` and ${datasets.length - 8} more` : "");
