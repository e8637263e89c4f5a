import type { Axis, PatternSource } from "../scan/source.ts";

/** A group of a hierarchy: what it says, and the groups inside it. */
export interface Described {
  readonly attributes: Readonly<Record<string, string | number | boolean>>;
  readonly members: Readonly<Record<string, Described>>;
}

/** Attributes of the root of such a file. */
export const hyperspyFile = (kind: "HyperSpy" | "ZSpy") => ({ file_format: kind, file_format_version: "3.1" });

/**
 * A scan as HyperSpy describes a signal of two navigation and two signal dimensions, in .hspy as in .zspy: everything but the
 * data, which stand beside these groups as `data`.
 *
 * What the source knows besides goes to HyperSpy's original metadata, where a file came from to `General.original_filename`.
 *
 * @see HyperSpy 1.7, io_plugins/_hierarchical.py, file format 3.1
 */
export function hyperspySignal(source: PatternSource): { readonly name: string; readonly signal: Described } {
  const { metadata, positions, pixels } = source;
  const title = typeof metadata.title === "string" && metadata.title !== "" ? metadata.title : source.name;
  const sizes = [...positions, ...pixels];
  const axes = [...source.axes.positions, ...source.axes.pixels].map(
    (axis, index) => [`axis-${index}`, group(described(axis, sizes[index]!, index < 2))] as const,
  );
  const from = metadata["source file"];
  const members = {
    ...Object.fromEntries(axes),
    metadata: group(
      {},
      {
        General: group({ title, ...(typeof from === "string" && { original_filename: from }) }),
        Signal: group({ signal_type: "" }),
        ...microscope(metadata),
      },
    ),
    original_metadata: group(metadata),
    learning_results: group({}),
  };
  // A name with any of these could not be a folder's, or a group's, everywhere.
  // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is looked for
  const name = title.replaceAll(/[\\/:*?"<>|\u0000-\u001f]|^\.+|[. ]+$/g, "-").slice(0, 120);
  return { name, signal: group({}, members) };
}

const group = (attributes: Described["attributes"], members: Described["members"] = {}): Described => ({
  attributes,
  members,
});

const described = ({ name, step, origin, unit }: Axis, size: number, navigate: boolean): Described["attributes"] => ({
  _type: "UniformDataAxis",
  name,
  scale: step,
  offset: origin,
  // The spelling that HyperSpy's own unit registry understands.
  units: unit === "1/Å" ? "1/angstrom" : unit,
  size,
  navigate,
});

/** HyperSpy's units: keV and cm. */
function microscope(metadata: PatternSource["metadata"]): Described["members"] {
  const { "energy [eV]": energy, "camera length [mm]": cameraLength } = metadata;
  const tem = {
    ...(typeof energy === "number" && { beam_energy: energy / 1000 }),
    ...(typeof cameraLength === "number" && { camera_length: cameraLength / 10 }),
  };
  return Object.keys(tem).length === 0 ? {} : { Acquisition_instrument: group({}, { TEM: group(tem) }) };
}
