import type { Dataset, Group } from "h5wasm";
import type { ScanDataset } from "./hdf5-find.ts";
import { asDataset, asGroup, attribute, type OpenHdf5, onlyValue } from "./hdf5-library.ts";
import type { AxisVector, Beside } from "./recorded-axes.ts";
import type { RecordedAxis } from "./units.ts";

/** What lies beside a dataset in its group. */
export function besideDataset(file: OpenHdf5, dataset: Dataset): Beside {
  const path = dataset.path.slice(0, dataset.path.lastIndexOf("/")) || "/";
  const calibrating = <Result>(call: () => Result): Result => file.attempt("read the calibration", call);
  const group = calibrating(() => asGroup(file.root.get(path))) ?? file.root;
  const names = new Set(calibrating(() => group.keys()));
  const entity = (at: string) => (names.has(at.split("/")[0]!) ? group.get(at) : null);
  return {
    attribute: (at, name) =>
      calibrating(() => {
        const owner = at === "" ? group : asGroup(entity(at));
        return owner && attribute(owner, name);
      }),
    own: (name) => calibrating(() => attribute(dataset, name)),
    vector: async (name) =>
      calibrating(() => {
        const vector = name.includes("/") ? undefined : asDataset(entity(name));
        return vector && axisVector(vector);
      }),
  };
}

function axisVector(vector: Dataset): AxisVector {
  const label = (name: string): string | undefined => {
    const value = attribute(vector, name);
    return typeof value === "string" ? value : undefined;
  };
  const labels = { name: label("name"), unit: label("units") };
  const points = vector.shape?.[0] ?? 0;
  const { type, size } = vector.metadata;
  // Half floats and text are not read as numbers by the library.
  const readable = points >= 1 && vector.shape?.length === 1 && type <= 1 && size !== 2;
  if (!readable) return { ...labels, points: 0 };
  const at = (index: number): number => Number((vector.slice([[index, index + 1]]) as ArrayLike<number | bigint>)[0]);
  return { ...labels, points, ends: [at(0), at(points - 1)] };
}

/**
 * The pixel sizes that py4DSTEM keeps apart from the data, in the metadata of the file's root group: `Q_pixel_size`,
 * `Q_pixel_units`, `R_pixel_size`, `R_pixel_units`, as datasets (since version 0.14) or as attributes.
 */
export function py4dstemSteps(file: OpenHdf5, { dataset }: ScanDataset): Partial<Record<string, RecordedAxis>> {
  return file.attempt("read the calibration", () => {
    const root = `/${dataset.path.split("/")[1] ?? ""}`;
    const places = ["metadatabundle/calibration", "metadata/metadata_0/calibration"].map((place) => `${root}/${place}`);
    const group = places.map((place) => asGroup(getIfThere(file.root, place))).find((each) => each !== undefined);
    if (group === undefined) return {};
    const value = (name: string): unknown => {
      const stored = asDataset(getIfThere(group, name));
      return stored === undefined ? attribute(group, name) : onlyValue(stored);
    };
    const axis = (space: "Q" | "R"): RecordedAxis | undefined => {
      const [step, unit] = [value(`${space}_pixel_size`), value(`${space}_pixel_units`)];
      return typeof step === "number" && typeof unit === "string" ? { step, unit } : undefined;
    };
    const [detector, scan] = [axis("Q"), axis("R")];
    return {
      ...(scan ? { rows: scan, columns: scan } : {}),
      ...(detector ? { pixelRows: detector, pixelColumns: detector } : {}),
    };
  });
}

/** The entity at a path, null where a part of it is not there. */
function getIfThere(group: Group, path: string): ReturnType<Group["get"]> {
  let at: ReturnType<Group["get"]> = group;
  for (const name of path.split("/").filter((part) => part !== "")) {
    const inner: Group | undefined = asGroup(at);
    if (inner === undefined || !inner.keys().includes(name)) return null;
    at = inner.get(name);
  }
  return at;
}
