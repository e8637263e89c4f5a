import { FormatError, ShapeError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type Axes, type Axis, type PatternSource, uncalibrated } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import { scanAxis } from "./units.ts";

const headerBytes = 240;
const versionMark = 0x0102;

export interface BloHeader {
  readonly positions: Size;
  readonly pixels: Size;
  readonly axes: Axes;
  readonly metadata: Readonly<Record<string, string | number>>;
  /** Where the first pattern's mark stands. */
  readonly dataOffset: number;
}

/**
 * Reads the header of a block file (little-endian throughout).
 *
 * The detector step is recorded as pixels per cm on the detector. Where the camera length is recorded too, the step
 * becomes an angle, mrad per pixel = 1000 · (cm per pixel) / (camera length in cm), and the recorded step moves to the
 * metadata; otherwise it stays in cm.
 */
export function readHeader(bytes: Bytes, shape: Size | undefined): BloHeader {
  const damaged = (what: string, offset: number): FormatError =>
    new FormatError(`${bytes.name}: ${what}; the header is damaged`, { file: bytes.name, offset });
  if (bytes.size < headerBytes)
    throw damaged(`expected a header of ${headerBytes} bytes, found ${bytes.size}`, bytes.size);
  const header = bytes.read(0, headerBytes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const version = view.getUint16(6, true);
  if (version !== versionMark) {
    throw new UnsupportedError(
      `${bytes.name}: expected block file version 0x0102, found 0x${version.toString(16).padStart(4, "0")}`,
      {
        feature: `block file version ${version}`,
      },
    );
  }
  const imageOffset = view.getUint32(8, true);
  const dataOffset = view.getUint32(12, true);
  const side = view.getUint16(20, true);
  const recorded: Size = [view.getUint16(26, true), view.getUint16(24, true)];
  if (side === 0 || area(recorded) === 0) {
    throw damaged(`expected a scan and patterns of at least 1×1, found ${recorded.join("×")} and ${side}×${side}`, 20);
  }
  // The bright-field image lies before the patterns; some writers leave it out.
  if (imageOffset < headerBytes || dataOffset < imageOffset || dataOffset > bytes.size) {
    throw damaged(
      `expected image and patterns between byte ${headerBytes} and ${bytes.size}, found ${imageOffset} and ${dataOffset}`,
      8,
    );
  }
  const positions = shape ?? recorded;
  if (area(positions) !== area(recorded)) {
    throw new ShapeError(
      `${bytes.name}: --shape ${positions.join("x")} is ${area(positions)} positions, expected ${area(recorded)} (${recorded.join("×")})`,
      { expected: area(recorded), got: positions },
    );
  }

  const pixelsPerCm = view.getUint16(50, true) / 100;
  const cameraLength = view.getUint32(52, true) / 10; // mm
  const detector = detectorStep(pixelsPerCm, cameraLength);
  const nanometres = (offset: number, name: string): Axis =>
    shape === undefined || (shape[0] === recorded[0] && shape[1] === recorded[1])
      ? scanAxis({ step: view.getFloat64(offset, true), unit: "nm" }, name)
      : uncalibrated(name);
  const note = text(bytes.read(headerBytes, Math.min(imageOffset - headerBytes, 65536)));
  return {
    positions,
    pixels: [side, side],
    axes: {
      positions: [nanometres(38, "y"), nanometres(30, "x")],
      pixels: [
        { name: "ky", ...detector, origin: 0 },
        { name: "kx", ...detector, origin: 0 },
      ],
    },
    metadata: {
      ...known("energy [eV]", view.getUint32(46, true)),
      ...known("camera length [mm]", cameraLength),
      ...(pixelsPerCm > 0 ? { "detector step [cm]": 1 / pixelsPerCm } : {}),
      ...known("scan rotation [°]", view.getUint16(28, true) / 100),
      ...known("pattern rotation", view.getUint16(22, true)),
      ...(note === "" ? {} : { note }),
    },
    dataOffset,
  };
}

/** Camera lengths outside 1 cm … 100 m are left-overs of other software, and say nothing. */
function detectorStep(pixelsPerCm: number, cameraLength: number): { step: number; unit: string } {
  if (pixelsPerCm === 0) return { step: 1, unit: "px" };
  if (cameraLength < 10 || cameraLength > 1e5) return { step: 1 / pixelsPerCm, unit: "cm" };
  return { step: 1e4 / (pixelsPerCm * cameraLength), unit: "mrad" };
}

const known = (key: string, value: number): Record<string, number> => (value > 0 ? { [key]: value } : {});

function text(latin1: Uint8Array): string {
  const end = latin1.indexOf(0);
  return new TextDecoder("latin1")
    .decode(end < 0 ? latin1 : latin1.subarray(0, end))
    .trim()
    .replace(/\s*\r?\n\s*/g, "; ");
}

/** The header, the note and the gap up to the bright-field image at byte 4096, as block files have it. */
export function bloHeader({ positions, pixels, axes, metadata }: PatternSource): Uint8Array {
  const imageOffset = 0x1000;
  const header = new Uint8Array(imageOffset);
  const view = new DataView(header.buffer);
  const number = (key: string): number => (typeof metadata[key] === "number" ? (metadata[key] as number) : 0);
  // 0 says "unknown", here and to HyperSpy; any other number would claim a calibration.
  const nanometres = (axis: Axis): number => (axis.unit === "nm" ? axis.step : 0);
  const whole = (value: number, most: number): number => (value >= 0 && value <= most ? Math.round(value) : 0);

  // An angle is written as a length at the recorded camera length, or at 1 m where none is recorded.
  const { step, unit } = axes.pixels[1];
  const cameraLength = number("camera length [mm]") || (unit === "mrad" ? 1000 : 0);
  const cm = unit === "mrad" ? (step * cameraLength) / 1e4 : unit === "cm" ? step : 0;
  const text = typeof metadata.note === "string" ? metadata.note : "";

  header.set(new TextEncoder().encode("IMGBLO"));
  view.setUint16(6, versionMark, true);
  view.setUint32(8, imageOffset, true);
  view.setUint32(12, imageOffset + area(positions), true);
  view.setUint16(20, pixels[0], true);
  view.setUint16(24, positions[1], true);
  view.setUint16(26, positions[0], true);
  view.setUint16(28, whole(number("scan rotation [°]") * 100, 0xffff), true);
  view.setFloat64(30, nanometres(axes.positions[1]), true);
  view.setFloat64(38, nanometres(axes.positions[0]), true);
  view.setUint32(46, whole(number("energy [eV]"), 0xffffffff), true);
  view.setUint16(50, cm > 0 ? whole(100 / cm, 0xffff) : 0, true);
  view.setUint32(52, whole(cameraLength * 10, 0xffffffff), true);
  header.set(
    Array.from(text.slice(0, imageOffset - headerBytes), (letter) =>
      letter.charCodeAt(0) < 256 ? letter.charCodeAt(0) : 0x3f,
    ),
    headerBytes,
  );
  return header;
}
