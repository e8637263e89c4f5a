import { ShapeError } from "../scan/errors.ts";
import { area } from "../scan/scan.ts";
import { bytesPer, type PatternSource, uncalibrated } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { OpenOptions } from "./format.ts";
import { framesIn, framesSource, plainNumbers } from "./frames.ts";
import { readAs, storedPart, unpack } from "./stored-numbers.ts";
import { readDescription } from "./tiff-description.ts";
import { layoutOf, readPixels, type TiffLayout } from "./tiff-layout.ts";
import { pageAt, readPages, type TiffFile, textOf, valueOr } from "./tiff-pages.ts";
import { detectorAxis, recordedSteps } from "./units.ts";

/**
 * TIFF and BigTIFF stacks, one grey pattern a page: strips or tiles, uncompressed, deflate, LZW or PackBits.
 *
 * The scan size is `shape`, or what the description says: ImageJ's frames and slices, OME's sizes, tifffile's shape. Pages are
 * checked when the file is opened; packed blocks when they are read.
 *
 * @see TIFF 6.0 (1992); BigTIFF; tiff-pages.ts, tiff-layout.ts, tiff-codecs.ts, tiff-description.ts
 */
export async function openTiff(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  let first: TiffLayout | undefined;
  let description = readDescription("", [0, 0]);
  /** Where the numbers of each page start, NaN where they do not lie row by row. */
  const starts: number[] = [];
  const file = readPages(bytes, (tiffFile, page) => {
    const layout = layoutOf(tiffFile, page);
    if (first === undefined) {
      first = layout;
      const resolution = [valueOr(tiffFile, page, 283, 0), valueOr(tiffFile, page, 282, 0)] as const;
      description = readDescription(textOf(tiffFile, page, 270), resolution);
    }
    checkAlike(bytes, first, layout, starts.length);
    starts.push(startOf(layout));
  });
  if (first === undefined) {
    throw new ShapeError(`${bytes.name}: expected at least one page, found none`, { expected: "≥ 1", got: 0 });
  }
  const layout: TiffLayout = first;
  const { pixels, stored } = layout;
  const frameBytes = area(pixels) * stored.bytes;
  // ImageJ writes one page for all its images where 32-bit offsets do not reach the others.
  const promised = starts.length === 1 && !Number.isNaN(starts[0]) ? (description.images ?? 1) : starts.length;
  const stride = starts.length > 1 ? starts[1]! - starts[0]! : frameBytes;
  const even = stride >= frameBytes && starts.every((start, index) => start === starts[0]! + index * stride);
  const frames = even ? Math.min(promised, framesIn(bytes, starts[0]!, stride, frameBytes)) : starts.length;
  const axes = description.axes ?? {
    positions: [uncalibrated("y"), uncalibrated("x")],
    pixels: [detectorAxis(description.pixels[0], "ky"), detectorAxis(description.pixels[1], "kx")],
  };
  const source = framesSource(bytes, options, {
    format: "tiff",
    parts: [{ bytes, offset: starts[0]!, frames }],
    stride,
    frameBytes,
    pixels,
    ...plainNumbers(stored),
    recorded: description.images === promised ? description.positions : undefined,
    axes,
    metadata: {
      ...(description.writer ? { "described by": description.writer } : {}),
      ...(description.axes ? {} : recordedSteps([{}, {}, ...description.pixels], [...axes.positions, ...axes.pixels])),
    },
  });
  if (even) return source;
  return { ...source, read: async (position, count, into) => readRange(file, layout, position, count, into) };
}

/** Where a pattern's numbers start, if they are not packed and follow row by row. */
function startOf({ offsets, block, stored, compression, tiled }: TiffLayout): number {
  const strip = area(block) * stored.bytes;
  const joined = offsets.every((offset, index) => offset === offsets[0]! + index * strip);
  return compression === 1 && !tiled && joined ? offsets[0]! : Number.NaN;
}

function checkAlike(bytes: Bytes, first: TiffLayout, page: TiffLayout, index: number): void {
  const of = ({ pixels, stored }: TiffLayout): string => `${pixels.join("×")} ${readAs(stored)}`;
  if (of(first) === of(page)) return;
  throw new ShapeError(
    `${bytes.name}: expected all pages of ${of(first)} like the first, found ${of(page)} at page ${index}; save the patterns as a stack of their own`,
    { expected: of(first), got: of(page) },
  );
}

function readRange(file: TiffFile, first: TiffLayout, position: number, count: number, into: Uint8Array): void {
  const pattern = area(first.pixels) * bytesPer[readAs(first.stored)];
  for (let index = 0; index < count; index++) {
    const target = into.subarray(index * pattern, (index + 1) * pattern);
    const offset = file.pages[position + index];
    if (offset === undefined) {
      target.fill(0);
      continue;
    }
    readPixels(file, layoutOf(file, pageAt(file, offset)), storedPart(first.stored, target));
    unpack(first.stored, target, file.bytes.name);
  }
}
