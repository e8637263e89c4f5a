import type { Dataset, Group } from "h5wasm";
import { ShapeError } from "../scan/errors.ts";
import { chooseScan, type FoundArray, type ScanLayout } from "./find-scan.ts";
import type { OpenOptions } from "./format.ts";
import { asDataset, asGroup, asLink, attribute, type Hdf5Link, type OpenHdf5 } from "./hdf5-library.ts";
import type { StoredNumber } from "./stored-numbers.ts";

/** A dataset of the file. */
export interface FoundDataset extends FoundArray {
  readonly dataset: Dataset;
}

/** A dataset that is the scan. */
export interface ScanDataset extends ScanLayout {
  readonly dataset: Dataset;
  readonly order: FoundArray["order"];
}

// Far beyond every known writer; a file that exceeds them is damaged or made to hang its reader.
const mostObjects = 20_000;
const deepest = 32;

/**
 * Finds the dataset that holds the scan, as {@link chooseScan} says.
 *
 * @throws ShapeError        none or several; says which there are, and to use --dataset or --shape
 * @throws UnsupportedError  the named dataset does not hold numbers
 */
export function findScan(file: OpenHdf5, name: string, options: OpenOptions): ScanDataset {
  if (options.dataset !== undefined) {
    // Looked up directly, so that a link to it, or a name beyond what is listed, is found as well.
    const path = `/${options.dataset.replace(/^\/+/, "")}`;
    const dataset = asDataset(file.attempt(`find ${path}`, () => file.root.get(path)));
    const named = dataset && describeDataset(file, dataset);
    const all = named ? [{ ...named, path }] : datasetsOf(file).found;
    const { array, layout } = chooseScan<FoundDataset>(name, all, options);
    return { dataset: array.dataset, order: array.order, ...layout };
  }
  const { found, links, damage } = datasetsOf(file);
  if (damage !== undefined && found.length === 0) throw damage;
  const missing = links.map(({ path, file: target }) => `${path} → ${target}`).slice(0, 3);
  const besides =
    links.length > 0
      ? `, and ${links.length} links to other files (${missing.join(", ")}): open the file that holds the data`
      : "";
  const { array, layout } = chooseScan(name, found, options, { besides });
  return { dataset: array.dataset, order: array.order, ...layout };
}

/** Every dataset once, by its address, so that links in circles end. */
export function datasetsOf(file: OpenHdf5): {
  found: readonly FoundDataset[];
  links: readonly Hdf5Link[];
  damage: unknown;
} {
  const found: FoundDataset[] = [];
  const links: Hdf5Link[] = [];
  const seen = new Set<string>();
  let damage: unknown;
  let visited = 0;

  const visit = (group: Group, depth: number): void => {
    const names = file.attempt(`list ${group.path}`, () => group.keys());
    for (const name of names) {
      if (++visited > mostObjects) return;
      try {
        const entity = file.attempt(`look at ${group.path}/${name}`, () => group.get(name));
        const link = asLink(entity, `${group.path === "/" ? "" : group.path}/${name}`);
        if (link !== undefined) links.push(link);
        const [inner, dataset] = [asGroup(entity), asDataset(entity)];
        const object = inner ?? dataset;
        if (object === undefined) continue;
        const address = file.attempt("find its address", () => object.create_reference().ref_data.join());
        if (seen.has(address)) continue;
        seen.add(address);
        if (inner !== undefined && depth < deepest) visit(inner, depth + 1);
        const described = dataset && describeDataset(file, dataset);
        if (described === undefined) continue;
        // NeXus: the group of data names its signal.
        const marked =
          described.shape.length >= 3 && file.attempt("read the signal", () => attribute(group, "signal")) === name;
        found.push({ ...described, marked });
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
  return { found, links, damage };
}

/** Velox keeps images as rows × columns × frames, HyperSpy writes .emd with all axes reversed. */
function orderOf(path: string): FoundArray["order"] {
  if (/^\/Data\/Image\/[^/]+\/Data$/.test(path)) return "framesLast";
  return /^\/signals\/[^/]+\/data$/.test(path) ? "reversed" : undefined;
}

/** What a dataset holds; undefined for one without a shape. */
export function describeDataset(file: OpenHdf5, dataset: Dataset): FoundDataset | undefined {
  const {
    shape,
    type,
    size,
    signed,
    virtual_sources: virtual,
  } = file.attempt(`read the header of ${dataset.path}`, () => dataset.metadata);
  if (shape === null) return undefined;
  const { path } = dataset;
  return {
    dataset,
    path,
    shape: shape.map(Number),
    // The parts of a virtual dataset are other files; the library silently reads zeros where it does not find them.
    stored: virtual?.length ? undefined : storedNumber(type, size, signed),
    order: orderOf(path),
  };
}

/** HDF5 classes: 0 integer, 1 float, 8 enumeration (h5py's booleans). The library swaps big-endian numbers itself. */
function storedNumber(type: number, size: number, signed: boolean): StoredNumber | undefined {
  const bytes = size as StoredNumber["bytes"];
  if (type === 0 && [1, 2, 4, 8].includes(size))
    return { kind: signed ? "signed" : "unsigned", bytes, bigEndian: false };
  if (type === 1 && [2, 4, 8].includes(size)) return { kind: "float", bytes, bigEndian: false };
  return type === 8 && size === 1 ? { kind: "boolean", bytes, bigEndian: false } : undefined;
}

/** The dataset at that path of another file, as a stack of patterns. @throws ShapeError there is none */
export function stackAt(file: OpenHdf5, name: string, path: string): FoundDataset {
  const dataset = asDataset(file.attempt(`find ${path}`, () => file.root.get(path)));
  const found = dataset && describeDataset(file, dataset);
  if (found?.stored === undefined || found.shape.length !== 3) {
    throw new ShapeError(
      `${name}: expected a stack of patterns at ${path}, found ${found?.shape.join("×") ?? "none"}`,
      {
        expected: "3-D",
        got: found?.shape ?? "none",
      },
    );
  }
  return found;
}
