import type { Group } from "h5wasm";
import { type Axis, type DType, type PatternSource, patternBytes, typedArray, type Watch } from "../scan/source.ts";
import type { Sink } from "./format.ts";
import { hdf5Library } from "./hdf5-library.ts";
import { eachSlab } from "./slabs.ts";

const dtypes: Readonly<Record<DType, string>> = {
  u8: "<B",
  i8: "<b",
  u16: "<H",
  i16: "<h",
  u32: "<I",
  i32: "<i",
  f32: "<f",
  f64: "<d",
}; // prettier

const goodChunk = 2 ** 20;
let written = 0;

/**
 * Writes the scan as HyperSpy does (file format 3.1), in gzip chunks of whole patterns along a row.
 *
 * HDF5 is not written in order, so the compressed file is held in memory until it is complete.
 */
export async function writeHspy(source: PatternSource, sink: Sink, watch: Watch = {}): Promise<void> {
  const { h5wasm, module } = await hdf5Library();
  const path = `/written-${++written}.hspy`;
  const file = new h5wasm.File(path, "w");
  try {
    const experiment = describeExperiment(file, source);
    const [rows, columns] = source.positions;
    const perChunk = Math.max(1, Math.min(columns, Math.floor(goodChunk / patternBytes(source))));
    experiment.create_dataset({
      name: "data",
      data: typedArray(source.dtype, new ArrayBuffer(0)),
      shape: [0, columns, ...source.pixels],
      maxshape: [rows, columns, ...source.pixels],
      dtype: dtypes[source.dtype],
      chunks: [1, perChunk, ...source.pixels],
      compression: "gzip",
      compression_opts: 1,
    });
    const data = experiment.get("data");
    if (data === null || !("write_slice" in data)) throw new TypeError("HDF5: the dataset just made is not there");
    data.resize([rows, columns, ...source.pixels]);
    await eachSlab(source, watch, "writing", (first, count, slab) => {
      for (let done = 0; done < count; ) {
        const row = Math.floor((first + done) / columns);
        const column = (first + done) % columns;
        const patterns = Math.min(columns - column, count - done);
        const part = slab.slice(done * patternBytes(source), (done + patterns) * patternBytes(source));
        data.write_slice([[row, row + 1], [column, column + patterns], [], []], typedArray(source.dtype, part.buffer));
        done += patterns;
      }
    });
    file.flush();
    await sink.write(module.FS.readFile(path));
  } finally {
    file.close();
    module.FS.unlink(path);
  }
}

/** Everything but the data: what HyperSpy 1.7 asks for when it loads a signal. */
function describeExperiment(file: Group, source: PatternSource): Group {
  file.create_attribute("file_format", "HyperSpy");
  file.create_attribute("file_format_version", "3.1");
  const recordedTitle = source.metadata.title;
  const title = typeof recordedTitle === "string" && recordedTitle !== "" ? recordedTitle : source.name;
  const experiment = file.create_group("Experiments").create_group(title.replaceAll("/", "-"));
  const axes = [...source.axes.positions, ...source.axes.pixels];
  const sizes = [...source.positions, ...source.pixels];
  for (const [index, axis] of axes.entries()) describeAxis(experiment, index, axis, sizes[index]!);
  experiment.create_group("original_metadata");
  experiment.create_group("learning_results");
  const metadata = experiment.create_group("metadata");
  const general = metadata.create_group("General");
  general.create_attribute("title", title);
  const signal = metadata.create_group("Signal");
  signal.create_attribute("signal_type", "");
  // Which axes are the scan is `navigate` of each axis, an HDF5 boolean, which the library cannot write;
  // without it HyperSpy goes by this, its older way to say that the last two axes are the signal.
  signal.create_attribute("record_by", "image");
  describeMicroscope(metadata, source);
  return experiment;
}

/** HyperSpy's units: keV and cm. */
function describeMicroscope(metadata: Group, source: PatternSource): void {
  const { "energy [eV]": energy, "camera length [mm]": cameraLength } = source.metadata;
  if (typeof energy !== "number" && typeof cameraLength !== "number") return;
  const microscope = metadata.create_group("Acquisition_instrument").create_group("TEM");
  if (typeof energy === "number") microscope.create_attribute("beam_energy", energy / 1000, [], "<d");
  if (typeof cameraLength === "number") microscope.create_attribute("camera_length", cameraLength / 10, [], "<d");
}

function describeAxis(experiment: Group, index: number, axis: Axis, size: number): void {
  const group = experiment.create_group(`axis-${index}`);
  group.create_attribute("_type", "UniformDataAxis");
  group.create_attribute("name", axis.name);
  group.create_attribute("scale", axis.step, [], "<d");
  group.create_attribute("offset", axis.origin, [], "<d");
  group.create_attribute("units", axis.unit === "1/Å" ? "1/angstrom" : axis.unit);
  group.create_attribute("size", size, [], "<i");
}
