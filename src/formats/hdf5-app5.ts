import type { Group } from "h5wasm";
import { FormatError, ShapeError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { bytesPer, type PatternSource, uncalibrated } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { describeDataset, type FoundDataset } from "./hdf5-find.ts";
import { asDataset, asGroup, type Hdf5, type OpenHdf5, onlyValue, provideFilters } from "./hdf5-library.ts";
import { hold, release, workingBytes } from "./hdf5-memory.ts";
import { readAs, storedPart, unpack } from "./stored-numbers.ts";
import { detectorAxis, scanAxis } from "./units.ts";

/** A series of patterns: groups "0" … "n−1" in scan order, each with its `Data` and, as XML, its `Metadata`. */
interface Series {
  readonly path: string;
  readonly count: number;
  /** The XML that describes the whole acquisition, where there is one. */
  readonly procedure: string;
}

interface Point {
  readonly x: number;
  readonly y: number;
}

/** Where patterns were recorded. */
interface Grid {
  readonly size: Size;
  /** Distances between rows and between columns [m]. */
  readonly steps: readonly [number, number];
}

/**
 * NanoMEGAS TopSpin's .app5: every pattern is a dataset of its own, and all else is in XML texts.
 *
 * The scan's size is not written down, but each pattern says where the beam stood: the first row ends where the next
 * pattern is not one step further.
 *
 * @returns undefined where the file holds no such series
 * @throws ShapeError   several series, or beam positions that are no grid: say --dataset or --shape
 * @throws FormatError  a pattern is missing or of another size
 */
export async function openApp5(
  library: Hdf5,
  file: OpenHdf5,
  bytes: Bytes,
  options: OpenOptions,
): Promise<PatternSource | undefined> {
  const all = file.attempt("look for patterns", () => seriesIn(file.root));
  const named = options.dataset?.replace(/^\/*|\/+$/g, "");
  const chosen = named === undefined ? all : all.filter(({ path }) => path === `/${named}`);
  if (chosen.length === 0) return undefined;
  if (chosen.length > 1) {
    const list = chosen.map(({ path, count }) => `${path} (${count} patterns)`).join(", ");
    throw new ShapeError(
      `${bytes.name}: found several series of patterns, ${list}; say which one with --dataset PATH`,
      {
        expected: "--dataset",
        got: list,
      },
    );
  }
  const series = chosen[0]!;
  const first = patternAt(file, bytes, series, 0);
  await provideFilters(library, first.dataset, bytes.name, options.hdf5Filter);
  const grid = file.attempt("read the beam positions", () => gridOf(file, series));
  const { positions, missing } = scanSize(bytes, series, grid?.size, options);
  const stored = first.stored!;
  const pixels: Size = [first.shape[0]!, first.shape[1]!];
  const pattern = area(pixels) * bytesPer[readAs(stored)];
  const { module, memory } = library;

  const readPattern = (index: number, into: Uint8Array): void => {
    const { dataset, shape, stored: its } = patternAt(file, bytes, series, index);
    if (shape.join() !== first.shape.join() || its?.kind !== stored.kind || its.bytes !== stored.bytes) {
      throw new FormatError(
        `${bytes.name}: expected pattern ${index} of ${pixels.join("×")} like the first, found ${shape.join("×")}`,
        { file: bytes.name, object: dataset.path },
      );
    }
    const part = storedPart(stored, into);
    const working = workingBytes(dataset.metadata, stored.bytes);
    file.attempt(
      `read ${dataset.path}`,
      () => {
        const address = hold(module, memory, part.length);
        try {
          const count = shape.map(BigInt);
          module.get_dataset_data(file.fileId, dataset.path, count, [0n, 0n], [1n, 1n], BigInt(address));
          part.set(module.HEAPU8.subarray(address, address + part.length));
        } finally {
          release(module, memory, address, part.length);
        }
      },
      working,
    );
    unpack(stored, into, bytes.name);
  };
  const kept = grid !== undefined && grid.size[1] === positions[1];
  const step = (index: 0 | 1) => (kept && grid.steps[index] > 0 ? { step: grid.steps[index], unit: "m" } : {});
  const about = xmlOf(file, `${series.path}/0/Metadata`);
  return {
    name: bytes.name,
    format: "app5",
    positions,
    pixels,
    dtype: readAs(stored),
    axes: {
      positions: kept ? [scanAxis(step(0), "y"), scanAxis(step(1), "x")] : [uncalibrated("y"), uncalibrated("x")],
      pixels: [detectorAxis(calibrationIn(about, "Y"), "ky"), detectorAxis(calibrationIn(about, "X"), "kx")],
    },
    metadata: {
      dataset: series.path,
      ...microscopeIn(series.procedure),
      ...(missing > 0 ? { "missing patterns": missing } : {}),
    },
    descriptor: { kind: "file", locator: bytes.locator, options },
    read: async (from, count, into) => {
      for (let done = 0; done < count; done++) {
        const part = into.subarray(done * pattern, (done + 1) * pattern);
        if (from + done < series.count) readPattern(from + done, part);
        else part.fill(0);
      }
    },
    close: () => file.close(),
  };
}

/** Series at the root, or one level below it in a project. */
function seriesIn(root: Group): Series[] {
  const found: Series[] = [];
  const look = (group: Group, depth: number): void => {
    const names = group.keys();
    for (const name of names) {
      if (!/^[0-9a-f]{8}-[0-9a-f-]{27}$/i.test(name)) continue;
      const inner = asGroup(group.get(name));
      if (inner === undefined) continue;
      const patterns = new Set(inner.keys());
      let count = 0;
      while (patterns.has(String(count))) count++;
      if (count > 0 && asDataset(inner.get("0/Data"))) {
        found.push({
          path: inner.path,
          count,
          procedure: textOf(names.includes("Metadata") ? group.get("Metadata") : null),
        });
      } else if (depth === 0) {
        look(inner, 1);
      }
    }
  };
  look(root, 0);
  return found;
}

function patternAt(file: OpenHdf5, bytes: Bytes, { path, count }: Series, index: number): FoundDataset {
  const place = `${path}/${index}/Data`;
  const dataset = asDataset(file.attempt(`find ${place}`, () => file.root.get(place)));
  const found = dataset && describeDataset(file, dataset);
  if (found?.stored === undefined || found.shape.length !== 2 || found.shape.some((length) => length === 0)) {
    throw new FormatError(
      `${bytes.name}: expected a pattern at ${place} as one of ${count}, found ${found?.shape.join("×") ?? "none"}; the file is damaged`,
      { file: bytes.name, object: place },
    );
  }
  return found;
}

function textOf(entity: ReturnType<Group["get"]>): string {
  const dataset = asDataset(entity);
  const value = dataset && onlyValue(dataset);
  return typeof value === "string" ? value : "";
}

const xmlOf = (file: OpenHdf5, path: string): string => file.attempt(`read ${path}`, () => textOf(file.root.get(path)));

/** Undefined where the beam positions are not there, or are no grid recorded row by row. */
function gridOf(file: OpenHdf5, { path, count }: Series): Grid | undefined {
  const at = (index: number): Point | undefined => {
    const xml = xmlOf(file, `${path}/${index}/Metadata`);
    const match = /RequestedBeamPosition<[\s\S]*?<X\b[^>]*>([^<]*)<\/X>\s*<Y\b[^>]*>([^<]*)<\/Y>/.exec(xml);
    const point = { x: Number(match?.[1] ?? Number.NaN), y: Number(match?.[2] ?? Number.NaN) };
    return Number.isFinite(point.x) && Number.isFinite(point.y) ? point : undefined;
  };
  const origin = at(0);
  const next = count > 1 ? at(1) : origin;
  if (origin === undefined || next === undefined) return undefined;
  const across = minus(next, origin);
  const near = (found: Point, expected: Point): boolean => length(minus(found, expected)) <= 0.25 * length(across);
  let columns = 1;
  for (; columns < count; columns++) {
    const point = at(columns);
    if (point === undefined) return undefined;
    if (!near(point, along(origin, across, columns))) break;
  }
  const rows = Math.ceil(count / columns);
  if (rows === 1) return { size: [1, columns], steps: [0, length(across)] };
  const down = minus(at(columns)!, origin);
  // The last pattern stands for all between: a grid that is not one fails here.
  const last = at(count - 1);
  const expected = along(along(origin, down, rows - 1), across, (count - 1) % columns);
  if (last === undefined || !near(last, expected)) return undefined;
  return { size: [rows, columns], steps: [length(down), length(across)] };
}

const minus = (a: Point, b: Point): Point => ({ x: a.x - b.x, y: a.y - b.y });
const along = (from: Point, by: Point, times: number): Point => ({
  x: from.x + by.x * times,
  y: from.y + by.y * times,
});
const length = ({ x, y }: Point): number => Math.hypot(x, y);

function scanSize(
  bytes: Bytes,
  { path, count }: Series,
  recorded: Size | undefined,
  { shape, allowIncomplete }: OpenOptions,
): { positions: Size; missing: number } {
  const positions = shape ?? recorded;
  const found = `${bytes.name}: found ${count} patterns at ${path}`;
  if (positions === undefined) {
    throw new ShapeError(`${found} and no beam positions in a grid; say how the scan was laid out, with --shape RxC`, {
      expected: "--shape RxC",
      got: count,
    });
  }
  const missing = area(positions) - count;
  if (missing === 0 || (missing > 0 && allowIncomplete)) return { positions, missing };
  if (shape !== undefined) {
    throw new ShapeError(`${found}, but --shape ${shape.join("x")} is ${area(shape)} positions`, {
      expected: count,
      got: shape,
    });
  }
  throw new FormatError(
    `${found}, but their beam positions make a scan of ${positions.join("×")}: the recording stopped early; ` +
      "allow incomplete files to read the rest as zeros",
    { file: bytes.name, object: path },
  );
}

/** The calibration of one detector axis. */
function calibrationIn(xml: string, axis: "X" | "Y"): { step?: number; unit?: string; origin?: number } {
  const part = new RegExp(`<Calibration\\b[\\s\\S]*?<${axis}\\b([\\s\\S]*?)</${axis}>`).exec(xml)?.[1] ?? "";
  const tag = (name: string): string | undefined => new RegExp(`<${name}\\b[^>]*>([^<]*)</${name}>`).exec(part)?.[1];
  const unit = { Angle: "rad", Position: "m" }[tag("Text") ?? ""];
  const [step, origin] = [Number(tag("Scale")), Number(tag("Offset"))];
  return unit === undefined || !Number.isFinite(step) ? {} : { step, unit, origin };
}

/** What the procedure says of the microscope, in volts, metres and radians. */
function microscopeIn(xml: string): Record<string, number> {
  const value = (name: string): number =>
    Number(new RegExp(`<Name\\b[^>]*>${name}</Name>\\s*<Value\\b[^>]*>([^<]*)<`).exec(xml)?.[1] ?? 0);
  const entries = {
    "energy [eV]": value("GunHighVoltage"),
    "camera length [mm]": value("DiffractionCameraLength") * 1000,
    "precession angle [mrad]": /<Name\b[^>]*>IsPrecessionEnabled<\/Name>\s*<Value\b[^>]*>True</.test(xml)
      ? value("PrecessionHardwarePrecessionAngle") * 1000
      : 0,
  };
  return Object.fromEntries(Object.entries(entries).filter(([, number]) => Number.isFinite(number) && number > 0));
}
