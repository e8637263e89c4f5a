import { FormatError, UnsupportedError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";
import { readHeader } from "./npy-header.ts";
import type { RecordedAxis } from "./units.ts";
import type { ZipMember } from "./zip.ts";

const mostText = 16 * 2 ** 20;

/** What a PantaRhei file says about its data. */
export interface PantaRhei {
  /** One for each axis of the array, in NumPy's order; empty where it says nothing. */
  readonly axes: readonly RecordedAxis[];
  readonly metadata: Readonly<Record<string, string | number>>;
}

/**
 * What a PantaRhei file says about its data: `meta_data_json` is a NumPy string that holds a JSON list with one object.
 *
 * Its `device.calib` lists the axes from the fastest on: a step is `value` · `pixel_factor`, an origin `offset` · `value`.
 *
 * @param dimensions  of the array that is the scan
 * @returns undefined where the archive has no such member: not a PantaRhei file
 * @throws FormatError       the text is damaged
 * @throws UnsupportedError  the scan's axes are the fastest ones: the array holds an image for each pixel of the camera
 * @see RosettaSciIO, which reads the calibration so; its authors had files of many kinds
 */
export function pantaRhei(
  bytes: Bytes,
  members: ReadonlyMap<string, ZipMember>,
  dimensions: number,
): PantaRhei | undefined {
  const member = members.get("meta_data_json.npy");
  if (member === undefined) return undefined;
  const described = jsonObject(textOf(member.open()));
  if (described === undefined) {
    throw new FormatError(`${bytes.name}: expected text with a JSON list in meta_data_json, found something else`, {
      file: bytes.name,
      object: "meta_data_json",
    });
  }
  const number = (key: string): number | undefined => {
    const value = described[key];
    return typeof value === "number" && Number.isFinite(value) ? value : undefined;
  };
  const energy = number("electron_gun.voltage");
  const cameraLength = number("projector.camera_length");
  const comment = described.comment;
  const types = described["content.types"];
  if (Array.isArray(types) && types.slice(0, 2).some((type) => /^Scan[XY]$/.test(String(type)))) {
    const order = types.join(", ");
    throw new UnsupportedError(
      `${bytes.name}: expected the scan's axes before those of the camera, found ${order} from the fastest on; export it the other way round`,
      { feature: "order of axes" },
    );
  }
  const calibration: unknown = described["device.calib"];
  const listed: readonly unknown[] = Array.isArray(calibration) ? calibration : [];
  return {
    axes: Array.from({ length: dimensions }, (_, axis) => recordedAxis(listed[dimensions - 1 - axis])),
    metadata: {
      ...(energy ? { "energy [eV]": energy } : {}),
      ...(cameraLength ? { "camera length [mm]": cameraLength * 1000 } : {}),
      ...(typeof comment === "string" && comment !== "" ? { note: comment } : {}),
      ...(listed.length > 0 ? { "recorded calibration": recordedCalibration(listed) } : {}),
    },
  };
}

function recordedAxis(calibration: unknown): RecordedAxis {
  if (typeof calibration !== "object" || calibration === null) return {};
  const { value, unit, offset = 0, pixel_factor: factor = 1 } = calibration as Record<string, unknown>;
  if (![value, offset, factor].every((each) => typeof each === "number") || typeof unit !== "string") return {};
  const step = Number(value);
  return { step: step * Number(factor), unit, origin: Number(offset) * step };
}

/** A NumPy string without dimensions: UTF-32 in either byte order, or Latin-1. */
function textOf(file: Bytes): string | undefined {
  const { type, shape, dataOffset } = readHeader(file);
  const [, order, letter, count] = /^([<>|=])([US])(\d{1,9})$/.exec(type) ?? [];
  const width = letter === "U" ? 4 : 1;
  const length = width * Number(count);
  if (count === undefined || shape.length !== 0 || length > mostText) return undefined;
  const contents = file.read(dataOffset, length);
  if (width === 1) return new TextDecoder("latin1").decode(contents);
  const view = new DataView(contents.buffer, contents.byteOffset, contents.byteLength);
  let text = "";
  for (let at = 0; at < length; at += 4) {
    const point = view.getUint32(at, order !== ">");
    if (point > 0x10ffff) return undefined;
    text += String.fromCodePoint(point);
  }
  return text;
}

function jsonObject(text: string | undefined): Record<string, unknown> | undefined {
  try {
    const parsed: unknown = JSON.parse((text ?? "").replace(/\0+$/, ""));
    const first: unknown = Array.isArray(parsed) ? parsed[0] : parsed;
    return typeof first === "object" && first !== null ? (first as Record<string, unknown>) : undefined;
  } catch {
    return undefined;
  }
}

const recordedCalibration = (axes: readonly unknown[]): string =>
  axes
    .filter((axis): axis is Record<string, unknown> => typeof axis === "object" && axis !== null)
    .slice(0, 4)
    .map(({ name, value, unit, pixel_factor: factor }) => `${name}: ${value} ${unit}, pixel factor ${factor}`)
    .join("; ");
