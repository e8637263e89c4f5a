import { ShapeError } from "../scan/errors.ts";
import { area } from "../scan/scan.ts";
import { bytesPer, type PatternSource, uncalibrated } from "../scan/source.ts";
import type { Bytes } from "./bytes.ts";
import type { Format, OpenOptions } from "./format.ts";
import { framesIn, framesSource, plainNumbers } from "./frames.ts";
import { readAs, storedPart, unpack } from "./stored-numbers.ts";
import { readDescription, type TiffDescription } from "./tiff-description.ts";
import { layoutOf, readPixels, type TiffLayout } from "./tiff-layout.ts";
import { isTiff, pageAt, readPages, type TiffFile, textOf, valueOr } from "./tiff-pages.ts";
import { detectorAxis, recordedSteps } from "./units.ts";

/**
 * TIFF and BigTIFF stacks, one grey pattern a page: strips or tiles, uncompressed, deflate, LZW or PackBits.
 *
 * The scan size is `shape`, or what the description says: ImageJ's frames and slices, OME's sizes, tifffile's shape. Pages are
 * checked when the file is opened; packed blocks when they are read.
 *
 * @see TIFF 6.0 (1992); BigTIFF; tiff-pages.ts, tiff-layout.ts, tiff-codecs.ts, tiff-description.ts
 */
export const tiff: Format = {
  name: "tiff",
  describes: "TIFF or BigTIFF stack (.tif)",
  extension: ".tif",
  recognise: (_, head) => isTiff(head),
  open,
};

async function open(bytes: Bytes, options: OpenOptions): Promise<PatternSource> {
  const file = readPages(bytes);
  const [first] = file.pages;
  if (first === undefined) {
    throw new ShapeError(`${bytes.name}: expected at least one page, found none`, { expected: "≥ 1", got: 0 });
  }
  const page = pageAt(file, first);
  const layout = layoutOf(file, page);
  const resolution = [valueOr(file, page, 283, 0), valueOr(file, page, 282, 0)] as const;
  const description = readDescription(textOf(file, page, 270), resolution);
  for (const [index, offset] of file.pages.entries())
    checkAlike(bytes, layout, layoutOf(file, pageAt(file, offset)), index);

  const onePage = inOnePage(file, layout, description);
  const frames = onePage ? description.images! : file.pages.length;
  const { pixels, stored } = layout;
  const frameBytes = area(pixels) * stored.bytes;
  const axes = {
    positions: [uncalibrated("y"), uncalibrated("x")],
    pixels: [detectorAxis(description.pixels[0], "ky"), detectorAxis(description.pixels[1], "kx")],
  } as const;
  const source = framesSource(bytes, options, {
    format: "tiff",
    parts: [
      {
        bytes,
        offset: layout.offsets[0]!,
        frames: onePage ? Math.min(frames, framesIn(bytes, layout.offsets[0]!, frameBytes)) : frames,
      },
    ],
    stride: frameBytes,
    frameBytes,
    pixels,
    ...plainNumbers(stored),
    recorded: description.images === frames ? description.positions : undefined,
    axes,
    metadata: {
      ...(description.writer ? { "described by": description.writer } : {}),
      ...recordedSteps([{}, {}, ...description.pixels], [...axes.positions, ...axes.pixels]),
    },
  });
  return onePage
    ? source
    : { ...source, read: async (position, count, into) => readRange(file, layout, position, count, into) };
}

/** Whether images follow the only page without pages of their own: what ImageJ writes beyond 4 GiB. */
function inOnePage({ pages }: TiffFile, layout: TiffLayout, { images = 1 }: TiffDescription): boolean {
  const { offsets, compression, tiled, lengths } = layout;
  const joined = offsets.every((offset, index) => index === 0 || offset === offsets[index - 1]! + lengths[index - 1]!);
  return pages.length === 1 && images > 1 && compression === 1 && !tiled && joined;
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
