import { type Axes, type Axis, type PatternSource, uncalibrated } from "../scan/source.ts";
import type { AxisRole, ScanLayout } from "./find-scan.ts";
import { detectorAxis, type RecordedAxis, recordedSteps, scanAxis } from "./units.ts";

/** The first and last values of a vector that stands for an axis, and how many there are. */
export interface AxisVector {
  readonly name?: string | undefined;
  readonly unit?: string | undefined;
  readonly points: number;
  /** Absent where it does not hold numbers. */
  readonly ends?: readonly [first: number, last: number] | undefined;
}

/** What lies beside an array in its group, however the file keeps it. All of it may be absent. */
export interface Beside {
  /** An attribute of the group ("") or of what lies in it at that path. */
  attribute(path: string, name: string): unknown;
  /** An attribute of the array itself. */
  own(name: string): unknown;
  /** The names of the array's axes where the file gives them to the array, which also name the vectors. */
  readonly dimensions?: readonly (string | undefined)[];
  vector(name: string): Promise<AxisVector | undefined>;
}

const axisNames = { rows: "y", columns: "x", pixelRows: "ky", pixelColumns: "kx" } as const;
const order = ["rows", "columns", "pixelRows", "pixelColumns"] as const;

/**
 * The calibration that stands beside an array, in any of the ways in which writers of HDF5 and Zarr put it there: groups
 * `axis-0` … (HyperSpy), vectors `dim1` … or `dim0` … (EMD, FPD, py4DSTEM), vectors named by `axes` (NeXus) or by the
 * array's dimensions (Zarr).
 *
 * @param scan      how the array is the scan
 * @param beside    what lies beside it
 * @param fallback  the steps that stand elsewhere in the file, for axes about which nothing lies beside the array
 */
export async function calibration(
  scan: ScanLayout,
  beside: Beside,
  fallback: Partial<Record<AxisRole, RecordedAxis>> = {},
): Promise<{ axes: Axes; metadata: PatternSource["metadata"] }> {
  const { shape, roles, positions } = scan;
  const countsFromZero = (await beside.vector("dim0")) !== undefined;
  const nexus = axesOf(beside);

  const besideArray = async (index: number): Promise<RecordedAxis> => {
    const hyperspy = hyperspyAxis(beside, `axis-${index}`);
    if (hyperspy !== undefined) return hyperspy;
    const dim = `dim${countsFromZero ? index : index + 1}`;
    for (const name of [dim, nexus[index], beside.dimensions?.[index]]) {
      const vector = name === undefined ? undefined : await beside.vector(name);
      if (vector !== undefined) return vectorAxis(vector, shape[index]!, name === dim ? undefined : name);
    }
    return { name: beside.dimensions?.[index] };
  };
  const recorded = new Map<AxisRole, RecordedAxis>();
  for (const role of order) {
    const index = roles.indexOf(role);
    const found = index < 0 ? {} : await besideArray(index);
    const says = found.step !== undefined && found.unit !== undefined;
    recorded.set(role, says ? found : { ...found, ...fallback[role] });
  }

  const asRecorded = shape[roles.indexOf("rows")] === positions[0] && shape[roles.indexOf("columns")] === positions[1];
  const along = (role: "rows" | "columns"): Axis =>
    asRecorded || fallback[role] ? scanAxis(recorded.get(role)!, axisNames[role]) : uncalibrated(axisNames[role]);
  const across = (role: "pixelRows" | "pixelColumns"): Axis => detectorAxis(recorded.get(role)!, axisNames[role]);
  const axes: Axes = {
    positions: [along("rows"), along("columns")],
    pixels: [across("pixelRows"), across("pixelColumns")],
  };
  const steps = order.map((role) => recorded.get(role)!);
  return { axes, metadata: { ...microscope(beside), ...recordedSteps(steps, [...axes.positions, ...axes.pixels]) } };
}

function hyperspyAxis(beside: Beside, group: string): RecordedAxis | undefined {
  const step = number(beside.attribute(group, "scale"));
  const name = text(beside.attribute(group, "name"));
  const unit = text(beside.attribute(group, "units"));
  if (step === undefined && name === undefined && unit === undefined) return undefined;
  return { name, step, unit, origin: number(beside.attribute(group, "offset")) };
}

/** An axis as the values of its first and last index; emdfile stores only the first two. */
function vectorAxis(
  { name, unit, points, ends }: AxisVector,
  length: number,
  called: string | undefined,
): RecordedAxis {
  const labels = { name: name ?? called, unit };
  if (ends === undefined || points < 2) return labels;
  const steps = points === length ? length - 1 : 1;
  return { ...labels, step: (ends[1] - ends[0]) / steps, origin: ends[0] };
}

/** NeXus: the group's attribute `axes`, or the array's own, names one vector per axis, "." for none. */
function axesOf(beside: Beside): readonly (string | undefined)[] {
  const names = beside.attribute("", "axes") ?? beside.own("axes");
  const list =
    typeof names === "string" ? names.replace(/^\[|\]$/g, "").split(/[:,]/) : Array.isArray(names) ? names : [];
  return list.map((name) => (String(name).trim() === "." ? undefined : String(name).trim()));
}

/** Beam energy and camera length as HyperSpy keeps them (keV and cm), and the title. */
function microscope(beside: Beside): Record<string, string | number> {
  const energy = number(beside.attribute("metadata/Acquisition_instrument/TEM", "beam_energy"));
  const length = number(beside.attribute("metadata/Acquisition_instrument/TEM", "camera_length"));
  const title = text(beside.attribute("metadata/General", "title"));
  return {
    ...(title ? { title } : {}),
    ...(energy ? { "energy [eV]": energy * 1000 } : {}),
    ...(length ? { "camera length [mm]": length * 10 } : {}),
  };
}

const text = (value: unknown): string | undefined => (typeof value === "string" ? value : undefined);

function number(value: unknown): number | undefined {
  const single = Array.isArray(value) && value.length === 1 ? value[0] : value;
  return typeof single === "number" ? single : undefined;
}
