import { FormatError } from "../scan/errors.ts";
import type { Size } from "../scan/scan.ts";
import { type Axes, type PatternSource, uncalibrated } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import { companion } from "./companion.ts";
import type { OpenOptions } from "./format.ts";
import { framesIn, framesSource, plainNumbers } from "./frames.ts";
import { describesEmpad, empadName, empadStride, isEmpadNumbers, xmlText } from "./recognise.ts";
import { detectorAxis, scanAxis } from "./units.ts";

const side = 128;
const frameBytes = 4 * side * side;

/**
 * EMPAD of Cornell and Thermo Fisher: a `.raw` of bare numbers and an `.xml` that describes it.
 *
 * Layout: frames of 130×128 little-endian 32-bit floats without any header; the last two rows are not of the detector and are
 * dropped. Numbers alone cannot be recognised, so a `.raw` is taken for an EMPAD one when it holds whole frames of that size,
 * or is named as the camera names it (scan_x64_y32.raw). Either of the two files may be opened.
 */
export async function openEmpad(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  if (isEmpadNumbers(bytes)) {
    const description = companion(bytes, ".xml");
    try {
      const text = description && xmlText(description);
      return recording(bytes, bytes, text !== undefined && describesEmpad(text) ? text : undefined, options);
    } finally {
      description?.close();
    }
  }
  const text = xmlText(bytes);
  const [, name = ""] = /<raw_file\s+filename\s*=\s*"([^"]*)"/.exec(text) ?? [];
  // Recorded paths are of the camera's computer; the file itself lies beside.
  const raw = bytes.sibling(name.replace(/^.*[\\/]/, "") || ".") ?? companion(bytes, ".raw");
  if (raw === undefined) {
    throw new FormatError(
      `${bytes.name}: expected the recording ${name || "(.raw)"} beside this description, found none`,
      {
        file: bytes.name,
      },
    );
  }
  try {
    return recording(bytes, raw, text, options);
  } catch (error) {
    raw.close();
    throw error;
  }
}

function recording(opened: Bytes, raw: Bytes, xml: string | undefined, options: OpenOptions): PatternSource {
  const value = (tag: string): string | undefined => {
    const escaped = tag.replace(/\./g, "\\.");
    return new RegExp(`<${escaped}>\\s*([^<]*?)\\s*</${escaped}>`).exec(xml ?? "")?.[1];
  };
  const number = (tag: string): number | undefined => {
    const found = Number(value(tag) || Number.NaN);
    return Number.isFinite(found) ? found : undefined;
  };
  const known = (key: string, found: number | undefined, factor = 1): Record<string, number> =>
    found === undefined ? {} : { [key]: found * factor };
  const size = recordedScan(opened, raw, number("pix_y"), number("pix_x"), xml !== undefined);
  return framesSource(opened, options, {
    format: "empad",
    parts: [{ bytes: raw, offset: 0, frames: framesIn(raw, 0, empadStride) }],
    stride: empadStride,
    frameBytes,
    pixels: [side, side],
    ...plainNumbers({ kind: "float", bytes: 4, bigEndian: false }),
    recorded: size,
    axes: calibration(value, number, options.shape ? undefined : size),
    metadata: {
      detector: "EMPAD",
      ...known("energy [eV]", number("source.get_voltage")),
      ...known("exposure [s]", number("exposure_time"), 1e-3),
      ...known("camera length [mm]", number("optics.get_cameralength"), 1000),
      ...known("scan rotation [°]", number("column.get_scanrotation")),
      ...known("recorded pixel angle [mrad]", number("calibrated_diffraction_angle"), 1000),
    },
  });
}

/** From the description; without one, from the name that the camera gives. */
function recordedScan(opened: Bytes, raw: Bytes, rows = 0, columns = 0, described: boolean): Size | undefined {
  if (described && !(Number.isInteger(rows) && Number.isInteger(columns) && rows >= 0 && columns >= 0)) {
    throw new FormatError(`${opened.name}: expected whole numbers in pix_x and pix_y, found ${columns} and ${rows}`, {
      file: opened.name,
    });
  }
  if (rows > 0 && columns > 0) return [rows, columns];
  const named = described ? null : empadName.exec(raw.name);
  return named ? [Number(named[2]), Number(named[1])] : undefined;
}

function calibration(
  value: (tag: string) => string | undefined,
  number: (tag: string) => number | undefined,
  size: Size | undefined,
): Axes {
  const [width, height] =
    /^\[([^,\]]+),([^\]]+)\]$/.exec(value("optics.get_full_scan_field_of_view") ?? "")?.slice(1) ?? [];
  const field = (metres: string | undefined, steps: number | undefined, name: string) =>
    metres && steps ? scanAxis({ step: Number(metres) / steps, unit: "m" }, name) : uncalibrated(name);
  // Recorded per metre, meant per nanometre: 1.8e-10 is 0.18 1/nm. The origin is the middle of the detector.
  const step = (number("calibrated_pixelsize") ?? 0) * 1e9;
  const across = (name: string) => detectorAxis({ step, unit: "1/nm", origin: (-side / 2) * step }, name);
  return {
    positions: [field(height, size?.[0], "y"), field(width, size?.[1], "x")],
    pixels: [across("ky"), across("kx")],
  };
}
