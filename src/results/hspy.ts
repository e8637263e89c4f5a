import type { Group } from "h5wasm";
import type { Analysis } from "../analyse/analysis.ts";
import type { Images, Patterns } from "../scan/scan.ts";
import type { Axis } from "../scan/source.ts";
import { methodResults } from "./methods.ts";

/** One signal of a HyperSpy file. */
interface Signal {
  readonly title: string;
  readonly axes: readonly Axis[];
  readonly shape: readonly number[];
  readonly values: Float32Array;
}

/**
 * results.hspy: bright field, mean pattern and every method's maps and patterns as calibrated signals. `hs.load` gives a list of
 * Signal2D; stacks have one navigation axis, "component", that counts from 1 as the figures do.
 *
 * @see https://hyperspy.org/rosettasciio, "HSpy - HyperSpy's HDF5 Specification"
 */
export async function hspy(analysis: Analysis): Promise<Uint8Array> {
  const { ready, File } = await import("h5wasm");
  const { FS, activate_throwing_error_handler } = await ready;
  // Without it, writing that fails leaves garbage and says nothing.
  activate_throwing_error_handler();
  const path = "/endmember-results.hspy";
  return withoutClock(() => {
    const file = new File(path, "w");
    try {
      file.create_attribute("file_format", "HyperSpy");
      file.create_attribute("file_format_version", "3.1");
      const experiments = file.create_group("Experiments");
      for (const signal of signals(analysis)) writeSignal(experiments.create_group(signal.title), signal, analysis);
      file.flush();
    } finally {
      file.close();
    }
    try {
      return FS.readFile(path);
    } finally {
      FS.unlink(path);
    }
  });
}

function signals(analysis: Analysis): Signal[] {
  const { positions, pixels } = analysis.scan.axes;
  const { brightField, meanPattern } = analysis;
  return [
    { title: "Bright field", axes: positions, shape: brightField.size, values: brightField.values },
    { title: "Mean pattern", axes: pixels, shape: meanPattern.size, values: meanPattern.values },
    ...methodResults(analysis).flatMap(({ short, names, images, barycentric, patterns }) => [
      stack(`${short} ${names.image}s`, images, positions),
      ...(barycentric ? [stack(`${short} barycentric maps`, barycentric, positions)] : []),
      stack(`${short} ${names.pattern}s`, patterns, pixels),
    ]),
  ];
}

const stack = (title: string, { count, size, values }: Images | Patterns, axes: readonly Axis[]): Signal => ({
  title,
  axes: [{ name: "component", step: 1, unit: "", origin: 1 }, ...axes],
  shape: [count, ...size],
  values,
});

function writeSignal(group: Group, { title, axes, shape, values }: Signal, analysis: Analysis): void {
  group.create_attribute("package", "");
  group.create_attribute("package_version", "");
  group.create_dataset({ name: "data", data: values, shape: [...shape], dtype: "<f" });
  for (const [i, axis] of axes.entries()) {
    const target = group.create_group(`axis-${i}`);
    target.create_attribute("_type", "UniformDataAxis");
    target.create_attribute("name", axis.name);
    if (axis.unit !== "") target.create_attribute("units", axis.unit);
    target.create_attribute("size", shape[i]!, null, "<q");
    target.create_attribute("scale", axis.step, null, "<d");
    target.create_attribute("offset", axis.origin, null, "<d");
  }
  const metadata = group.create_group("metadata");
  const general = metadata.create_group("General");
  general.create_attribute("title", title);
  general.create_attribute("original_filename", analysis.scan.name);
  const kind = metadata.create_group("Signal");
  kind.create_attribute("signal_type", "");
  // HDF5 booleans, in which axes say whether they are navigated, cannot be written by this library; HyperSpy then takes the last
  // two axes of an "image" as the signal, which is what is meant.
  kind.create_attribute("record_by", "image");
  const origin = group.create_group("original_metadata").create_group("endmember");
  origin.create_attribute("version", analysis.recipe.endmember);
  origin.create_attribute("input_sha256", analysis.recipe.input.sha256);
  origin.create_attribute("recipe", JSON.stringify(analysis.recipe));
}

/** Runs synchronous work while the clock stands at 0: HDF5 notes the time in every object, and equal results must be equal files. */
function withoutClock<Result>(work: () => Result): Result {
  const { now } = Date;
  Date.now = () => 0;
  try {
    return work();
  } finally {
    Date.now = now;
  }
}
