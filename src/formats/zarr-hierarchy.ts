import type { FoundArray } from "./find-scan.ts";
import type { Beside } from "./recorded-axes.ts";
import { type ZarrArray, zarrArray } from "./zarr-array.ts";
import { jsonOf, type ZarrStore } from "./zarr-store.ts";

type Metadata = Readonly<Record<string, unknown>>;

/** A group or an array. */
interface Node {
  readonly attributes: Metadata;
  readonly array?: ZarrArray;
}

/** The groups and arrays of a store, by their paths ("" is the root). */
export interface ZarrHierarchy {
  node(path: string): Node | undefined;
  /** Every array, as something that may be the scan. */
  arrays(): readonly (FoundArray & ZarrArray)[];
}

const mostObjects = 20_000;
const deepest = 32;

/**
 * Reads the metadata of a store: versions 2 and 3, also side by side.
 *
 * Folders are listed. Where that cannot be done (a browser that was given single files), consolidated metadata says what
 * there is.
 *
 * @throws FormatError metadata that is not JSON, or an array without shape
 */
export function zarrHierarchy(store: ZarrStore): ZarrHierarchy {
  const consolidated = store.list === undefined ? consolidatedIn(store) : undefined;
  const json = (key: string): Metadata | undefined => {
    const known = consolidated?.get(key);
    return known ?? (consolidated === undefined || !key.includes("/") ? jsonOf(store, key) : undefined);
  };
  const nodes = new Map<string, Node | undefined>();
  const read = (path: string): Node | undefined => {
    const at = (name: string): string => (path === "" ? name : `${path}/${name}`);
    const three = json(at("zarr.json"));
    if (three?.zarr_format === 3) {
      const attributes = asObject(three.attributes);
      return three.node_type === "array"
        ? { attributes, array: zarrArray(store.name, path, three, attributes) }
        : { attributes };
    }
    const two = json(at(".zarray"));
    if (two === undefined && json(at(".zgroup")) === undefined) return undefined;
    const attributes = json(at(".zattrs")) ?? {};
    return two === undefined ? { attributes } : { attributes, array: zarrArray(store.name, path, two, attributes) };
  };
  const node = (path: string): Node | undefined => {
    if (!nodes.has(path)) nodes.set(path, read(path));
    return nodes.get(path);
  };
  const names = (path: string): readonly string[] =>
    store.list?.(path) ?? namesIn([...(consolidated?.keys() ?? [])], path);

  const arrays = (): (FoundArray & ZarrArray)[] => {
    const found: (FoundArray & ZarrArray)[] = [];
    let visited = 0;
    const visit = (path: string, depth: number, signal: unknown): void => {
      const here = node(path);
      if (here === undefined) return;
      if (here.array !== undefined) {
        found.push({ ...here.array, marked: signal !== undefined && signal === path.split("/").at(-1) });
        return;
      }
      if (depth === deepest) return;
      for (const name of names(path)) {
        // Chunks and metadata are files beside groups; neither is one.
        if (/^\.z|^zarr\.json$/.test(name) || ++visited > mostObjects) continue;
        visit(path === "" ? name : `${path}/${name}`, depth + 1, here.attributes.signal);
      }
    };
    visit("", 0, undefined);
    return found;
  };
  return { node, arrays };
}

/** Keys and their JSON: `.zmetadata` of version 2, or `consolidated_metadata` in the root's zarr.json. */
function consolidatedIn(store: ZarrStore): ReadonlyMap<string, Metadata> | undefined {
  const two = jsonOf(store, ".zmetadata");
  if (two !== undefined)
    return new Map(Object.entries(asObject(two.metadata)).map(([key, value]) => [key, asObject(value)]));
  const three = asObject(jsonOf(store, "zarr.json")?.consolidated_metadata);
  const entries = Object.entries(asObject(three.metadata));
  return entries.length === 0
    ? undefined
    : new Map(entries.map(([path, value]) => [path === "" ? "zarr.json" : `${path}/zarr.json`, asObject(value)]));
}

function namesIn(keys: readonly string[], path: string): readonly string[] {
  const prefix = path === "" ? "" : `${path}/`;
  const below = keys.filter((key) => key.startsWith(prefix)).map((key) => key.slice(prefix.length).split("/"));
  return [...new Set(below.filter((parts) => parts.length > 1).map((parts) => parts[0]!))];
}

const asObject = (value: unknown): Metadata =>
  typeof value === "object" && value !== null && !Array.isArray(value) ? (value as Metadata) : {};

/** What lies beside an array in its group. `values` reads the first and last value of a vector. */
export function besideArray(
  hierarchy: ZarrHierarchy,
  array: ZarrArray,
  values: (vector: ZarrArray) => Promise<readonly [number, number] | undefined>,
): Beside {
  const group = array.path.includes("/") ? array.path.slice(0, array.path.lastIndexOf("/")) : "";
  const at = (path: string): string => (group === "" || path === "" ? group || path : `${group}/${path}`);
  const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);
  return {
    attribute: (path, name) => {
      // An array at the root has no group: what would be asked of its group is its own.
      const owner = array.path === "" ? (path === "" ? array : undefined) : hierarchy.node(at(path));
      const attributes = owner?.attributes ?? {};
      return Object.hasOwn(attributes, name) ? attributes[name] : undefined;
    },
    own: (name) => (Object.hasOwn(array.attributes, name) ? array.attributes[name] : undefined),
    dimensions: array.dimensions,
    vector: async (name) => {
      const vector = array.path === "" || /[./\\]/.test(name) ? undefined : hierarchy.node(at(name))?.array;
      if (vector === undefined || vector.shape.length !== 1 || vector === array) return undefined;
      const { name: called, units } = vector.attributes;
      return { name: text(called), unit: text(units), points: vector.shape[0]!, ends: await values(vector) };
    },
  };
}
