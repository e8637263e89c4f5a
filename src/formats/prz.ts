import { FormatError } from "../scan/errors.ts";
import type { Bytes } from "./bytes.ts";
import { readHeader } from "./npy-header.ts";
import type { ZipMember } from "./zip.ts";

const mostText = 16 * 2 ** 20;

/**
 * What a PantaRhei file says about its data: `meta_data_json` is a NumPy string that holds a JSON list with one object.
 *
 * Its `device.calib` is left in the metadata as recorded: how it follows binning and cropping is not documented.
 *
 * @returns undefined where the archive has no such member: not a PantaRhei file
 * @throws FormatError the text is damaged
 */
export function pantaRheiMetadata(
  bytes: Bytes,
  members: ReadonlyMap<string, ZipMember>,
): Record<string, string | number> | undefined {
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
  const calibration = described["device.calib"];
  return {
    ...(energy ? { "energy [eV]": energy } : {}),
    ...(cameraLength ? { "camera length [mm]": cameraLength * 1000 } : {}),
    ...(typeof comment === "string" && comment !== "" ? { note: comment } : {}),
    ...(Array.isArray(calibration) ? { "recorded calibration": recordedCalibration(calibration) } : {}),
  };
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
