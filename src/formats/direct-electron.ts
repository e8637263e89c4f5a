import { FormatError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type Axis, uncalibrated } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import { scanAxis } from "./units.ts";

/** What the files say that Direct Electron's software writes beside a movie: NAME_movie.mrc, NAME_info.txt, NAME_scan_coordinates.csv. */
export interface MovieNotes {
  readonly scan: Size | undefined;
  /** The frame of every position, where the points were visited in another order; −1: not visited. */
  readonly order: Int32Array | undefined;
  readonly axes: readonly [Axis, Axis];
  readonly metadata: Readonly<Record<string, string | number>>;
}

const mostInfoBytes = 2 ** 20;
const mostCoordinateBytes = 2 ** 27;
const text = new TextDecoder("latin1");

/**
 * Reads the notes beside a movie, or undefined where there are none.
 *
 * The scan is the region of interest where one is set, otherwise the whole. A raster is row by row; any other path needs the
 * coordinates, one line "column,row" for every frame.
 *
 * @throws FormatError a file beside it is not what its name says, or does not fit the movie
 */
export function movieNotes(movie: Bytes, frames: number): MovieNotes | undefined {
  const [, stem] = /^(.*?)(?:_\d+)?_movie\.[^.]*$/.exec(movie.name) ?? [];
  const longer = /^(.*)_movie\.[^.]*$/.exec(movie.name)?.[1];
  if (stem === undefined || longer === undefined) return undefined;
  const beside = (ending: string): Bytes | undefined =>
    movie.sibling(`${longer}${ending}`) ?? (stem === longer ? undefined : movie.sibling(`${stem}${ending}`));
  const info = beside("_info.txt");
  if (info === undefined) return undefined;
  const entries = closing(info, readInfo);
  const scan = recordedScan(entries);
  const coordinates = scan && beside("_scan_coordinates.csv");
  const order = scan && coordinates && closing(coordinates, (file) => readOrder(file, scan, frames));
  const path = entries.get("Scan - Type") ?? "Raster";
  const number = (key: string): number => Number(entries.get(key) ?? Number.NaN);
  const axis = (letter: string, name: string): Axis => {
    const step = number(`Specimen Pixel Size ${letter} (nanometers)`);
    return step > 0 ? scanAxis({ step, unit: "nm" }, name) : uncalibrated(name);
  };
  const known = (key: string, value: number): Record<string, number> => (value > 0 ? { [key]: value } : {});
  const said = (key: string, name: string): Record<string, string> => {
    const value = entries.get(name);
    return value ? { [key]: value } : {};
  };
  return {
    scan: path === "Raster" || order ? scan : undefined,
    order,
    axes: [axis("Y", "y"), axis("X", "x")],
    metadata: {
      detector: `Direct Electron ${entries.get("Camera Model") ?? ""}`.trim(),
      ...known("energy [eV]", number("Instrument Accelerating Voltage (V)")),
      ...known("exposure [s]", number("Frame Time (nanoseconds)") * 1e-9),
      // The unit of this one is not recorded, so it does not become an axis.
      ...known("recorded diffraction pixel size", number("Diffraction Pixel Size X")),
      ...said("scan path", "Scan - Type"),
      ...said("recording mode", "Image Processing - Mode"),
      ...said("flat field", "Image Processing - Flatfield Correction"),
    },
  };
}

function closing<T>(file: Bytes, read: (file: Bytes) => T): T {
  try {
    return read(file);
  } finally {
    file.close();
  }
}

/** Lines "name = value". */
function readInfo(file: Bytes): ReadonlyMap<string, string> {
  const entries = new Map<string, string>();
  for (const line of text.decode(file.read(0, Math.min(file.size, mostInfoBytes))).split(/\r?\n/)) {
    const at = line.indexOf("=");
    if (at > 0) entries.set(line.slice(0, at).trim(), line.slice(at + 1).trim());
  }
  if (entries.size === 0) {
    throw new FormatError(
      `${file.name}: expected lines of the form "name = value" as beside Direct Electron movies, found none; rename it to open the movie without it`,
      { file: file.name },
    );
  }
  return entries;
}

function recordedScan(entries: ReadonlyMap<string, string>): Size | undefined {
  const size = (kind: string): Size | undefined => {
    const [rows, columns] = [Number(entries.get(`${kind} Y`)), Number(entries.get(`${kind} X`))];
    return Number.isInteger(rows) && Number.isInteger(columns) && rows > 0 && columns > 0 ? [rows, columns] : undefined;
  };
  if (entries.get("Scan - Enable") === "Disable") return undefined;
  return entries.get("Scan - ROI Enable") === "Enable" ? size("Scan - ROI Size") : size("Scan - Size");
}

function readOrder(file: Bytes, scan: Size, frames: number): Int32Array {
  const damaged = (what: string): FormatError =>
    new FormatError(`${file.name}: ${what}; rename it to open the movie without it`, { file: file.name });
  if (file.size > mostCoordinateBytes)
    throw damaged(`expected at most ${mostCoordinateBytes} bytes, found ${file.size}`);
  const lines = text
    .decode(file.read(0, file.size))
    .trim()
    .split(/\s*\r?\n\s*/);
  if (lines.length !== frames) throw damaged(`expected one line for each of ${frames} frames, found ${lines.length}`);
  if (area(scan) > 64 * frames)
    throw damaged(`expected points of a scan of ${frames} frames, found one of ${scan.join("×")}`);
  const order = new Int32Array(area(scan)).fill(-1);
  for (const [frame, line] of lines.entries()) {
    const [, column, row] = /^(\d{1,7})\s*,\s*(\d{1,7})$/.exec(line) ?? [];
    if (column === undefined || row === undefined || Number(column) >= scan[1] || Number(row) >= scan[0]) {
      throw damaged(
        `expected "column,row" inside ${scan.join("×")} positions in line ${frame + 1}, found "${line.slice(0, 40)}"`,
      );
    }
    const position = Number(row) * scan[1] + Number(column);
    if (order[position]! < 0) order[position] = frame;
  }
  return order;
}
