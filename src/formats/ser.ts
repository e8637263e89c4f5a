import { FormatError, UnsupportedError } from "../scan/errors.ts";
import { area, type Size } from "../scan/scan.ts";
import { type Axis, type PatternSource, uncalibrated } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import { emiMetadata } from "./emi.ts";
import type { OpenOptions } from "./format.ts";
import { type FramePlace, framesIn, framesSource, plainNumbers } from "./frames.ts";
import { elementBytes, readElement, readHeader, type SerElement } from "./ser-header.ts";
import { detectorAxis, type RecordedAxis, recordedSteps, scanAxis } from "./units.ts";

/**
 * FEI TIA's .ser: a series of images, each behind its own calibration and size; metadata come from the .emi beside it.
 *
 * Rows are stored from the bottom up, and are turned here, so that the first row is the top. A series over two dimensions is
 * a scan; over one, it needs `shape`. Every image's header is checked when the image is read.
 *
 * @see C. B. Boothroyd, "TIA file format", https://personal.ntu.edu.sg/cbb/info/TIAformat/index.html
 */
export async function openSer(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const header = readHeader(bytes);
  const { total, valid, dimensions } = header;
  if (valid < total && !options.allowIncomplete) {
    throw new FormatError(
      `${bytes.name}: expected ${total} images, found ${valid} recorded: the series stopped early; allow incomplete files to read the rest as zeros`,
      { file: bytes.name, offset: header.countOffset },
    );
  }
  if (valid === 0)
    throw new FormatError(`${bytes.name}: expected at least one image, found none`, { file: bytes.name });
  const { offset, stride } = spacing(bytes, header.offsets);
  const element = readElement(bytes, bytes.read(offset, elementBytes), offset);
  const frameBytes = elementBytes + area(element.pixels) * element.stored.bytes;
  if (frameBytes > stride || framesIn(bytes, offset, stride, frameBytes) < valid) {
    throw new FormatError(
      `${bytes.name}: expected ${valid} images of ${frameBytes} bytes, ${stride} apart from byte ${offset} on, but the file ends at byte ${bytes.size}: it is truncated`,
      { file: bytes.name, offset: bytes.size },
    );
  }
  const recorded = recordedSize(
    dimensions.map(({ size }) => size),
    total,
  );
  const positions = options.shape ?? recorded;
  const asRecorded = recorded !== undefined && positions?.[0] === recorded[0] && positions[1] === recorded[1];
  const scan: readonly RecordedAxis[] = asRecorded ? [dimensions[1]!, dimensions[0]!] : [{}, {}];
  const detector: readonly RecordedAxis[] = [inUnits(element.y), inUnits(element.x)];
  const named = (axis: RecordedAxis, name: string): Axis =>
    asRecorded ? scanAxis({ ...axis, name: undefined }, name) : uncalibrated(name);
  const axes = {
    positions: [named(scan[0]!, "y"), named(scan[1]!, "x")],
    pixels: [detectorAxis(detector[0]!, "ky"), detectorAxis(detector[1]!, "kx")],
  } as const;
  const plain = plainNumbers(element.stored, elementBytes);
  return framesSource(bytes, options, {
    format: "ser",
    parts: [{ bytes, offset, frames: valid }],
    stride,
    frameBytes,
    pixels: element.pixels,
    dtype: plain.dtype,
    decode: (frame, into, place) => {
      checkElement(bytes, element, frame, place);
      plain.decode(frame, into, place);
      turnUp(into, element.pixels[0]);
    },
    recorded,
    axes,
    metadata: {
      ...emiMetadata(bytes),
      ...recordedSteps([...scan, ...detector], [...axes.positions, ...axes.pixels]),
    },
  });
}

/** Images lie equally spaced, as TIA writes them, each behind the tag of the one before. */
function spacing(bytes: Bytes, offsets: Float64Array): { readonly offset: number; readonly stride: number } {
  const offset = offsets[0]!;
  const stride = offsets.length > 1 ? offsets[1]! - offset : bytes.size - offset;
  const uneven = offsets.findIndex((each, index) => each !== offset + index * stride);
  if (stride <= elementBytes || uneven >= 0) {
    throw new UnsupportedError(
      `${bytes.name}: expected images equally spaced from byte ${offset} on, found image ${Math.max(uneven, 1)} at byte ${offsets[Math.max(uneven, 1)] ?? bytes.size}; the file is damaged or was edited`,
      { feature: "unequally spaced images in .ser" },
    );
  }
  return { offset, stride };
}

/** Sizes are listed fastest first. */
function recordedSize(sizes: readonly number[], total: number): Size | undefined {
  const [columns, rows] = sizes;
  return sizes.length === 2 && rows! * columns! === total ? [rows!, columns!] : undefined;
}

/**
 * TIA writes no unit: images are in m, diffraction patterns in 1/m. No pixel of either is near 1, so the number tells.
 */
const inUnits = (axis: RecordedAxis): RecordedAxis => ({ ...axis, unit: Math.abs(axis.step ?? 0) > 1 ? "1/m" : "m" });

function checkElement(bytes: Bytes, first: SerElement, frame: Uint8Array, { frame: number, offset }: FramePlace): void {
  const { pixels, type } = readElement(bytes, frame, offset);
  if (type === first.type && pixels[0] === first.pixels[0] && pixels[1] === first.pixels[1]) return;
  throw new FormatError(
    `${bytes.name}: expected image ${number} of ${first.pixels.join("×")} and type ${first.type} like the first, found ${pixels.join("×")} and type ${type} at byte ${offset}`,
    { file: bytes.name, offset },
  );
}

/** Puts the rows of a pattern in reverse order. */
function turnUp(pattern: Uint8Array, rows: number): void {
  const row = pattern.length / rows;
  const kept = new Uint8Array(row);
  for (let top = 0, bottom = (rows - 1) * row; top < bottom; top += row, bottom -= row) {
    kept.set(pattern.subarray(top, top + row));
    pattern.copyWithin(top, bottom, bottom + row);
    pattern.set(kept, bottom);
  }
}
