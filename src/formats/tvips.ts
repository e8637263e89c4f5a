import { FormatError, ShapeError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type Axis, type PatternSource, uncalibrated, uncalibratedAxes } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { type FramesPart, framesIn, framesSource, plainNumbers } from "./frames.ts";
import { detectorAxis, scanAxis } from "./units.ts";

const headerBytes = 256;
const mostParts = 10000;
const pointAt = 48;

/**
 * Recordings of TVIPS cameras: `NAME_000.tvips`, continued in `NAME_001.tvips` and so on.
 *
 * Layout: a header of 256 bytes in the first file, then in every file frames, each behind its own header (12 bytes in version
 * 1, as long as the header says in version 2). The scan's size is not recorded. Frames may carry the number of the scan
 * point that they were recorded at, counted from 1: then these numbers say which frame belongs where.
 * Nothing marks a frame, so lost or added bytes are seen only by the length of the files.
 */
export async function openTvips(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const damaged = (what: string, offset: number): FormatError =>
    new FormatError(`${bytes.name}: ${what}; the header is damaged`, { file: bytes.name, offset });
  if (bytes.size < headerBytes)
    throw damaged(`expected a header of ${headerBytes} bytes, found ${bytes.size}`, bytes.size);
  const header = bytes.read(0, headerBytes);
  const view = new DataView(header.buffer, header.byteOffset, header.byteLength);
  const field = (index: number): number => view.getUint32(4 * index, true);
  const version = field(1);
  const pixels: Size = [field(3), field(2)];
  if (Math.min(...pixels) < 1 || Math.max(...pixels) > 65536) {
    throw damaged(`expected frames of 1×1 to 65536×65536, found ${pixels.join("×")}`, 8);
  }
  const numberBytes = field(4) / 8;
  if (numberBytes !== 1 && numberBytes !== 2) {
    throw new UnsupportedError(`${bytes.name}: expected 8 or 16 bit a pixel, found ${field(4)}`, {
      feature: `TVIPS recordings of ${field(4)} bit`,
    });
  }
  const lead = version === 1 ? 12 : field(12);
  if (lead < 12 || lead > 65536) throw damaged(`expected frame headers of 12 to 65536 bytes, found ${lead}`, 48);

  const stride = lead + area(pixels) * numberBytes;
  const parts = [{ bytes, offset: headerBytes, frames: framesIn(bytes, headerBytes, stride) }];
  try {
    parts.push(...continuations(bytes, parts[0]!, stride));
    const mode = lead >= 28 && parts[0]!.frames > 0 ? u32(bytes.read(headerBytes + 24, 4)) : 0;
    const order = options.shape && lead >= pointAt + 4 ? scanOrder(parts, stride, options.shape, options) : undefined;
    return framesSource(bytes, options, {
      format: "tvips",
      parts,
      stride,
      frameBytes: stride,
      pixels,
      ...plainNumbers({ kind: "unsigned", bytes: numberBytes, bigEndian: false }, lead),
      ...(order ? { order } : {}),
      axes: { ...uncalibratedAxes, pixels: [step(field(9), mode, "ky"), step(field(9), mode, "kx")] },
      metadata: {
        detector: "TVIPS",
        ...(field(10) > 0 ? { "energy [eV]": field(10) * 1000 } : {}),
        ...(field(11) > 0 ? { [mode === 1 ? "magnification" : "magnification or camera length"]: field(11) } : {}),
        ...(field(9) > 0 ? { "recorded pixel size": field(9) } : {}),
        binning: `${field(8)}×${field(7)}`,
        ...(parts.length > 1 ? { files: parts.length } : {}),
      },
    });
  } catch (error) {
    for (const part of parts) part.bytes.close();
    throw error;
  }
}

const u32 = (bytes: Uint8Array): number => new DataView(bytes.buffer, bytes.byteOffset).getUint32(0, true);

/**
 * The recorded pixel size is that of the camera in nm (some µm) or, where it is less than that, one of the pattern: 1/nm in
 * diffraction (mode 2), nm in imaging (mode 1).
 */
function step(recorded: number, mode: number, name: string): Axis {
  if (recorded === 0 || recorded >= 1000 || (mode !== 1 && mode !== 2)) return uncalibrated(name);
  return mode === 2
    ? detectorAxis({ step: recorded, unit: "1/nm" }, name)
    : scanAxis({ step: recorded, unit: "nm" }, name);
}

/** The files after the first. All but the last must end with a whole frame, or the frames behind would be shifted. */
function continuations(first: Bytes, { offset }: FramesPart, stride: number): FramesPart[] {
  const [, stem, digits, ending] = /^(.*?)(0+)(\.[^.]*)$/.exec(first.name) ?? [];
  if (stem === undefined || digits === undefined) return [];
  const named = (index: number): Bytes | undefined =>
    first.sibling(`${stem}${String(index).padStart(digits.length, "0")}${ending}`);
  const files: Bytes[] = [];
  try {
    for (let next = named(1); next !== undefined && files.length < mostParts; next = named(files.length + 1)) {
      files.push(next);
    }
    const beyond = named(files.length + 2);
    if (beyond !== undefined) {
      beyond.close();
      throw new FormatError(
        `${first.name}: expected its continuation number ${files.length + 1}, found only number ${files.length + 2}; a file is missing`,
        { file: first.name },
      );
    }
    for (const [index, file] of [first, ...files].slice(0, -1).entries()) {
      const rest = (file.size - (index === 0 ? offset : 0)) % stride;
      if (rest !== 0) {
        throw new FormatError(
          `${file.name}: expected whole frames of ${stride} bytes up to the next file, found ${rest} bytes more; the file is truncated`,
          { file: file.name, offset: file.size - rest },
        );
      }
    }
  } catch (error) {
    for (const file of files) file.close();
    throw error;
  }
  return files.map((file) => ({ bytes: file, offset: 0, frames: framesIn(file, 0, stride) }));
}

/**
 * The first frame of every scan point, where the frames carry points that are those of a scan: never falling, most of them
 * there, and more than a count of the frames, which says nothing. Otherwise undefined: frames are taken as they come.
 */
function scanOrder(
  parts: readonly FramesPart[],
  stride: number,
  shape: Size,
  options: OpenOptions,
): Int32Array | undefined {
  const points: number[] = [];
  for (const { bytes, offset, frames } of parts) {
    for (let index = 0; index < frames; index++) points.push(u32(bytes.read(offset + index * stride + pointAt, 4)));
  }
  const first = points[0] ?? 0;
  const last = points.at(-1) ?? 0;
  const positions = area(shape);
  const counted = first <= 1 && points.every((point, frame) => point === first + frame);
  const falling = points.some((point, frame) => frame > 0 && point < points[frame - 1]!);
  if ((counted && points.length <= positions) || falling || last > positions || last === 0) return undefined;
  const order = new Int32Array(positions).fill(-1);
  let seen = 0;
  for (const [frame, point] of points.entries()) {
    if (point === 0 || order[point - 1]! >= 0) continue;
    order[point - 1] = frame;
    seen++;
  }
  if (2 * seen < last) return undefined;
  if (seen < positions && !options.allowIncomplete) {
    const { name } = parts[0]!.bytes;
    throw new ShapeError(
      `${name}: --shape ${shape.join("x")} is ${positions} positions, but the frames carry ${seen} scan points up to ${last}; ` +
        "give their shape, or allow incomplete files to read the rest as zeros",
      { expected: last, got: shape },
    );
  }
  return order;
}
