import type { Dataset, Group } from "h5wasm";
import { type Axes, type Axis, type PatternSource, uncalibrated } from "../scan/source.ts";
import type { AxisRole, ScanDataset } from "./hdf5-find.ts";
import { asDataset, asGroup, type OpenHdf5 } from "./hdf5-library.ts";
import { detectorAxis, type RecordedAxis, recordedSteps, scanAxis } from "./units.ts";

const axisNames = { rows: "y", columns: "x", pixelRows: "ky", pixelColumns: "kx" } as const;

/**
 * The calibration that stands beside a dataset, in any of the ways in which HDF5 writers put it there:
 * groups `axis-0` … (HyperSpy), vectors `dim1` … or `dim0` … (EMD, FPD, py4DSTEM), vectors named by `axes` (NeXus).
 */
export function calibration(
  file: OpenHdf5,
  { dataset, shape, roles, positions }: ScanDataset,
): { axes: Axes; metadata: PatternSource["metadata"] } {
  const parentPath = dataset.path.slice(0, dataset.path.lastIndexOf("/")) || "/";
  const parent = asGroup(file.root.get(parentPath)) ?? file.root;
  const names = new Set(parent.keys());

  const recorded = (role: AxisRole): RecordedAxis => {
    const index = roles.indexOf(role);
    if (index < 0) return {};
    const group = names.has(`axis-${index}`) ? asGroup(parent.get(`axis-${index}`)) : undefined;
    if (group !== undefined) return hyperspyAxis(group);
    const vector = names.has("dim0") ? `dim${index}` : `dim${index + 1}`;
    const named = names.has(vector) ? vector : nexusAxis(parent, index);
    const values = named !== undefined && names.has(named) ? asDataset(parent.get(named)) : undefined;
    return values === undefined ? {} : vectorAxis(values, shape[index]!, named!);
  };

  const asRecorded = shape[roles.indexOf("rows")] === positions[0] && shape[roles.indexOf("columns")] === positions[1];
  const scan = (role: "rows" | "columns"): Axis =>
    asRecorded ? scanAxis(recorded(role), axisNames[role]) : uncalibrated(axisNames[role]);
  const detector = (role: "pixelRows" | "pixelColumns"): Axis => detectorAxis(recorded(role), axisNames[role]);
  const axes: Axes = {
    positions: [scan("rows"), scan("columns")],
    pixels: [detector("pixelRows"), detector("pixelColumns")],
  };
  const steps = (["rows", "columns", "pixelRows", "pixelColumns"] as const).map(recorded);
  return { axes, metadata: { ...microscope(parent), ...recordedSteps(steps, [...axes.positions, ...axes.pixels]) } };
}

function hyperspyAxis(group: Group): RecordedAxis {
  return {
    name: text(group, "name"),
    step: number(group, "scale"),
    unit: text(group, "units"),
    origin: number(group, "offset"),
  };
}

/** An axis as the values of its first and last index; emdfile stores only the first two. */
function vectorAxis(vector: Dataset, length: number, called: string): RecordedAxis {
  const points = vector.shape?.[0] ?? 0;
  const labels = {
    name: text(vector, "name") ?? (called.startsWith("dim") ? undefined : called),
    unit: text(vector, "units"),
  };
  const { type, size } = vector.metadata;
  // Half floats and text are not read as numbers by the library.
  if (points < 2 || points > 2 ** 20 || vector.shape?.length !== 1 || type > 1 || size === 2) return labels;
  const values = Array.from(vector.slice([[]]) as ArrayLike<number | bigint>, Number);
  const [first, last] = [values[0]!, values.at(-1)!];
  const steps = points === length ? length - 1 : 1;
  return { ...labels, step: (last - first) / steps, origin: first };
}

/** NeXus: the group's attribute `axes` names one vector per axis, "." for none. */
function nexusAxis(group: Group, index: number): string | undefined {
  const names = attribute(group, "axes");
  return Array.isArray(names) ? String(names[index]) : undefined;
}

/** Beam energy and camera length as HyperSpy keeps them (keV and cm), and the title. */
function microscope(group: Group): Record<string, string | number> {
  const instrument = asGroup(group.get("metadata/Acquisition_instrument/TEM"));
  const general = asGroup(group.get("metadata/General"));
  const energy = instrument && number(instrument, "beam_energy");
  const length = instrument && number(instrument, "camera_length");
  const title = general && text(general, "title");
  return {
    ...(title ? { title } : {}),
    ...(energy ? { "energy [eV]": energy * 1000 } : {}),
    ...(length ? { "camera length [mm]": length * 10 } : {}),
  };
}

function attribute(owner: Group | Dataset, name: string): unknown {
  if (!Object.hasOwn(owner.attrs, name)) return undefined;
  return owner.get_attribute(name, true);
}

function text(owner: Group | Dataset, name: string): string | undefined {
  const value = attribute(owner, name);
  return typeof value === "string" ? value : undefined;
}

function number(owner: Group | Dataset, name: string): number | undefined {
  const value = attribute(owner, name);
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof single === "number" ? single : undefined;
}
